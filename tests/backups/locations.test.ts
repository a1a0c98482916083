import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { type ErrorCode, RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { createURedisRow as uredis, FakeCloud } from "./fakeCloud";

const LATEST = "ucloud-redis:index:getLatestURedisBackup";

/** What a region answers: its rows, or a failure. */
type Answer = readonly JsonObject[] | RedisBackupError;

const outage = (code: ErrorCode = "Unavailable"): RedisBackupError =>
  new RedisBackupError(code, `no answer (${code}).`, { isOutage: true });
const fresh = [uredis("fresh", 1)];
const stale = [uredis("stale", 30)];
const older = [uredis("older", 50)];
const broken = [uredis("broken", 1, "Error")];

/** A cloud whose regions `a`, `b` and `c` answer so, in order. */
function createCloud(...answers: Answer[]): FakeCloud {
  return new FakeCloud(({ region = "" }) => {
    const answer = answers["abc".indexOf(region)] ?? assert.fail(`${region} was asked`);
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

const locations = [{ region: "a" }, { region: "b", regionType: "target" }, { region: "c" }];
const ask = (cloud: FakeCloud, given: RawArguments = {}) =>
  cloud.call(LATEST, { groupId: "g", maxAge: "26h", locations, ...given });
const listAsked = (cloud: FakeCloud): string =>
  cloud.asked.map(({ region, regionType }) => [region, regionType].join(" ").trim()).join(", ");

const A = "locations[0], a (regionType normal)";
const B = "locations[1], b (regionType target)";
const NOT_SEEN = "It was not seen to be without backups: whether it has any is not known.";

describe("a backup of several locations", () => {
  it("is that of the first one with a fresh backup, and no other one is asked", async () => {
    const cloud = createCloud(fresh);
    const result = await ask(cloud);
    assert.deepEqual([result.backupId, result.region], ["fresh", "a"]);
    assert.ok(!("regionType" in result));
    assert.deepEqual([listAsked(cloud), cloud.warnings], ["a", []]);
  });

  const passedOver: [why: string, answer: Answer, reason: string][] = [
    ["has none", [], "no backup found."],
    ["has no usable one", broken, "the only backup cannot be restored."],
    ["has only a stale one", stale, "newest usable backup is 30h old, maxAge 26h."],
  ];
  for (const [why, answer, reason] of passedOver) {
    it(`is that of the second location if the first ${why}, which one warning says`, async () => {
      for (const onStale of ["error", "warn"]) {
        const cloud = createCloud(answer, fresh);
        const result = await ask(cloud, { onStale });
        assert.deepEqual([result.backupId, result.region, result.regionType], ["fresh", "b", "target"]);
        assert.equal(result.stale, false);
        assert.equal(listAsked(cloud), "a, b target");
        assert.deepEqual(cloud.warnings, [
          `g: backup \`fresh\` of ${B} is used, made at 2023-11-14T21:13:20.000Z, 1h ago. ` +
            `Passed over: ${A}: ${reason} (URedis group g in b)`,
        ]);
      }
    });
  }

  it("is that of the second location if the first is in trouble, which is no lack of backups", async () => {
    for (const code of ["Unavailable", "Timeout"] as const) {
      const cloud = createCloud(outage(code), fresh);
      assert.equal((await ask(cloud)).region, "b");
      assert.deepEqual(cloud.warnings, [
        `g: ${A} is in trouble and passed over. ${NOT_SEEN} no answer (${code}). (URedis group g in a)`,
        `g: backup \`fresh\` of ${B} is used, made at 2023-11-14T21:13:20.000Z, 1h ago. ` +
          `Passed over: ${A}: it is in trouble, and was not seen to be without backups. ` +
          "(URedis group g in b)",
      ]);
    }
  });

  it("is warned about before the next location is asked", async () => {
    const cloud: FakeCloud = new FakeCloud(({ region }) => {
      if (region === "a") throw outage();
      assert.equal(cloud.warnings.length, 1);
      return fresh;
    });
    await ask(cloud);
  });

  const final: ErrorCode[] = [
    "Unauthorized",
    "Forbidden",
    "NotFound",
    "InvalidArgument",
    "Throttled",
    "ApiError",
    "BadResponse",
    "AmbiguousSource",
    "MissingCredentials",
    "Cancelled",
    "Unavailable",
  ];
  for (const code of final) {
    it(`is not looked for elsewhere after ${code} that is no outage`, async () => {
      const error = new RedisBackupError(code, "refused");
      const cloud = createCloud([], error, fresh);
      await assert.rejects(ask(cloud), error);
      assert.equal(listAsked(cloud), "a, b target");
      assert.deepEqual(cloud.warnings, []);
    });
  }

  it("is not looked for elsewhere if the group is not the one asked for, or the fault is no failure of the API", async () => {
    const other = createCloud([{ ...uredis("x", 1), GroupId: "h" }], fresh);
    await assert.rejects(ask(other), { code: "AmbiguousSource" });
    const crashed = new FakeCloud(() => {
      throw new RangeError("odd");
    });
    await assert.rejects(ask(crashed), RangeError);
    assert.equal(crashed.asked.length, 1);
  });

  it("may be stale with onStale `warn`: then it is the first one, and no location is asked twice", async () => {
    const cloud = createCloud([], stale, older);
    const result = await ask(cloud, { onStale: "warn" });
    assert.deepEqual([result.backupId, result.region, result.stale], ["stale", "b", true]);
    assert.equal(listAsked(cloud), "a, b target, c");
    assert.equal(cloud.warnings.length, 2);
    assert.match(
      cloud.warnings[0] ?? "",
      /^\[StaleBackup\] g: newest usable backup is 30h old[^]*URedis group g in b/,
    );
    assert.match(cloud.warnings[1] ?? "", /^g: backup `stale` of locations\[1\], b .*: no backup found\. \(/);
  });

  it("is stale without a warning about locations if it is that of the first", async () => {
    const cloud = createCloud(stale, [], older);
    assert.equal((await ask(cloud, { onStale: "warn" })).region, "a");
    assert.equal(cloud.warnings.length, 1);
    assert.match(cloud.warnings[0] ?? "", /^\[StaleBackup\]/);
  });

  it("is asked for with brief calls, which a single location does not need", async () => {
    const cloud = createCloud([], fresh);
    await ask(cloud);
    assert.deepEqual(cloud.briefs, [true, true]);
    const single = createCloud(fresh);
    const result = await ask(single, { locations: [{ region: "a", regionType: "normal" }] });
    assert.deepEqual([result.regionType, single.briefs], ["normal", [false]]);
  });

  it("is missed in a single location as without locations", async () => {
    const error = outage();
    const cloud = createCloud(error);
    await assert.rejects(ask(cloud, { locations: [{ region: "a" }] }), error);
    assert.deepEqual(cloud.warnings, []);
  });

  it("passes the same filters everywhere, and waits for the project that is asked for", async () => {
    const cloud = createCloud([uredis("x", 1)], [uredis("y", 2)], [uredis("z", 3)]);
    const result = await ask(cloud, { createdBefore: "2023-11-14T20:00:00Z", projectId: "org" });
    assert.deepEqual([result.backupId, result.region, result.projectId], ["z", "c", "org"]);
    assert.ok(cloud.asked.every(({ projectId }) => projectId === "org"));
  });
});

describe("no backup of several locations", () => {
  const codes: [what: string, answers: Answer[], code: ErrorCode][] = [
    ["one is stale", [[], broken, stale], "StaleBackup"],
    ["the first is stale", [stale, [], []], "StaleBackup"],
    ["one is not usable", [[], broken, []], "NoUsableBackup"],
    ["there is none at all", [[], [], []], "NoBackups"],
    ["one region is in trouble", [stale, outage("Timeout"), broken], "Timeout"],
    ["two regions are in trouble", [outage(), outage("Timeout"), []], "Unavailable"],
  ];
  for (const [what, answers, code] of codes) {
    it(`fails with ${code} if ${what}`, async () => {
      const isOutage = answers.some((each) => each instanceof Error);
      await assert.rejects(ask(createCloud(...answers)), { code, isOutage });
    });
  }

  it("fails with the reason for each, in order, one a paragraph", () =>
    assert.rejects(ask(createCloud([], outage("Timeout"), stale)), {
      message: [
        "[Timeout] g: none of the 3 locations has a backup that can be used, but whether 1 of them has any is not known.",
        `${A}: [NoBackups] g: no backup found.\nAsked for: URedis group g in a.\n` +
          "Check the region, the project, `regionType`, `slaveZone` and the ids asked for, or make a backup.",
        `${B}: [Timeout] no answer (Timeout).\n${NOT_SEEN}`,
        "locations[2], c (regionType normal): [StaleBackup] g: newest usable backup is 30h old, maxAge 26h.\n" +
          "Newest usable: `stale`, made at 2023-11-13T16:13:20.000Z.\nAsked for: URedis group g in c.\n" +
          "Make a new backup, raise maxAge, or set onStale to `warn`.",
      ].join("\n\n"),
    }));

  it("says that none could be asked where all regions are in trouble", () =>
    assert.rejects(ask(createCloud(outage(), outage("Timeout"), outage())), {
      message: /^\[Unavailable\] g: none of the 3 locations could be asked for backups\.\n/,
    }));
});
