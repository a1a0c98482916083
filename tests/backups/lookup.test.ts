import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { FunctionToken, RawArguments } from "../../provider/backups/arguments";
import { type LookupContext, lookupFunctions } from "../../provider/backups/lookup";
import type { RedisBackupApi } from "../../provider/backups/sources";
import { readUMemBlock } from "../../provider/backups/umem";
import { readURedisBackup } from "../../provider/backups/uredis";
import type { PageRequest } from "../../provider/ucloud/actions";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { WireObject } from "../../provider/ucloud/wire";
import { shuffled, umemRow, uredisRow } from "./rows";

const LIST_UREDIS = "ucloud-redis:index:getURedisBackups";
const LIST_UMEM = "ucloud-redis:index:getUMemBackups";
const LATEST_UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const LATEST_UMEM = "ucloud-redis:index:getLatestUMemBackup";

const GROUP = { groupId: "g" };
const SPACE = { zone: "z", spaceId: "s" };
const NOW_SECONDS = 1_700_000_000;

type Read<Row> = (row: WireObject) => Row;

interface Asked {
  readonly region: string;
  readonly projectId?: string | undefined;
  readonly page: PageRequest | undefined;
}

/** A lookup's surroundings: what the API has, and what came of the call. */
class Stage implements LookupContext {
  region: string | undefined = "cn-bj2";
  projectId: string | undefined = undefined;
  readonly asked: Asked[] = [];
  readonly warnings: string[] = [];

  constructor(
    private readonly listing: { rows?: readonly WireObject[]; warnings?: string[]; totalCount?: number } = {},
  ) {}

  openApi = (): RedisBackupApi => {
    const { rows = [], ...rest } = this.listing;
    const answer = <Row>(query: Omit<Asked, "page">, page: PageRequest | undefined, read: Read<Row>) => {
      this.asked.push({ region: query.region, projectId: query.projectId, page });
      return Promise.resolve({ warnings: [], ...rest, rows: rows.map(read) });
    };
    return {
      listURedisBackups: (query, page) => answer(query, page, readURedisBackup),
      listUMemBackups: (query, page) => answer(query, page, readUMemBlock),
    };
  };
  readonly now = (): Date => new Date(NOW_SECONDS * 1000);
  readonly warn = (text: string): void => void this.warnings.push(text);
  readonly inform = (): void => undefined;

  call<Token extends FunctionToken>(token: Token, args: RawArguments) {
    return lookupFunctions[token](args, this) as ReturnType<(typeof lookupFunctions)[Token]>;
  }
}

function uredis(...rows: [id: string, hoursAgo: number, state?: string][]): WireObject[] {
  return rows.map(([BackupId, hoursAgo, State = "Success"]) => ({
    BackupId,
    State,
    GroupId: "g",
    BackupTime: NOW_SECONDS - hoursAgo * 3600,
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

  for (const [title, given, isWhole] of [
    ["everything was read", {}, true],
    ["a page was read, even one that seems to be all there is", { offset: 0, limit: 10 }, false],
  ] as const) {
    it(`takes one row for a backup of two shards ${isWhole ? "" : "not "}to be whole where ${title}`, async () => {
      const rows = [{ BackupId: "b", State: "Done", BlockCount: 2, CreateTime: NOW_SECONDS }];
      const stage = new Stage({ rows, totalCount: 1 });
      const { latest } = await stage.call(LIST_UMEM, { ...SPACE, ...given });
      assert.equal(latest !== undefined, isWhole);
    });
  }

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
      const settle = (rows: readonly WireObject[]): Promise<unknown> =>
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
