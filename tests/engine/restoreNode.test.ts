/** A TypeScript program with the packed package that restores, on Pulumi's own Node.js host. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import { installPacked } from "../support/packedPackage";
import { project, runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";
import { PASSWORD } from "./restoredStack";

const { name } = packageJson;

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "${name}";

const config = new pulumi.Config();
const orders = new ucloudRedis.RestoredURedisGroup(
  "orders",
  {
    source: { groupId: "${demo.uredisGroupId}", maxAge: "26h" },
    vpcId: "uvnet-abc123", // a lost group cannot be asked for these three
    subnetId: "subnet-abc123",
    chargeType: "Dynamic",
    password: config.requireSecret("password"),
    triggers: { restore: "2026-01-31" },
  },
  { deleteBeforeReplace: false, customTimeouts: { create: "10m", update: "10m" } },
);
export const address = orders.address;
export const backupId = orders.backup.apply((backup) => backup?.backupId);
export const password = orders.password;
`;
const pulumiYaml = `name: restore
runtime: nodejs
plugins: { providers: [{ name: ucloud-redis, path: node_modules/${name}/bin }] }
`;

describe("a TypeScript program that restores, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  it("restores a lost group, is unchanged by a newer backup, restores anew, and is destroyed", async () => {
    const files = {
      "package.json": '{ "main": "index.ts" }\n',
      "Pulumi.yaml": pulumiYaml,
      "index.ts": program,
    };
    const running = await start({
      layOut: project(await installPacked(), files),
      simulator: { provisioning: { create: { looks: 1 }, delete: { looks: 0 }, backup: { looks: 0 } } },
    });
    const { simulator, stack } = running;
    await stack.setConfig("password", { value: PASSWORD, secret: true });
    await simulator.deleteDatabase(demo.uredisGroupId);
    const listAlive = (): string[] => simulator.created.filter(({ isGone }) => !isGone).map(({ id }) => id);
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runPulumi(running, args);
      assert.equal(code, 0, stdout + stderr);
      return stdout + stderr;
    };

    const up = ["up", "--yes", "--skip-preview"] as const;
    const printed = [await run("preview"), await run(...up)];
    assert.match(printed.join("\n"), /Would restore backup [^]*Restored backup .* of uredis-w4fz2kqp, made/);
    const [first] = listAlive();
    const [made] = simulator.created;
    assert.ok(made);
    assert.equal(made.password, PASSWORD);
    const outputs = await stack.outputs();
    assert.match(String(outputs["address"]?.value), /^10\.9\.[\d.]+:6379$/);
    assert.equal(outputs["backupId"]?.value, made.sourceBackupId);
    assert.deepEqual([outputs["password"]?.value, outputs["password"]?.secret], [PASSWORD, true]);
    addNewerBackups(simulator);
    assert.match(await run(...up), /2 unchanged/);

    const index = path.join(stack.workspace.workDir, "index.ts");
    fs.writeFileSync(index, program.replace("2026-01-31", "2026-02-28"));
    printed.push(await run(...up));
    assert.match(printed.at(-1) ?? "", /\+-1 replaced/);
    assert.notEqual(listAlive()[0], first);
    assert.equal(simulator.created.at(-1)?.sourceBackupId, NEWER_ID);
    printed.push(await run("destroy", "--yes", "--skip-preview"));
    assert.deepEqual(listAlive(), []);
    for (const text of [...printed, running.readState()]) assert.ok(!text.includes(PASSWORD));
  });
});
