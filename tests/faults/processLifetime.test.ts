import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { listProcesses, startPreview } from "../support/pulumiCli";
import { until } from "../support/until";
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

describe("the plugin's process under the Pulumi CLI", function () {
  this.timeout(60_000);
  let running: SimulatedStack | undefined;
  /** Resolves when the first request has arrived at the API. */
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
    ["Ctrl-C during the lookup of a pin", PIN, "SIGINT"],
    ["SIGTERM during a lookup", LOOKUP, "SIGTERM"],
  ] as const) {
    it(`ends within 2 s of ${title}, like all processes of the preview`, async () => {
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

  it("ends within a second after the engine is killed", async () => {
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

  it("runs once per provider of a program, each time with that provider's settings", async () => {
    const others: Simulator[] = [];
    try {
      for (const publicKey of ["one", "two"]) others.push(await startSimulator({ publicKey }));
      const providers = others.map(({ url, publicKey }, index): [string, object] => {
        // By reference, since all simulators have the same key: a project's file would hold it in plain text.
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

    it("stays for several runs, also interrupted ones, and serves each with its own settings", async () => {
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
