import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { listProcesses, startPreview } from "../support/pulumiCli";
import { writeYamlProject } from "../support/yamlProject";
import { findMarker, findSignature, MARKERS } from "./markers";

const GROUP = { groupId: demo.uredisGroupId };
/** The engine's own words for a value that it hands to a plugin or gets from one, which it logs from level 9 on. */
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
/** Without the explicit provider, for keys that Pulumi never sees. */
const PROGRAM_WITHOUT_KEYS = {
  ...PROGRAM,
  resources: { pin: { type: "ucloud-redis:URedisBackupPin", properties: GROUP } },
};

describe("keys on the real engine", function () {
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

  /** Runs all that a stack lives through, with all the engine can say, and returns what it said. */
  async function liveThrough({ stack, simulator }: SimulatedStack, logVerbosity: number): Promise<string> {
    let said = "";
    const options = {
      debug: true,
      logVerbosity,
      logToStdErr: true,
      onOutput: (text: string) => (said += text),
      onError: (text: string) => (said += text),
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
    return `${said}\n${outputs}`;
  }

  function assertNothingIn(text: string): void {
    for (const line of text.split("\n")) {
      assert.equal(findMarker(line), undefined);
      assert.equal(line.includes("ignature") ? findSignature(line) : undefined, undefined);
    }
  }

  it("from secret config show nowhere but where the engine traces, from level 9 on, what it hands to providers", async () => {
    const started = await startWithConfig();
    const lines = (await liveThrough(started, 9)).split("\n");
    assert.ok(lines.some((line) => ENGINE_TRACE.test(line)));
    assertNothingIn(lines.filter((line) => !ENGINE_TRACE.test(line)).join("\n"));
    assertNothingIn(readAll(started.folder));
  });

  it("from the environment show nowhere at all, at any level, nor in PULUMI_DEBUG_GRPC", async () => {
    const started = await start(PROGRAM_WITHOUT_KEYS);
    const { stack, folder } = started;
    const calls = path.join(folder, "calls.json");
    Object.assign(stack.workspace.envVars, {
      UCLOUD_PUBLIC_KEY: MARKERS.publicKey,
      UCLOUD_PRIVATE_KEY: MARKERS.privateKey,
      UCLOUD_SECURITY_TOKEN: MARKERS.securityToken,
      PULUMI_DEBUG_GRPC: calls,
    });
    assertNothingIn(await liveThrough(started, 11));
    assert.match(fs.readFileSync(calls, "utf8"), /ResourceProvider\/Invoke/);
    assertNothingIn(readAll(folder));
  });

  it("are in the command line of no process while a lookup runs", async function () {
    if (process.platform !== "linux") this.skip();
    const { stack, simulator, folder } = await startWithConfig();
    simulator.injectFault({ kind: "hang", times: Infinity });
    const preview = startPreview(stack);
    while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const lines = [...listProcesses(folder).values()];
    assert.ok(lines.length >= 2, "the CLI and the plugin run");
    for (const line of lines) assert.equal(findMarker(line), undefined);
    preview.child.kill("SIGINT");
    assertNothingIn(await preview.ended);
  });
});

/** All that is in the files of a folder, with their names. */
function readAll(folder: string): string {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.includes("history")));
  return files.map((file) => `${file}\n${fs.readFileSync(file, "latin1")}`).join("\n");
}
