import assert from "node:assert/strict";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { addBackups, demo, type Simulator } from "../../simulator";
import { checkout } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { type MockedRun, runMockedExample } from "./mockedExample";
import { installRandomPlugin } from "./randomPlugin";

const PROJECT = "ucloud-redis-disaster-recovery";
const PIN = "ucloud-redis:index:URedisBackupPin";
const PROVIDER = "pulumi:providers:ucloud-redis";
const PET = "random:index/randomPet:RandomPet";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const SITES = { home: demo.region, standby: demo.otherRegion } as const;

const config = {
  groupId: demo.uredisGroupId,
  homeRegion: SITES.home,
  standbyRegion: SITES.standby,
};

describe("the disaster-recovery example, with the real SDK of @pulumi/random", () => {
  let run: MockedRun;

  before(async () => {
    const own = { ...config, restore: "2026-01-31" };
    run = await runMockedExample("disasterRecovery", {
      project: PROJECT,
      config: {
        ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${PROJECT}:${key}`, value])),
        "ucloud-redis:publicKey": "a public key",
        "ucloud-redis:privateKey": "a private key",
      },
      secretKeys: ["ucloud-redis:privateKey"],
      answer,
    });
  });

  function answer({ type, name, inputs }: MockResourceArgs): Record<string, unknown> {
    const { backupId } = (inputs as { keepers?: { backupId?: string } }).keepers ?? {};
    const region = SITES[name as keyof typeof SITES];
    if (type === PIN) return { backupId: `chosen-in-${region}`, region, redisVersion: "6.0", memorySize: 8 };
    if (type === PET) return { id: `pet-of-${backupId}` };
    return type === PASSWORD ? { result: `password-of-${backupId}` } : {};
  }

  const readInputs = (name: string): Record<string, unknown> =>
    run.resources.get(name)?.inputs as Record<string, unknown>;

  for (const [site, region] of Object.entries(SITES)) {
    it(`pins the ${site} backup through a provider for its region, guarded by an age`, () => {
      const provider = readInputs(`${PROVIDER} ${site}`);
      assert.equal(provider["region"], region);
      assert.match(JSON.stringify(provider["publicKey"]), /"value":"a public key"/, "given, and as a secret");
      assert.match(run.resources.get(`${PIN} ${site}`)?.provider ?? "", new RegExp(`::${site}::${site}-id$`));
      assert.deepEqual(readInputs(`${PIN} ${site}`), {
        groupId: demo.uredisGroupId,
        regionType: site === "home" ? "normal" : "target",
        maxAge: site === "home" ? "26h" : "8d",
        triggers: { restore: "2026-01-31" },
      });
    });

    it(`exports what the ${site} instance needs: its backup, a name and a secret password`, () => {
      assert.deepEqual(run.outputs[`${site}Instance`], {
        instanceName: `pet-of-chosen-in-${region}`,
        region,
        backupId: `chosen-in-${region}`,
        sourceGroupId: demo.uredisGroupId,
        redisVersion: "6.0",
        memorySize: 8,
      });
      assert.equal(run.outputs[`${site}Password`], `password-of-chosen-in-${region}`);
      assert.deepEqual(run.secrets, ["homePassword", "standbyPassword"]);
    });
  }
});

describe("the disaster-recovery example, on Pulumi's Node.js host", function () {
  this.timeout(180_000);
  before(requireEngine);
  const start = useSimulatedStacks();
  let running: SimulatedStack;

  beforeEach(async () => {
    running = await start({ layOut: checkout("examples/disasterRecovery"), config });
    const obstacle = await installRandomPlugin(running);
    if (obstacle !== undefined) console.log(`    with the stand-in for @pulumi/random: ${obstacle}`);
  });

  it("restores in both regions, ignores newer backups, and restores again after a trigger", async () => {
    const { stack, simulator, readState } = running;
    const { outputs: first } = await stack.up();
    assert.notEqual(readBackupId(first["homeInstance"]), readBackupId(first["standbyInstance"]));
    addNewerBackups(simulator);
    assert.deepEqual((await stack.preview()).changeSummary, { same: 11 });

    await stack.setConfig("restore", { value: "2026-01-31" });
    const { outputs: second, summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { same: 5, replace: 6 });
    for (const site of Object.keys(SITES)) {
      assert.equal(readBackupId(second[`${site}Instance`]), `newer-in-${site}`);
      assert.notEqual(second[`${site}Password`]?.value, first[`${site}Password`]?.value);
    }
    assert.deepEqual((await stack.preview()).changeSummary, { same: 11 });
    for (const key of [simulator.publicKey, simulator.privateKey]) assert.ok(!readState().includes(key));
  });

  it("changes nothing while a backup is too old", async () => {
    await running.stack.setConfig("maxCopyAge", { value: "1d" });
    await assert.rejects(running.stack.preview(), /\[StaleBackup\][^]*cn-sh2/);
  });
});

function readBackupId(output: { value: unknown } | undefined): string {
  return (output?.value as { backupId: string }).backupId;
}

/** Adds a newer usable backup in each of the two regions. */
function addNewerBackups(simulator: Simulator): void {
  const now = Math.floor(Date.now() / 1000) - 60;
  const newer = Object.entries(SITES).flatMap(([site, region]) => {
    const known = simulator.fleet.uredis.find(
      (record) =>
        record.region === region &&
        record.row.GroupId === demo.uredisGroupId &&
        record.row.State === "Success",
    );
    if (known === undefined) throw new Error("The demo fleet has changed.");
    return { ...known, row: { ...known.row, BackupId: `newer-in-${site}`, BackupTime: now } };
  });
  simulator.fleet = addBackups(simulator.fleet, { uredis: newer });
}
