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
  /** Runs the program. Each pin's backup has an id of `choice` and the pin's region. */
  function runMocked(choice: string, more: Record<string, string> = {}): Promise<MockedRun> {
    const answer = (resource: MockResourceArgs): Record<string, unknown> => {
      const { type, name } = resource;
      const given = resource.inputs as Record<string, Record<string, string>>;
      const region = SITES[name as keyof typeof SITES];
      if (type === PIN)
        return { backupId: `${choice}-${region}`, region, redisVersion: "6.0", memorySize: 8 };
      if (type === PET) return { id: `pet-of-${given["keepers"]?.["backupId"]}` };
      return type === PASSWORD ? { result: `password-of-${given["keepers"]?.["backupId"]}` } : {};
    };
    const own = Object.entries({ ...config, ...more }).map(
      ([key, value]) => [`${PROJECT}:${key}`, value] as const,
    );
    return runMockedExample("disasterRecovery", {
      project: PROJECT,
      config: {
        ...Object.fromEntries(own),
        "ucloud-redis:publicKey": "a public key",
        "ucloud-redis:privateKey": "a private key",
      },
      secretKeys: ["ucloud-redis:privateKey"],
      answer,
    });
  }

  const readInputs = ({ resources }: MockedRun, name: string): Record<string, unknown> =>
    resources.get(name)?.inputs as Record<string, unknown>;

  for (const [site, region] of Object.entries(SITES)) {
    it(`pins the ${site} backup through a provider for its region, guarded by an age`, async () => {
      const run = await runMocked("first", { restore: "2026-01-31" });
      const provider = readInputs(run, `${PROVIDER} ${site}`);
      assert.equal(provider["region"], region);
      assert.match(JSON.stringify(provider["publicKey"]), /"value":"a public key"/, "given, and as a secret");
      assert.match(run.resources.get(`${PIN} ${site}`)?.provider ?? "", new RegExp(`::${site}::${site}-id$`));
      assert.deepEqual(readInputs(run, `${PIN} ${site}`), {
        groupId: demo.uredisGroupId,
        regionType: site === "home" ? "normal" : "target",
        maxAge: site === "home" ? "26h" : "8d",
        triggers: { restore: "2026-01-31" },
      });
    });

    it(`changes the ${site} instance's name and password only with the pinned backup`, async () => {
      for (const choice of ["first", "second"]) {
        const run = await runMocked(choice);
        const keepers = { backupId: `${choice}-${region}` };
        assert.deepEqual(readInputs(run, `${PET} ${site}`)["keepers"], keepers);
        assert.deepEqual(readInputs(run, `${PASSWORD} ${site}`)["keepers"], keepers);
      }
    });

    it(`exports all that creating the ${site} instance needs, with a secret password`, async () => {
      const { outputs, secrets } = await runMocked("first");
      assert.deepEqual(outputs[`${site}Instance`], {
        instanceName: `pet-of-first-${region}`,
        region,
        backupId: `first-${region}`,
        sourceGroupId: demo.uredisGroupId,
        redisVersion: "6.0",
        memorySize: 8,
      });
      assert.equal(outputs[`${site}Password`], `password-of-first-${region}`);
      assert.deepEqual(secrets, ["homePassword", "standbyPassword"]);
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

  it("restores in both regions, changes nothing when newer backups appear, and restores again after a trigger", async () => {
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
    await assert.rejects(running.stack.preview(), /\[StaleBackup\].*cn-sh2/);
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
