import assert from "node:assert/strict";
import * as fc from "fast-check";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createURedisRow as uredis, FakeCloud, NOW_SECONDS } from "./fakeCloud";
import { shuffled, umemRow, uredisRow } from "./rows";

const LIST_UREDIS = "ucloud-redis:index:getURedisBackups";
const LIST_UMEM = "ucloud-redis:index:getUMemBackups";
const LATEST_UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const LATEST_UMEM = "ucloud-redis:index:getLatestUMemBackup";

const GROUP = { groupId: "g" };
const SPACE = { zone: "z", spaceId: "s" };

const calls = [
  { token: LIST_UREDIS, args: GROUP, row: uredisRow },
  { token: LATEST_UREDIS, args: GROUP, row: uredisRow },
  { token: LIST_UMEM, args: SPACE, row: umemRow },
  { token: LATEST_UMEM, args: SPACE, row: umemRow },
] as const;

/** One row each of backups of two shards, the newest first. */
function createLoneRows(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, i) => ({
    BackupId: `b${i}`,
    State: "Done",
    BlockCount: 2,
    CreateTime: NOW_SECONDS - i,
  }));
}

for (const { token, args, row } of calls) {
  describe(token, () => {
    it("refuses bad arguments before it opens the API", async () => {
      const cloud = new FakeCloud();
      cloud.openApi = () => assert.fail("opened");
      for (const more of [{ nope: 1 }, { createdAfter: "x" }, { nameRegex: "(" }, { region: 1 }]) {
        await assert.rejects(cloud.call(token, { ...args, ...more }), { code: "InvalidArgument" });
      }
    });

    it("fails as opening the API does", async () => {
      const cloud = new FakeCloud();
      cloud.openApi = () => {
        throw new RedisBackupError("MissingCredentials", "none");
      };
      await assert.rejects(cloud.call(token, args), { code: "MissingCredentials" });
    });

    it("prefers the region and project of the call to those of the settings", async () => {
      const cloud = new FakeCloud();
      cloud.projectId = "org-settings";
      await cloud.call(token, args).catch(() => undefined);
      await cloud.call(token, { ...args, region: "hk", projectId: "org-call" }).catch(() => undefined);
      assert.deepEqual(cloud.asked, [
        { region: "cn-bj2", projectId: "org-settings", ...args },
        { region: "hk", projectId: "org-call", ...args },
      ]);
    });

    it("shows the warnings of the listing, with what was asked for", async () => {
      const cloud = new FakeCloud([], { warnings: ["It changed."] });
      await cloud.call(token, args).catch(() => undefined);
      assert.equal(cloud.warnings.length, 1);
      assert.match(cloud.warnings[0] ?? "", /^It changed\. \(U(Redis group g|Mem space s in z)\b.*cn-bj2\)$/);
    });

    it("gives the same result or failure whatever the order of the rows", async () => {
      const settle = (rows: readonly JsonObject[]): Promise<unknown> =>
        new FakeCloud(rows).call(token, args).catch((error: unknown) => {
          assert.ok(error instanceof RedisBackupError);
          return error.message;
        });
      await fc.assert(
        fc.asyncProperty(shuffled(row), async ([rows, same]) => {
          assert.deepEqual(await settle(rows), await settle(same));
        }),
        { numRuns: 500 },
      );
    });
  });
}

describe("lone rows of UMem backups of two shards", () => {
  for (const { title, count = 3, umemRows, given = {}, isWhole } of [
    { title: "of a complete listing of three", isWhole: true },
    { title: "of a complete listing of two", count: 2, isWhole: false },
    { title: "of one", count: 1, umemRows: "auto", isWhole: false },
    { title: "of a page that may be all there is", given: { offset: 0, limit: 10 }, isWhole: false },
    { title: "that the settings call backups", count: 1, umemRows: "backups", isWhole: true },
    { title: "that the settings call shards", umemRows: "shards", isWhole: false },
  ] as const) {
    it(`${title} are ${isWhole ? "" : "not "}whole backups`, async () => {
      const cloud = new FakeCloud(createLoneRows(count), { totalCount: count });
      cloud.umemRows = umemRows;
      const { latest } = await cloud.call(LIST_UMEM, { ...SPACE, ...given });
      assert.equal(latest?.backupId, isWhole ? "b0" : undefined);
      if ("offset" in given) return;
      const choice = cloud.call(LATEST_UMEM, SPACE);
      if (isWhole) assert.equal((await choice).backupId, "b0");
      else await assert.rejects(choice, { code: "NoUsableBackup", message: /1 of 2 shards missing/ });
    });
  }

  it("are explained with the setting that makes them backups", async () => {
    const cloud = new FakeCloud(createLoneRows(1));
    await assert.rejects(cloud.call(LATEST_UMEM, SPACE), {
      code: "NoUsableBackup",
      message: /1 of 2 shards missing, unless .*set `umemRows` to `backups`/,
    });
    const { skipped } = await cloud.call(LIST_UMEM, SPACE);
    assert.match(skipped[0]?.reason ?? "", /set `umemRows` to `backups`$/);
  });
});

describe("the newest usable backup", () => {
  for (const token of [LIST_UREDIS, LATEST_UREDIS] as const) {
    it(`(${token}) comes with the doubts about it as warnings, and without any if there is none`, async () => {
      const cloud = new FakeCloud([uredis("a", -2), uredis("u"), uredis("v", undefined, "Error")]);
      await cloud.call(token, GROUP);
      assert.equal(cloud.warnings.length, 2);
      assert.match(
        cloud.warnings[0] ?? "",
        /^g: .* `a` is dated in the future.* \(URedis group g in cn-bj2\)$/,
      );
      assert.match(
        cloud.warnings[1] ?? "",
        /^g: .* skipped and may be newer: `u`\. \(URedis group g in cn-bj2\)$/,
      );
      const sound = new FakeCloud([uredis("a", 1), uredis("b", 2)]);
      await sound.call(token, GROUP);
      assert.deepEqual(sound.warnings, []);
    });
  }

  it("is listed as none, and not chosen, if several are usable and none has a known time", async () => {
    const cloud = new FakeCloud([uredis("a"), uredis("b")]);
    const { backups, latest, skipped } = await cloud.call(LIST_UREDIS, GROUP);
    assert.deepEqual([backups.length, latest], [2, undefined]);
    assert.deepEqual(skipped, [
      { backupId: "a", state: "Success", reason: "its time is not known" },
      { backupId: "b", state: "Success", reason: "its time is not known" },
    ]);
    await assert.rejects(cloud.call(LATEST_UREDIS, GROUP), {
      code: "AmbiguousSource",
      message: /^\[\w+\] g: none of the 2 usable backups has a known time[^]*URedis group g in cn-bj2/,
    });
  });

  it("is not chosen among backups that name no group, unless a group was asked for", async () => {
    const rows = [uredis("a", 5), uredis("b", 1, "Error")].map((row) => ({ ...row, GroupId: undefined }));
    const args = { regionType: "normal" };
    await assert.rejects(new FakeCloud(rows).call(LATEST_UREDIS, args), { code: "AmbiguousSource" });
    const alone = await new FakeCloud(rows.slice(0, 1)).call(LATEST_UREDIS, args);
    assert.equal(alone.backupId, "a");
    assert.equal((await new FakeCloud(rows).call(LATEST_UREDIS, GROUP)).backupId, "a");
  });

  it("is not chosen among several groups, even if the filters leave backups of one only", async () => {
    const cloud = new FakeCloud([uredis("a", 5), { ...uredis("b", 1, "Error"), GroupId: "h" }]);
    for (const filters of [{}, { states: ["Success"] }]) {
      const args = { regionType: "normal", ...filters };
      await assert.rejects(cloud.call(LATEST_UREDIS, args), { code: "AmbiguousSource" });
    }
  });

  it("is never one that the API lists as usable and as failed", async () => {
    const rows = [uredis("a", 1), uredis("a", 1, "Error"), uredis("b", 9)];
    for (const given of [rows, [...rows].reverse()]) {
      const { backupId, skipped } = await new FakeCloud(given).call(LATEST_UREDIS, GROUP);
      assert.deepEqual([backupId, skipped.map(({ reason }) => reason)], ["b", ["failed"]]);
    }
  });

  it("is missed with what to check and what was asked for", async () => {
    await assert.rejects(new FakeCloud().call(LATEST_UREDIS, { ...GROUP, backupId: "b" }), {
      message:
        "[NoBackups] g: no backup found.\nAsked for: backup b of URedis group g in cn-bj2.\n" +
        "Check the region, the project, `regionType`, `slaveZone` and the ids asked for, or make a backup.",
    });
    await assert.rejects(new FakeCloud().call(LATEST_UMEM, SPACE), {
      message:
        "[NoBackups] s: no backup found.\nAsked for: UMem space s in z, cn-bj2.\n" +
        "Check the region, the zone, the project and the space's id, or make a backup.",
    });
  });

  it("is missed with the backups before the filters, if these leave none", () =>
    assert.rejects(
      new FakeCloud([uredis("a", 1), uredis("b", 2, "Error")]).call(LATEST_UREDIS, {
        ...GROUP,
        states: ["Expired"],
      }),
      { code: "NoBackups", message: /none of the 2 backups passes the filters\.[^]*`Error`, `Success`/ },
    ));

  for (const [guard, outcome] of [
    [{}, { stale: false, warnings: 0 }],
    [{ maxAge: "27h" }, { stale: false, warnings: 0 }],
    [{ maxAge: "26h" }, "StaleBackup"],
    [{ maxAge: "26h", onStale: "error" }, "StaleBackup"],
    [
      { maxAge: "26h", onStale: "warn" },
      { stale: true, warnings: 1 },
    ],
    [{ onStale: "warn" }, { stale: false, warnings: 0 }],
  ] as const) {
    it(`27 h old with ${JSON.stringify(guard)} ends in ${JSON.stringify(outcome)}`, async () => {
      const cloud = new FakeCloud([uredis("a", 27), uredis("newer", 1, "Error")]);
      const call = cloud.call(LATEST_UREDIS, { ...GROUP, ...guard });
      if (typeof outcome === "string")
        return assert.rejects(call, { code: outcome, message: /`a`[^]*`newer`/ });
      const { stale, backupId, skipped, ageSeconds } = await call;
      assert.deepEqual([stale, cloud.warnings.length], [outcome.stale, outcome.warnings]);
      assert.deepEqual([backupId, ageSeconds, skipped[0]?.backupId], ["a", 27 * 3600, "newer"]);
    });
  }
});
