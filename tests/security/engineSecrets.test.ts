import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { listProcesses, startPreview } from "../support/pulumiCli";
import { until } from "../support/until";
import { writeYamlProject } from "../support/yamlProject";
import { findMarker, findSignature, MARKERS } from "./markers";

const GROUP = { groupId: demo.uredisGroupId };
/**
 * The engine's log of a value that it sends to a provider or receives from one, which it writes from level 9
 * on.
 */
const ENGINE_TRACE =
  /"msg":"(Unm|M)arshaling property for RPC\[(Provider\[\w+\]\.(CheckConfig|Configure)\(|ResourceMonitor\.RegisterResource\(pulumi:providers:).*"v":9\}$/;
const PROGRAM = {
  resources: {
    explicit: {
      type: "pulumi:providers:ucloud-redis",
      properties: {
        publicKey: "${ucloud-redis:publicKey}",
        privateKey: "${ucloud-redis:privateKey}",
        securityToken: "${ucloud-redis:securityToken}",
        baseUrl: "${ucloud-redis:baseUrl}",
        region: demo.region,
      },
    },
    pin: { type: "ucloud-redis:URedisBackupPin", properties: GROUP, options: { provider: "${explicit}" } },
  },
  variables: { found: { "fn::invoke": { function: "ucloud-redis:getURedisBackups", arguments: GROUP } } },
  outputs: { found: "${found}", pin: "${pin}" },
};
/** Without the explicit provider, for keys that Pulumi does not know. */
const PROGRAM_WITHOUT_KEYS = {
  ...PROGRAM,
  resources: { pin: { type: "ucloud-redis:URedisBackupPin", properties: GROUP } },
};

describe("keys under the Pulumi CLI", function () {
  this.timeout(120_000);
  let running: SimulatedStack | undefined;

  before(requireEngine);
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  async function start(program: object): Promise<SimulatedStack> {
    const project = writeYamlProject(program);
    try {
      running = await startSimulatedStack({ projectFolder: project.folder, simulator: MARKERS });
      await running.stack.removeAllConfig(["ucloud-redis:publicKey", "ucloud-redis:privateKey"]);
      return running;
    } finally {
      project.remove();
    }
  }

  async function startWithConfig(): Promise<SimulatedStack> {
    const started = await start(PROGRAM);
    const keys = Object.entries(MARKERS).map(([name, value]) => [name, { value, secret: true }] as const);
    await started.stack.setAllConfig(
      Object.fromEntries(keys.map(([name, value]) => [`ucloud-redis:${name}`, value])),
    );
    return started;
  }

  /** Runs every operation of a stack with the engine's debug log, and returns the whole output. */
  async function runAll({ stack, simulator }: SimulatedStack, logVerbosity: number): Promise<string> {
    let output = "";
    const append = (text: string): string => (output += text);
    const options = {
      debug: true,
      logVerbosity,
      logToStdErr: true,
      onOutput: append,
      onError: append,
    };
    await stack.up(options);
    await stack.refresh(options);
    simulator.injectFault({
      kind: "retCode",
      retCode: 171,
      message: ({ parameters }) => `${JSON.stringify(parameters)}${MARKERS.privateKey}`,
      times: Infinity,
    });
    await assert.rejects(stack.preview(options), /\[Unauthorized\]/);
    simulator.clearFaults();
    const outputs = JSON.stringify(await stack.outputs());
    assert.match(outputs, /backupId/);
    await stack.destroy(options);
    return `${output}\n${outputs}`;
  }

  function assertNothingIn(text: string): void {
    for (const line of text.split("\n")) {
      assert.equal(findMarker(line), undefined);
      assert.equal(line.includes("ignature") ? findSignature(line) : undefined, undefined);
    }
  }

  it("from secret config show only in the engine's own trace of provider settings, from log level 9 on", async () => {
    const started = await startWithConfig();
    const lines = (await runAll(started, 9)).split("\n");
    assert.ok(lines.some((line) => ENGINE_TRACE.test(line)));
    assertNothingIn(lines.filter((line) => !ENGINE_TRACE.test(line)).join("\n"));
    assertNothingIn(readAll(started.folder));
  });

  it("from the environment show nowhere, at any log level, nor in PULUMI_DEBUG_GRPC", async () => {
    const started = await start(PROGRAM_WITHOUT_KEYS);
    const { stack, folder } = started;
    const calls = path.join(folder, "calls.json");
    Object.assign(stack.workspace.envVars, {
      UCLOUD_PUBLIC_KEY: MARKERS.publicKey,
      UCLOUD_PRIVATE_KEY: MARKERS.privateKey,
      UCLOUD_SECURITY_TOKEN: MARKERS.securityToken,
      PULUMI_DEBUG_GRPC: calls,
    });
    assertNothingIn(await runAll(started, 11));
    assert.match(fs.readFileSync(calls, "utf8"), /ResourceProvider\/Invoke/);
    assertNothingIn(readAll(folder));
  });

  it("are in no process's command line during a lookup", async function () {
    if (process.platform !== "linux") this.skip();
    const { stack, simulator, folder } = await startWithConfig();
    simulator.injectFault({ kind: "hang", times: Infinity });
    const preview = startPreview(stack);
    await until(() => simulator.requests.length > 0);
    const lines = [...listProcesses(folder).values()];
    assert.ok(lines.length >= 2, "the CLI and the plugin run");
    for (const line of lines) assert.equal(findMarker(line), undefined);
    preview.child.kill("SIGINT");
    assertNothingIn(await preview.ended);
  });
});

/** Returns the names and contents of all files in a folder. */
function readAll(folder: string): string {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.includes("history")));
  return files.map((file) => `${file}\n${fs.readFileSync(file, "latin1")}`).join("\n");
}
