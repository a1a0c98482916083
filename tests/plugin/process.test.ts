import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { Duplex, Readable } from "node:stream";
import { demo, startSimulator, type Simulator } from "../../simulator";
import {
  createCleanEnv,
  EXECUTABLE,
  type PluginProcess,
  requireBuild,
  startPlugin,
} from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const NOBODY = "127.0.0.1:1";

describe("the plugin's process", () => {
  const running: PluginProcess[] = [];
  const simulators: Simulator[] = [];

  async function start(...args: Parameters<typeof startPlugin>): Promise<PluginProcess> {
    const plugin = await startPlugin(...args);
    running.push(plugin);
    return plugin;
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((plugin) => plugin.stop()));
    await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
  });

  for (const [title, args] of [
    ["without arguments", []],
    ["with the engine's address", [NOBODY]],
    ["with flags before the address", ["--logflow", "--logtostderr", "-v=9", "--tracing", "file:x", NOBODY]],
  ] as const) {
    it(`prints only its port when started ${title}`, async () => {
      const simulator = await startSimulator();
      simulators.push(simulator);
      const plugin = await start({ args });
      await plugin.handshake(NOBODY);
      assert.equal((await plugin.getPluginInfo()).getVersion(), "0.1.0");
      await plugin.configure(createSettings(simulator));
      await plugin.invokeResult("getURedisBackups", { regionType: "normal" });
      await plugin.invoke("getURedisBackups", {});
      await assert.rejects(plugin.invoke("noSuchFunction", {}));
      await plugin.cancel();
      process.kill(plugin.pid, "SIGINT");
      assert.deepEqual(await plugin.exited, { code: null, signal: "SIGINT" });
      assert.match(plugin.output.stdout, /^\d{1,5}\n$/);
      assert.equal(plugin.output.stderr, "");
    });
  }

  it("needs only the files in its folder", async () => {
    const simulator = await startSimulator();
    simulators.push(simulator);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-"));
    try {
      fs.cpSync(path.dirname(EXECUTABLE), folder, { recursive: true });
      const executable = path.join(folder, path.basename(EXECUTABLE));
      const plugin = await start({ executable, settings: createSettings(simulator) });
      const { backups } = await plugin.invokeResult("getURedisBackups", { regionType: "normal" });
      assert.ok(Array.isArray(backups) && backups.length > 0);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it("says what to do if one of its files is missing or cut", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-"));
    try {
      fs.cpSync(path.dirname(EXECUTABLE), folder, { recursive: true });
      const transport = path.join(folder, "pulumi-resource-ucloud-redis-transport.cjs");
      const executable = path.join(folder, path.basename(EXECUTABLE));
      for (const spoil of [() => fs.truncateSync(transport, 1000), () => fs.rmSync(transport)]) {
        spoil();
        const child = spawn(executable, { env: createCleanEnv(folder), stdio: ["pipe", "ignore", "pipe"] });
        const chunks: Buffer[] = [];
        child.stderr.on("data", (chunk: Buffer) => void chunks.push(chunk));
        const [code] = (await once(child, "close")) as [number];
        const text =
          /^A file of the ucloud-redis plugin cannot be loaded( \(ENOENT\))?\. Install the plugin again\.\n$/;
        assert.match(Buffer.concat(chunks).toString(), text);
        assert.equal(code, 1);
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it("listens on this machine only", async () => {
    const { port } = await start();
    const outside = Object.values(os.networkInterfaces())
      .flatMap((each) => each ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    if (outside === undefined) return;
    const socket = net.connect(port, outside.address);
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  });

  it("can run several times concurrently, each with its own settings", async () => {
    const plugins = await Promise.all(Array.from({ length: 4 }, () => start()));
    assert.equal(new Set(plugins.map(({ port }) => port)).size, plugins.length);
    const regions = ["cn-bj2", "cn-sh2", "hk", "us-ca"];
    const ended = plugins.map(async (plugin, i) => {
      const simulator = await startSimulator();
      simulators.push(simulator);
      await plugin.configure(createSettings(simulator, { region: regions[i], maxRetries: 0 }));
      // The backups of one group fit on one page.
      await plugin.invoke("getURedisBackups", { groupId: demo.healthyGroupId }).catch(() => undefined);
      return simulator.requests.map(({ parameters }) => parameters.Region);
    });
    assert.deepEqual(
      await Promise.all(ended),
      regions.map((region) => [region]),
    );
  });

  it("keeps running if its standard input is closed from the start, as with some hosts", async () => {
    const plugin = await start({ stdin: "closed" });
    for (let call = 0; call < 20; call++) await plugin.getSchema();
  });

  it("exits within a second after the process that started it is killed", async function () {
    if (process.platform === "win32") this.skip();
    requireBuild();
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-"));
    // The plugin inherits its parent's pipe, which closes when the last process that has it exits.
    const script = `
      const child = require("node:child_process").spawn(process.argv[1], [], { stdio: ["pipe", "inherit", "inherit"] });
      setInterval(() => {}, 60_000);
    `;
    const parent = spawn(process.execPath, ["-e", script, EXECUTABLE], {
      env: createCleanEnv(home),
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      await once(parent.stdout, "data");
      const pluginLeft = once(parent.stdout, "close");
      parent.stdout.resume();
      const killedAt = Date.now();
      parent.kill("SIGKILL");
      await once(parent, "exit");
      await pluginLeft;
      assert.ok(Date.now() - killedAt < 1000, `left after ${Date.now() - killedAt} ms`);
    } finally {
      parent.kill("SIGKILL");
      fs.rmSync(home, { recursive: true, force: true });
    }
  });

  it("keeps running if `node` is a script that starts the real one", async function () {
    if (process.platform === "win32") this.skip();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shim-"));
    try {
      fs.writeFileSync(path.join(folder, "node"), `#!/bin/sh\n'${process.execPath}' "$@"\n`, { mode: 0o755 });
      const plugin = await start({ env: { PATH: folder } });
      assert.equal((await plugin.getPluginInfo()).getVersion(), "0.1.0");
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it("exits without a port if the process that started it is gone before Node.js reads its parent", async function () {
    if (process.platform === "win32") this.skip();
    requireBuild();
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-"));
    // Loaded before the plugin, and blocks until the fourth stream ends.
    const preload = path.join(home, "preload.cjs");
    fs.writeFileSync(
      preload,
      `require("node:fs").writeSync(2, String(process.pid)); require("node:fs").readSync(3, Buffer.alloc(1));`,
    );
    const script = `
      const env = { ...process.env, NODE_OPTIONS: "--require " + JSON.stringify(process.argv[2]) };
      require("node:child_process").spawn(process.argv[1], [], { env, stdio: ["ignore", "inherit", "inherit", 3] });
      setInterval(() => {}, 60_000);
    `;
    const parent = spawn(process.execPath, ["-e", script, EXECUTABLE, preload], {
      env: createCleanEnv(home),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const [, stdout, stderr, gate] = parent.stdio as unknown as [null, Readable, Readable, Duplex];
    let pid = 0;
    try {
      pid = Number(await once(stderr.setEncoding("utf8"), "data"));
      const pluginLeft = once(stdout, "end");
      const port = once(stdout.setEncoding("utf8"), "data").then(() => assert.fail("it printed a port"));
      parent.kill("SIGKILL");
      await once(parent, "exit");
      gate.end();
      await Promise.race([pluginLeft, port]);
      pid = 0;
    } finally {
      parent.kill("SIGKILL");
      if (pid !== 0) process.kill(pid, "SIGKILL");
      fs.rmSync(home, { recursive: true, force: true });
    }
  });
});
