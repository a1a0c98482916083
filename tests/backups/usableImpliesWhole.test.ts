import assert from "node:assert/strict";
import * as fc from "fast-check";
import { lookupFunctions } from "../../provider/backups/functions";
import { createRedisBackupApi } from "../../provider/backups/services";
import type { GetUMemBackupsResult } from "../../provider/schemaTypes";
import { FakeClient } from "../support/fakeClient";
import { UMemSpace } from "./umemSpace";
import { type BackupPlan, type Manners, manners, space, steadyManners } from "./umemSpacePlans";

/** How many cases each property tries. Set `WHOLENESS_RUNS=100000` for a longer search. */
const numRuns = Number(process.env.WHOLENESS_RUNS ?? 1000);

interface Listed {
  readonly cloud: UMemSpace;
  readonly result: GetUMemBackupsResult;
  readonly warnings: readonly string[];
}

/** Lists the space with the function that users call. */
async function list(plans: readonly BackupPlan[], how: Manners): Promise<Listed> {
  const cloud = new UMemSpace(plans, how);
  const warnings: string[] = [];
  const client = new FakeClient(({ parameters: { Offset, Limit } }) =>
    cloud.answer(Number(Offset), Number(Limit)),
  );
  const api = createRedisBackupApi(client);
  const result = await lookupFunctions["ucloud-redis:index:getUMemBackups"](
    { region: "cn-bj2", zone: "cn-bj2-04", spaceId: "umem-a" },
    {
      region: undefined,
      projectId: undefined,
      openApi: () => api,
      now: () => new Date("2026-01-01T00:00:00Z"),
      warn: (text) => warnings.push(text),
      inform: () => undefined,
    },
  );
  return { cloud, result, warnings };
}

describe("usable implies whole", () => {
  it("in 400 listings of seven nights of 16 shards, one still running, with an unstable order of equal times", async () => {
    const whole = { blockCount: 16, rows: Array<boolean>(16).fill(true), isAlike: true };
    const running = { ...whole, rows: whole.rows.with(7, false) };
    for (let seed = 0; seed < 400; seed++) {
      const { result } = await list([...Array<BackupPlan>(6).fill(whole), running], {
        order: "unstableTies",
        cap: 100,
        count: "rows",
        offset: "rows",
        varies: "nothing",
        changes: [],
        seed,
      });
      const [newest, second] = result.backups;
      assert.deepEqual([newest?.backupId, newest?.usable], ["backup-6", false], `seed ${seed}`);
      assert.deepEqual([second?.usable, result.latest?.backupId], [true, "backup-5"], `seed ${seed}`);
    }
  }).timeout(0);

  it("whatever the order, the page cap, the count and the changes between two answers", async () => {
    await fc.assert(
      fc.asyncProperty(space, manners, async (plans, how) => {
        const { cloud, result } = await list(plans, how);
        for (const { backupId, usable } of result.backups) {
          // Three lone rows are evidence that a row is a backup. Three backups with one listed shard each look the same.
          assert.ok(
            !usable || cloud.everWhole.has(backupId) || cloud.everOneRowEach,
            `${backupId} is not whole`,
          );
        }
      }),
      { numRuns },
    );
  }).timeout(0);

  it("and whole implies usable if the order is stable, nothing changes and pages hold two backups", async () => {
    const roomy = steadyManners.map((each) => ({
      ...each,
      order: "stable" as const,
      cap: Math.max(each.cap, 32),
    }));
    await fc.assert(
      fc.asyncProperty(space, roomy, async (plans, how) => {
        const { cloud, result, warnings } = await list(plans, how);
        for (const { backupId, usable } of result.backups) {
          if (!cloud.everOneRowEach) assert.equal(usable, cloud.everWhole.has(backupId), backupId);
        }
        assert.equal(result.backups.length, plans.length);
        assert.deepEqual(warnings, []);
      }),
      { numRuns },
    );
  }).timeout(0);

  it("and whole implies usable if no two rows are alike, whatever the stable order and the page cap", async () => {
    const distinct = space.map((plans) => plans.map((plan) => ({ ...plan, isAlike: false })));
    // A page of one row cannot repeat the end of the page before, so a row missing between two is not noticed.
    const joinable = steadyManners.map((each) => ({ ...each, cap: Math.max(each.cap, 2) }));
    await fc.assert(
      fc.asyncProperty(distinct, joinable, async (plans, how) => {
        const { cloud, result } = await list(plans, how);
        for (const { backupId, usable } of result.backups) {
          if (cloud.everWhole.has(backupId)) assert.ok(usable, backupId);
        }
        assert.equal(result.backups.length, plans.length);
      }),
      { numRuns },
    );
  }).timeout(0);

  it("and every backup is listed, or the user is warned, whatever `Offset` counts", async () => {
    const still = manners.map((each) => ({ ...each, cap: Math.max(each.cap, 2), changes: [] }));
    await fc.assert(
      fc.asyncProperty(space, still, async (plans, how) => {
        const { result, warnings } = await list(plans, how);
        if (result.backups.length < plans.length) assert.notDeepEqual(warnings, []);
      }),
      { numRuns },
    );
  }).timeout(0);
});
