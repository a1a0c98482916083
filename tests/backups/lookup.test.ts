import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { FunctionToken, RawArguments } from "../../provider/backups/arguments";
import { type LookupContext, lookupFunctions } from "../../provider/backups/lookup";
import type { RedisBackupApi } from "../../provider/backups/services";
import type { UMemRows } from "../../provider/ucloud/settings";
import type { PageRequest } from "../../provider/ucloud/actions";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { Listing } from "../../provider/ucloud/paging";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { shuffled, umemRow, uredisRow } from "./rows";
import { listUMemRows, listURedisRows } from "./shards";

const LIST_UREDIS = "ucloud-redis:index:getURedisBackups";
const LIST_UMEM = "ucloud-redis:index:getUMemBackups";
const LATEST_UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const LATEST_UMEM = "ucloud-redis:index:getLatestUMemBackup";

const GROUP = { groupId: "g" };
const SPACE = { zone: "z", spaceId: "s" };
const NOW_SECONDS = 1_700_000_000;

type List<Row> = (rows: readonly JsonObject[], facts: Partial<Listing<unknown>>) => Listing<Row>;

interface Asked {
  readonly region: string;
  readonly projectId?: string | undefined;
  readonly page: PageRequest | undefined;
}

/** A lookup's surroundings: what the API has, and what came of the call. */
class Stage implements LookupContext {
  region: string | undefined = "cn-bj2";
  projectId: string | undefined = undefined;
  umemRows: UMemRows | undefined = undefined;
  readonly asked: Asked[] = [];
  readonly warnings: string[] = [];

  constructor(
    private readonly listing: { rows?: readonly JsonObject[]; warnings?: string[]; totalCount?: number } = {},
  ) {}

  openApi = (): RedisBackupApi => {
    const { rows = [], ...rest } = this.listing;
    const answer = <Row>(query: Omit<Asked, "page">, page: PageRequest | undefined, list: List<Row>) => {
      this.asked.push({ region: query.region, projectId: query.projectId, page });
      return Promise.resolve(list(rows, { ...rest, isComplete: page === undefined }));
    };
    return {
      listURedisBackups: (query, page) => answer(query, page, listURedisRows),
      listUMemBackups: (query, page) => answer(query, page, listUMemRows),
    };
  };
  readonly now = (): Date => new Date(NOW_SECONDS * 1000);
  readonly warn = (text: string): void => void this.warnings.push(text);
  readonly inform = (): void => undefined;

  call<Token extends FunctionToken>(token: Token, args: RawArguments) {
    return lookupFunctions[token](args, this) as ReturnType<(typeof lookupFunctions)[Token]>;
  }
}

function uredis(...rows: [id: string, hoursAgo: number, state?: string][]): JsonObject[] {
  return rows.map(([BackupId, hoursAgo, State = "Success"]) => ({
    BackupId,
    State,
    GroupId: "g",
    BackupTime: NOW_SECONDS - hoursAgo * 3600,
  }));
}

function createUndated(BackupId: string, State = "Success"): JsonObject {
  return { BackupId, State, GroupId: "g" };
}

/** One row each of backups of two shards, the newest first. */
function createLoneRows(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, i) => ({
    BackupId: `b${i}`,
    State: "Done",
    BlockCount: 2,
    CreateTime: NOW_SECONDS - i,
  }));
}

describe("a lookup", () => {
  const calls = [
    [LIST_UREDIS, GROUP],
    [LATEST_UREDIS, GROUP],
    [LIST_UMEM, SPACE],
    [LATEST_UMEM, SPACE],
  ] as const;

  for (const [token, args] of calls) {
    it(`(${token}) opens no API when its arguments are bad`, async () => {
      const stage = new Stage();
      stage.openApi = () => assert.fail("opened");
      for (const more of [{ nope: 1 }, { createdAfter: "x" }, { nameRegex: "(" }, { region: 1 }]) {
        await assert.rejects(stage.call(token, { ...args, ...more }), { code: "InvalidArgument" });
      }
    });

    it(`(${token}) passes on why there is no API`, async () => {
      const stage = new Stage();
      stage.openApi = () => {
        throw new RedisBackupError("MissingCredentials", "none");
      };
      await assert.rejects(stage.call(token, args), { code: "MissingCredentials" });
    });

    it(`(${token}) asks the call's place before the settings'`, async () => {
      const stage = new Stage();
      stage.projectId = "org-settings";
      await stage.call(token, args).catch(() => undefined);
      await stage.call(token, { ...args, region: "hk", projectId: "org-call" }).catch(() => undefined);
      assert.deepEqual(
        stage.asked.map(({ region, projectId }) => [region, projectId]),
        [
          ["cn-bj2", "org-settings"],
          ["hk", "org-call"],
        ],
      );
    });

    it(`(${token}) shows what the reading warned of, and says of what`, async () => {
      const stage = new Stage({ warnings: ["It changed."] });
      await stage.call(token, args).catch(() => undefined);
      assert.equal(stage.warnings.length, 1);
      assert.match(stage.warnings[0] ?? "", /^It changed\. \(U(Redis group g|Mem space s in z)\b.*cn-bj2\)$/);
    });
  }

  it("needs a region from somewhere", async () => {
    const stage = new Stage();
    stage.region = undefined;
    await assert.rejects(stage.call(LIST_UREDIS, GROUP), {
      message: /^\[InvalidArgument\] region: is required: .*`ucloud-redis:region`, UCLOUD_REGION/,
    });
    await stage.call(LIST_UREDIS, { ...GROUP, region: "hk" });
  });

  for (const [given, page] of [
    [{}, undefined],
    [{ offset: null, limit: null }, undefined],
    [{ offset: 0 }, { offset: 0, limit: undefined }],
    [{ limit: 7 }, { offset: undefined, limit: 7 }],
    [
      { offset: 3, limit: 7 },
      { offset: 3, limit: 7 },
    ],
  ] as const) {
    it(`asks for ${page === undefined ? "everything" : "one page"} given ${JSON.stringify(given)}`, async () => {
      const stage = new Stage();
      await stage.call(LIST_UREDIS, { ...GROUP, ...given });
      assert.deepEqual(
        stage.asked.map((each) => each.page),
        [page],
      );
    });
  }

  for (const [title, count, given, isWhole] of [
    ["everything was read, and there are three", 3, {}, true],
    ["everything was read, and there are two", 2, {}, false],
    ["a page was read, even one that seems to be all there is", 3, { offset: 0, limit: 10 }, false],
  ] as const) {
    it(`takes one row for a backup of two shards ${isWhole ? "" : "not "}to be whole where ${title}`, async () => {
      const stage = new Stage({ rows: createLoneRows(count), totalCount: count });
      const { latest } = await stage.call(LIST_UMEM, { ...SPACE, ...given });
      assert.equal(latest !== undefined, isWhole);
    });
  }

  for (const [umemRows, count, isWhole] of [
    ["backups", 1, true],
    ["shards", 3, false],
    ["auto", 1, false],
    ["auto", 3, true],
  ] as const) {
    it(`takes ${count} lone UMem rows ${isWhole ? "" : "not "}to be whole where the settings say ${umemRows}`, async () => {
      const stage = new Stage({ rows: createLoneRows(count) });
      stage.umemRows = umemRows;
      const { latest } = await stage.call(LIST_UMEM, SPACE);
      assert.equal(latest?.backupId, isWhole ? "b0" : undefined);
      const choice = stage.call(LATEST_UMEM, SPACE);
      if (isWhole) assert.equal((await choice).backupId, "b0");
      else await assert.rejects(choice, { code: "NoUsableBackup", message: /1 of 2 shards missing/ });
    });
  }

  it("says which setting makes a lone UMem row a backup", async () => {
    const stage = new Stage({ rows: createLoneRows(1) });
    await assert.rejects(stage.call(LATEST_UMEM, SPACE), {
      code: "NoUsableBackup",
      message: /1 of 2 shards missing, unless .*set `umemRows` to `backups`/,
    });
    const { skipped } = await stage.call(LIST_UMEM, SPACE);
    assert.match(skipped[0]?.reason ?? "", /set `umemRows` to `backups`$/);
  });

  const doubts: readonly (readonly [title: string, rows: JsonObject[], warnings: RegExp[]])[] = [
    ["nothing of a backup in order", uredis(["a", 1], ["b", 2]), []],
    ["of a backup dated in the future", uredis(["a", -2], ["b", 2]), [/`a`, is dated in the future/]],
    [
      "of an undated backup that is the only usable one",
      [createUndated("a"), createUndated("b", "Error")],
      [/`a`, has no known time/],
    ],
    [
      "of usable undated backups passed over",
      [...uredis(["a", 1]), createUndated("u"), createUndated("v"), createUndated("w", "Error")],
      [/passed over and may be newer: `u`, `v`\./],
    ],
  ];
  for (const token of [LIST_UREDIS, LATEST_UREDIS] as const) {
    for (const [title, rows, warnings] of doubts) {
      it(`(${token}) warns ${title}`, async () => {
        const stage = new Stage({ rows });
        await stage.call(token, GROUP);
        assert.equal(stage.warnings.length, warnings.length);
        for (const [i, warning] of warnings.entries()) {
          assert.match(stage.warnings[i] ?? "", warning);
          assert.match(stage.warnings[i] ?? "", /of URedis group g in cn-bj2/);
        }
      });
    }
  }

  it("chooses none of several usable backups without a known time, and lists why", async () => {
    const stage = new Stage({ rows: [createUndated("a"), createUndated("b")] });
    const { backups, latest, skipped } = await stage.call(LIST_UREDIS, GROUP);
    assert.deepEqual([backups.length, latest], [2, undefined]);
    assert.deepEqual(
      skipped.map(({ backupId, reason }) => [backupId, reason]),
      [
        ["a", "its time is not known"],
        ["b", "its time is not known"],
      ],
    );
    await assert.rejects(stage.call(LATEST_UREDIS, GROUP), {
      code: "AmbiguousSource",
      message: /None of the 2 usable backups of URedis group g in cn-bj2 has a known time/,
    });
  });

  it("is refused where several backups name no group and none was asked for", async () => {
    const rows = uredis(["a", 5], ["b", 1, "Error"]).map((row) => ({ ...row, GroupId: undefined }));
    const args = { regionType: "normal" };
    await assert.rejects(new Stage({ rows }).call(LATEST_UREDIS, args), { code: "AmbiguousSource" });
    const alone = await new Stage({ rows: rows.slice(0, 1) }).call(LATEST_UREDIS, args);
    assert.equal(alone.backupId, "a");
    assert.equal((await new Stage({ rows }).call(LATEST_UREDIS, GROUP)).backupId, "a");
  });

  it("does not choose a backup that the API lists as usable and as failed", async () => {
    const rows = uredis(["a", 1], ["a", 1, "Error"], ["b", 9]);
    for (const given of [rows, [...rows].reverse()]) {
      const { backupId, skipped } = await new Stage({ rows: given }).call(LATEST_UREDIS, GROUP);
      assert.deepEqual([backupId, skipped.map(({ reason }) => reason)], ["b", ["failed"]]);
    }
  });

  for (const [token, args, suspects] of [
    [LATEST_UREDIS, GROUP, "the region, the project, `regionType`, `slaveZone` and the ids asked for"],
    [LATEST_UMEM, SPACE, "the region, the zone, the project and the space's id"],
  ] as const) {
    it(`(${token}) says what to check where there is no backup`, () =>
      assert.rejects(new Stage().call(token, args), ({ message }: Error) =>
        message.endsWith(`Make one, or check ${suspects}.`),
      ));
  }

  it("says of the id asked for that it may be wrong, where it is not found", () =>
    assert.rejects(new Stage().call(LATEST_UREDIS, { ...GROUP, backupId: "b" }), {
      code: "NoBackups",
      message:
        /There is no backup of id b of URedis group g in cn-bj2\. Make one, or check .*the ids asked for/,
    }));

  for (const [maxAge, problem] of [
    ["26", /^\[InvalidArgument\] maxAge: must be a duration such as .*, not `26`/],
    ["101w1d200y", /^\[InvalidArgument\] maxAge: must be a duration such as .*, not `101w1d200y`/],
    ["5300w", /^\[InvalidArgument\] maxAge: must not be longer than 100 years/],
    ["0h", /^\[InvalidArgument\] maxAge: must be longer than 0 seconds/],
  ] as const) {
    it(`refuses the maxAge ${maxAge} and says what is wrong with it`, () =>
      assert.rejects(new Stage().call(LATEST_UREDIS, { ...GROUP, maxAge }), { message: problem }));
  }

  it("asks for a group or a region type in one failure", () =>
    assert.rejects(new Stage().call(LATEST_UREDIS, {}), ({ message }: Error) => {
      assert.match(message, /groupId: is required unless regionType is given/);
      assert.doesNotMatch(message, /regionType: /);
      return true;
    }));

  it("compares the filters with the total before them, where they leave nothing", async () => {
    const stage = new Stage({ rows: uredis(["a", 1], ["b", 2, "Error"]) });
    await assert.rejects(stage.call(LATEST_UREDIS, { ...GROUP, states: ["Expired"] }), {
      code: "NoBackups",
      message: /None of the 2 backups of URedis group g in cn-bj2 .*`Error`, `Success`/,
    });
  });

  it("is refused where there are several groups, even if the filters leave backups of one only", async () => {
    const rows = [...uredis(["a", 5]), { ...uredis(["b", 1, "Error"])[0], GroupId: "h" }];
    const stage = new Stage({ rows });
    for (const filters of [{}, { states: ["Success"] }]) {
      const args = { regionType: "normal", ...filters };
      await assert.rejects(stage.call(LATEST_UREDIS, args), { code: "AmbiguousSource" });
    }
  });

  for (const [hoursAgo, guard, outcome] of [
    [25.9, { maxAge: "26h" }, { stale: false, warnings: 0 }],
    [26, { maxAge: "26h" }, { stale: false, warnings: 0 }],
    [27, { maxAge: "26h" }, "StaleBackup"],
    [27, { maxAge: "26h", onStale: "error" }, "StaleBackup"],
    [27, { maxAge: "26h", onStale: "warn" }, { stale: true, warnings: 1 }],
    [9999, {}, { stale: false, warnings: 0 }],
    [9999, { onStale: "warn" }, { stale: false, warnings: 0 }],
  ] as const) {
    it(`of a backup ${hoursAgo} h old with ${JSON.stringify(guard)} ends in ${JSON.stringify(outcome)}`, async () => {
      const stage = new Stage({ rows: uredis(["a", hoursAgo], ["newer", 1, "Error"]) });
      const call = stage.call(LATEST_UREDIS, { ...GROUP, ...guard });
      if (typeof outcome === "string")
        return assert.rejects(call, { code: outcome, message: /`a`.*`newer`/ });
      const { stale, backupId, skipped, ageSeconds } = await call;
      assert.deepEqual([backupId, stale, stage.warnings.length], ["a", outcome.stale, outcome.warnings]);
      assert.deepEqual(
        skipped.map((each) => each.backupId),
        ["newer"],
      );
      assert.equal(ageSeconds, hoursAgo * 3600);
    });
  }

  for (const [token, args, row] of [
    [LIST_UREDIS, GROUP, uredisRow],
    [LIST_UMEM, SPACE, umemRow],
    [LATEST_UREDIS, GROUP, uredisRow],
    [LATEST_UMEM, SPACE, umemRow],
  ] as const) {
    it(`(${token}) ends the same whatever the order of the rows`, async () => {
      const settle = (rows: readonly JsonObject[]): Promise<unknown> =>
        new Stage({ rows }).call(token, args).catch((error: unknown) => {
          assert.ok(error instanceof RedisBackupError);
          return error.message;
        });
      await fc.assert(
        fc.asyncProperty(shuffled(row), async ([rows, same]) => {
          assert.deepEqual(await settle(rows), await settle(same));
        }),
      );
    });
  }
});
