import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { demo } from "../../simulator";
import { runCommand } from "../../tools/childProcess";
import { ensureEngine } from "../../tools/engine/engine";
import { ensurePolicyEngine } from "../../tools/engine/policyHost";
import { repositoryRoot } from "../../tools/repository";
import { checkout, runPulumi } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";

const GROUP = { groupId: demo.healthyGroupId };
const SPACE = { zone: demo.slaveZone, spaceId: demo.healthySpaceId };
const PACK = path.join("examples", "policyPack");

/** Stands for a database of any provider: one of Pulumi's own resources, which takes any inputs. */
const makeDatabase = (backupId: string): object => ({
  type: "pulumi:index:Stash",
  properties: { input: { restore: { backupId } } },
});

const good = {
  pin: { type: "ucloud-redis:URedisBackupPin", properties: { ...GROUP, maxAge: "26h" } },
  group: {
    type: "ucloud-redis:RestoredURedisGroup",
    properties: { source: { ...GROUP, maxAge: "26h" }, chargeType: "Dynamic" },
  },
  space: {
    type: "ucloud-redis:RestoredUMemSpace",
    properties: { source: { ...SPACE, maxAge: "26h" }, chargeType: "Dynamic", finalBackup: true },
  },
  database: makeDatabase("${pin.backupId}"),
};

const bad = {
  group: {
    type: "ucloud-redis:RestoredURedisGroup",
    properties: { source: GROUP, chargeType: "Dynamic", finalBackup: false },
  },
  space: {
    type: "ucloud-redis:RestoredUMemSpace",
    properties: { source: { ...SPACE, maxAge: "26h" }, chargeType: "Dynamic" },
  },
  database: makeDatabase("${newest.backupId}"),
};

const newest = { "fn::invoke": { function: "ucloud-redis:getLatestURedisBackup", arguments: GROUP } };

describe("the policy pack", function () {
  this.timeout(240_000);
  const start = useSimulatedStacks();

  /** Previews a program with the pack, in a checkout that was copied. */
  async function preview(
    program: object,
    settings: object,
  ): Promise<{ readonly code: number | null; readonly text: string }> {
    let pack = "";
    const running = await start({
      ...(await ensurePolicyEngine(await ensureEngine())),
      layOut: (root) => {
        pack = checkout(PACK)(root);
        const project = path.join(root, "program");
        fs.mkdirSync(project);
        const plugins = { providers: [{ name: "ucloud-redis", path: path.join(repositoryRoot, "bin") }] };
        const whole = { name: "policies", runtime: "yaml", plugins, ...program };
        fs.writeFileSync(
          path.join(project, "Pulumi.yaml"),
          stringify(whole, { aliasDuplicateObjects: false }),
        );
        fs.writeFileSync(path.join(project, "policies.json"), JSON.stringify(settings));
        return project;
      },
    });
    const flags = ["--policy-pack", pack, "--policy-pack-config", "policies.json"];
    const { code, stdout, stderr } = await runPulumi(running, ["preview", ...flags]);
    return { code, text: `${stdout}\n${stderr}` };
  }

  itOnEngine("lets a program pass that keeps all three rules", async () => {
    const { code, text } = await preview({ resources: good }, {});
    assert.equal(code, 0, text);
    assert.match(text, /Policies:\n\s+✅ ucloud-redis/);
    assert.doesNotMatch(text, /can't run/);
  });

  // Pulumi does not reach the rule about the whole stack if a rule about one resource fails the preview.
  itOnEngine("fails the preview of one that breaks them, and only warns where it is told to", async () => {
    const settings = { "restore-has-max-age": "advisory", "final-backup-is-on": "advisory" };
    const { code, text } = await preview({ resources: bad, variables: { newest } }, settings);
    assert.notEqual(code, 0, text);
    const found = [...text.matchAll(/\[(\w+)\] +(\S+) +\(\S+: (\w+)\)/g)].map((each) => each.slice(1));
    assert.deepEqual(found.sort(), [
      ["advisory", "final-backup-is-on", "group"],
      ["advisory", "final-backup-is-on", "space"],
      ["advisory", "restore-has-max-age", "group"],
      ["mandatory", "backup-is-pinned", "database"],
    ]);
    assert.match(text, /`input` takes the id of a backup that is not from a pin/);
  });

  it("passes its own unit tests", async () => {
    const args = ["-r", "ts-node/register/transpile-only", "policies.test.ts"];
    const { code, stdout, stderr } = await runCommand(process.execPath, args, {
      cwd: path.join(repositoryRoot, PACK),
    });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^# pass 6$/m);
  });
});
