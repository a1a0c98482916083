/** The package on each version of Node.js that it is for. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { satisfies } from "semver";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { runCommand } from "../../tools/childProcess";
import { createEngineStack } from "../../tools/engine/engineStack";
import { createSimulatedConfig } from "../../tools/simulatedConfig";
import versions from "../../tools/versions/versions.json";
import { itInMatrix } from "../support/matrix";
import { PinClient } from "../support/pinClient";
import { startPlugin } from "../support/pluginProcess";
import { project, runPulumi } from "../support/projects";
import { createSettings, createVariables, type Target } from "../support/simulatedSettings";
import { ensureNode, ensureProject } from "./installations";

const GROUP = { groupId: demo.healthyGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };

const TWIN = `
const twin = require("${packageJson.name}/dynamic");
exports.ranOn = process.version;
exports.newest = twin.getLatestURedisBackupOutput(${JSON.stringify(GROUP)}).backupId;
new twin.URedisBackupPin("group", ${JSON.stringify(GROUP)});
new twin.UMemBackupPin("space", ${JSON.stringify(SPACE)});
`;

/** An installed package, and the variables with which its programs run on one Node.js. */
interface Installed {
  /** The project's folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A simulator as a process. */
interface SimulatorProcess extends Target {
  readonly child: ChildProcess;
}

describe("on each Node.js", function () {
  this.timeout(300_000);

  for (const [major, version] of Object.entries(versions.node)) {
    const what = "plugin, restore, twin, commands, simulator";
    itInMatrix({ part: "Node.js", name: `Node.js ${major} (${version})`, what }, async function () {
      assert.ok(satisfies(version, packageJson.engines.node));
      const node = await ensureNode(this, version);
      const folder = await ensureProject(this, versions.pulumi.newest);
      const PATH = node + path.delimiter + (process.env.PATH ?? "");
      const installed: Installed = { folder, env: { PATH } };
      const simulator = await startSimulatorProgram(installed);
      try {
        await runPlugin(installed, { simulator, node });
        await runCommands(installed, simulator);
        await previewTwin(installed, { simulator, version });
      } finally {
        simulator.child.kill("SIGTERM");
        assert.deepEqual(await once(simulator.child, "exit"), [0, null]);
      }
    });
  }
});

function findProgram({ folder }: Installed, name: string): string {
  return path.join(folder, "node_modules", ".bin", name);
}

/** Starts the simulator's program, and reads the address and keys that it prints. */
async function startSimulatorProgram(installed: Installed): Promise<SimulatorProcess> {
  const child = spawn(findProgram(installed, "ucloud-redis-simulator"), ["--takes", "0"], {
    env: installed.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name = "", value = ""] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    printed.set(name, value);
    if (name === "UCLOUD_PROJECT_ID") break;
  }
  child.stdout.resume();
  return {
    child,
    url: printed.get("UCLOUD_API_BASE_URL") ?? "",
    publicKey: printed.get("UCLOUD_PUBLIC_KEY") ?? "",
    privateKey: printed.get("UCLOUD_PRIVATE_KEY") ?? "",
  };
}

/** Starts the plugin as the engine does, looks a backup up, pins and restores it. */
async function runPlugin(
  { folder, env }: Installed,
  { simulator, node }: { simulator: Target; node: string },
): Promise<void> {
  const launcher = path.join(folder, "node_modules", packageJson.name, "bin", "pulumi-resource-ucloud-redis");
  const settings = createSettings(simulator);
  const plugin = await startPlugin({ executable: launcher, env });
  try {
    if (process.platform === "linux") {
      const program = fs.readlinkSync(`/proc/${plugin.pid}/exe`);
      assert.equal(program, fs.realpathSync(path.join(node, "node")));
    }
    assert.deepEqual((await plugin.checkConfig(settings)).failures, []);
    await plugin.configure(settings);
    const { backupId } = await plugin.invokeResult("getLatestURedisBackup", GROUP);
    const pin = await new PinClient(plugin, "URedisBackupPin").createState(GROUP);
    assert.equal(pin.properties["backupId"], backupId);
    const group = new PinClient(plugin, "RestoredURedisGroup");
    const { inputs } = await group.check({ source: GROUP, chargeType: "Dynamic" });
    const restored = await group.createState(inputs);
    assert.equal(restored.properties["state"], "Running");
  } finally {
    await plugin.stop();
  }
}

async function runCommands(installed: Installed, simulator: Target): Promise<void> {
  const env = { ...installed.env, HOME: installed.folder, ...createVariables(simulator) };
  for (const [name, ...args] of [
    ["ucloud-redis-backups", "--group", GROUP.groupId],
    ["ucloud-redis-check", "--group", GROUP.groupId, "--space", SPACE.spaceId, "--zone", SPACE.zone],
  ] as const) {
    const { code, stdout, stderr } = await runCommand(findProgram(installed, name), args, { env });
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stderr, /warning|deprecat/i);
  }
}

/** Previews a program with the twin. Pulumi's host takes the `node` that is first on PATH. */
async function previewTwin(
  { folder, env }: Installed,
  { simulator, version }: { simulator: Target; version: string },
): Promise<void> {
  const running = await createEngineStack({
    layOut: project(path.join(folder, "node_modules"), {
      "package.json": '{ "main": "index.js" }\n',
      "Pulumi.yaml": "name: twin\nruntime: nodejs\n",
      "index.js": TWIN,
    }),
    config: createSimulatedConfig(simulator),
    env,
  });
  try {
    const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
    assert.equal(code, 0, stdout + stderr);
    assert.ok(stdout.includes(`ranOn : "v${version}"`), stdout);
    assert.match(stdout, /newest: "[0-9a-f-]{36}"/);
    assert.match(stdout, /\+ 3 to create/);
    assert.doesNotMatch(stdout + stderr, /warning/i);
  } finally {
    running.remove();
  }
}
