/** The plugin with compiled code of an earlier run that is missing, wrong or cannot be kept. Planted code is in tests/plugin. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { startPreview } from "../support/pulumiCli";
import { requireEngine } from "../support/requireEngine";
import { startSimulatedStack } from "../support/simulatedStack";
import { writeYamlProject } from "../support/yamlProject";
import { EXECUTABLE, type PluginOptions, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { until } from "../support/until";

const GROUP = { groupId: demo.healthyGroupId };

describe("the plugin, with compiled code of an earlier run,", function () {
  this.timeout(30_000);
  const at = useTemporaryFolder("compiled-");
  const folder = () => at("pulumi-ucloud-redis");
  /** Without what is still being written. */
  const listFiles = () => listAll().filter((name) => !name.endsWith(".tmp"));
  const listAll = () => (fs.existsSync(folder()) ? fs.readdirSync(folder()).sort() : []);
  const bundlesOf = (files: readonly string[]) => files.map((name) => name.replace(/-[0-9a-f]{32}$/, ""));
  const identify = () => listFiles().map((name) => [name, fs.statSync(path.join(folder(), name)).ino]);
  let simulator: Simulator;

  before(async function () {
    if (process.platform === "win32") this.skip();
    simulator = await startSimulator();
  });
  after(() => simulator.close());

  /** Starts a plugin, looks up a backup, waits until `isDone`, and stops it. It must answer, and print its port only. */
  async function use(options: PluginOptions = {}, isDone = () => true): Promise<void> {
    const env = { XDG_CACHE_HOME: at(), ...options.env };
    const plugin = await startPlugin({ ...options, env });
    try {
      await plugin.handshake("127.0.0.1:1");
      await plugin.getPluginInfo();
      await plugin.configure(createSettings(simulator));
      const { backupId } = await plugin.invokeResult("getLatestURedisBackup", GROUP);
      assert.equal(typeof backupId, "string");
      // Before it is answered, whatever is still to be kept is kept.
      await plugin.cancel();
      await until(isDone);
      assert.deepEqual(plugin.output, { stdout: `${plugin.port}\n`, stderr: "" });
    } finally {
      await plugin.stop();
    }
  }

  const isKept = () => bundlesOf(listFiles()).join() === "provider,transport";

  it("uses it: what answers first is kept after the first answer, the rest after a lookup", async () => {
    await use({}, isKept);
    const kept = identify();
    await use();
    await use();
    assert.deepEqual(identify(), kept);
  });

  it("has it after the first previews, each with one lookup, as the engine ends the plugin soon after", async function () {
    requireEngine.call(this);
    const properties = { function: "ucloud-redis:getLatestURedisBackup", arguments: GROUP };
    const project = writeYamlProject({ variables: { found: { "fn::invoke": properties } } });
    const stack = await startSimulatedStack({ projectFolder: project.folder });
    try {
      // A machine that is busy may end a plugin while it writes.
      for (let previews = 0; previews < 5 && !isKept(); previews++) {
        await startPreview(stack.stack, { XDG_CACHE_HOME: at() }).ended;
      }
      assert.ok(isKept());
    } finally {
      await stack.close();
      project.remove();
    }
  });

  it("keeps none of the lookups' code after a failure or a refused argument, which run a part of it only", async () => {
    const plugin = await startPlugin({ env: { XDG_CACHE_HOME: at() } });
    try {
      const nowhere = { publicKey: "a", privateKey: "b", region: demo.region, baseUrl: "http://127.0.0.1:1" };
      await plugin.configure({ ...nowhere, maxRetries: 0 });
      await assert.rejects(plugin.invokeResult("getLatestURedisBackup", GROUP));
      const { failures } = await plugin.invoke("getLatestURedisBackup", { bogus: 1 });
      assert.equal(failures.length, 1);
      await plugin.cancel();
      assert.deepEqual(bundlesOf(listFiles()), ["transport"]);
    } finally {
      await plugin.stop();
    }
  });

  it("ignores it cut, and writes it anew", async () => {
    await use({}, isKept);
    const sizes = new Map(listFiles().map((name) => [name, fs.statSync(path.join(folder(), name)).size]));
    for (const [name, size] of sizes) fs.truncateSync(path.join(folder(), name), size / 2);
    const isWhole = () =>
      [...sizes].every(([name, size]) => fs.statSync(path.join(folder(), name)).size > size / 2);
    await use({}, isWhole);
  });

  it("ignores it with a byte that changed, on which V8 would crash", async () => {
    await use({}, isKept);
    const before = identify();
    for (const name of listFiles()) {
      const file = path.join(folder(), name);
      const data = fs.readFileSync(file);
      fs.writeFileSync(file, data.with(40, 255 - (data[40] ?? 0)));
    }
    await use({}, () => identify().every(([, ino], index) => ino !== before[index]?.[1]));
  });

  it("does not use that of other flags of V8", async () => {
    await use({}, isKept);
    const own = listFiles();
    const env = { NODE_OPTIONS: "--interpreted-frames-native-stack" };
    await use({ env }, () => listFiles().length === 4);
    assert.deepEqual(
      own.filter((name) => !listFiles().includes(name)),
      [],
    );
  });

  it("starts twice at once with none there", async () => {
    await Promise.all([use({}, isKept), use({}, isKept)]);
    const kept = identify();
    await use();
    assert.deepEqual(identify(), kept);
  });

  for (const [title, env] of [
    ["no home folder", { XDG_CACHE_HOME: "", HOME: "" }],
    ["a home folder that does not exist", { XDG_CACHE_HOME: "", HOME: "/nonexistent/home" }],
    ["a cache folder that is a file", { XDG_CACHE_HOME: EXECUTABLE }],
    ["a cache folder in which nothing can be made", { XDG_CACHE_HOME: "/proc/self" }],
    ["NODE_DISABLE_COMPILE_CACHE", { NODE_DISABLE_COMPILE_CACHE: "1" }],
  ] as const) {
    it(`does without where there is ${title}`, async () => {
      await use({ env });
      assert.deepEqual(listFiles(), []);
      assert.ok(!fs.existsSync("/nonexistent"));
    });
  }

  it("does without on a full disk, and leaves nothing half written", async () => {
    // With this limit, writing fails after the first kilobytes, as on a full disk.
    fs.writeFileSync(at("limited"), `#!/bin/sh\nulimit -f 8\nexec '${EXECUTABLE}' "$@"\n`, { mode: 0o755 });
    let wasThere = false;
    const watcher = fs.watch(
      at(),
      { recursive: true },
      (_, name) => (wasThere ||= /tmp$/.test(String(name))),
    );
    try {
      await use({ executable: at("limited") }, () => wasThere && listAll().length === 0);
    } finally {
      watcher.close();
    }
  });
});
