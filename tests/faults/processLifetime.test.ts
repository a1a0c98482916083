import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { listProcesses, startPreview, until } from "../support/pulumiCli";
import { writeYamlProject } from "../support/yamlProject";

const PLUGIN = /pulumi-resource-ucloud-redis/;
const GROUP = { groupId: demo.uredisGroupId };

const LOOKUP = {
  variables: {
    found: { "fn::invoke": { function: "ucloud-redis:getLatestURedisBackup", arguments: GROUP } },
  },
  outputs: { backupId: "${found.backupId}" },
};
const PIN = {
  resources: { pin: { type: "ucloud-redis:URedisBackupPin", properties: GROUP } },
  outputs: { backupId: "${pin.backupId}" },
};
const BACKUP_ID = /backupId *: "[0-9a-f-]{36}"/;

describe("the plugin's life on the real engine", function () {
  this.timeout(60_000);
  let running: SimulatedStack | undefined;
  /** Resolves when the first lookup is at the API. */
  let arrival: Promise<void>;

  before(function () {
    if (process.platform !== "linux") this.skip();
  });
  before(requireEngine);
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  async function start(program: object): Promise<SimulatedStack> {
    let onArrival: () => void = () => undefined;
    arrival = new Promise((resolve) => (onArrival = resolve));
    const project = writeYamlProject(program);
    try {
      return (running = await startSimulatedStack({
        projectFolder: project.folder,
        simulator: { onRequest: () => onArrival() },
        config: { "ucloud-redis:timeoutSeconds": "600" },
      }));
    } finally {
      project.remove();
    }
  }

  for (const [title, program, signal] of [
    ["Ctrl-C during a lookup", LOOKUP, "SIGINT"],
    ["Ctrl-C while a pin looks for its backup", PIN, "SIGINT"],
    ["SIGTERM during a lookup", LOOKUP, "SIGTERM"],
  ] as const) {
    it(`ends a preview within 2 s of ${title}, and leaves no process`, async () => {
      const { stack, simulator, folder } = await start(program);
      simulator.injectFault({ kind: "hang", times: Infinity });
      const preview = startPreview(stack);
      await arrival;
      assert.ok(listPlugins(folder).length > 0);
      const interruptedAt = performance.now();
      preview.child.kill(signal);
      const output = await preview.ended;
      await until(() => listProcesses(folder).size === 0);
      const ms = performance.now() - interruptedAt;
      assert.ok(ms < 2000, `ended after ${ms} ms\n${output}`);
      assert.notEqual(preview.child.exitCode, 0);
      assert.ok(simulator.requests.every(({ abandoned }) => abandoned));
      assert.doesNotMatch(output, /panic|always a bug|\n\s+at /);
    });
  }

  it("ends within a second of the engine's being killed", async () => {
    const { stack, simulator, folder } = await start(LOOKUP);
    simulator.injectFault({ kind: "hang", times: Infinity });
    const preview = startPreview(stack);
    await arrival;
    assert.ok(listPlugins(folder).length > 0);
    const killedAt = performance.now();
    preview.child.kill("SIGKILL");
    await until(() => listPlugins(folder).length === 0);
    const ms = performance.now() - killedAt;
    assert.ok(ms < 1000, `left after ${ms} ms`);
    await preview.ended;
  });

  it("is one process for each provider of a program, each with its own settings", async () => {
    const others: Simulator[] = [];
    try {
      for (const publicKey of ["one", "two"]) others.push(await startSimulator({ publicKey }));
      const providers = others.map(({ url, publicKey }, index): [string, object] => {
        // By reference, as all simulators have the same: a key in a project's file would be in the clear.
        const privateKey = "${ucloud-redis:privateKey}";
        const properties = { baseUrl: url, publicKey, privateKey, region: demo.region };
        return [`provider${index}`, { type: "pulumi:providers:ucloud-redis", properties }];
      });
      const pins = providers.map(([name]): [string, object] => {
        const options = { provider: `\${${name}}` };
        return [`pin-${name}`, { type: "ucloud-redis:URedisBackupPin", properties: GROUP, options }] as const;
      });
      const { stack, simulator } = await start({
        ...LOOKUP,
        resources: Object.fromEntries([...providers, ...pins]),
      });
      const output = await startPreview(stack).ended;
      assert.match(output, BACKUP_ID);
      for (const each of [simulator, ...others]) {
        const keys = new Set(each.requests.map(({ parameters }) => parameters["PublicKey"]));
        assert.deepEqual([...keys], [each.publicKey]);
        assert.ok(each.requests.every(({ retCode }) => retCode === 0));
      }
    } finally {
      await Promise.all(others.map((each) => each.close()));
    }
  });

  describe("in attach mode", () => {
    let plugin: PluginProcess;

    beforeEach(async () => (plugin = await startPlugin()));
    afterEach(() => plugin.stop());

    it("outlives several runs, an interrupted one among them, and serves each with its own settings", async () => {
      const { stack, simulator, folder } = await start(LOOKUP);
      const env = { PULUMI_DEBUG_PROVIDERS: `ucloud-redis:${plugin.port}` };
      assert.match(await startPreview(stack, env).ended, BACKUP_ID);

      simulator.injectFault({ kind: "hang", times: Infinity });
      const seen = simulator.requests.length;
      const interrupted = startPreview(stack, env);
      await until(() => simulator.requests.length > seen);
      interrupted.child.kill("SIGINT");
      await interrupted.ended;
      simulator.clearFaults();

      await stack.setConfig("ucloud-redis:region", { value: "cn-nowhere" });
      await startPreview(stack, env).ended;
      assert.equal(simulator.requests.at(-1)?.parameters["Region"], "cn-nowhere");
      await stack.setConfig("ucloud-redis:region", { value: demo.region });
      const output = await startPreview(stack, env).ended;
      assert.match(output, BACKUP_ID);
      assert.deepEqual(listPlugins(folder), []);
      assert.deepEqual(plugin.output, { stdout: `${plugin.port}\n`, stderr: "" });
    });
  });
});

function listPlugins(folder: string): string[] {
  return [...listProcesses(folder).values()].filter((line) => PLUGIN.test(line));
}
