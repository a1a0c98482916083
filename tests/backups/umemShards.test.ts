import assert from "node:assert/strict";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { assembleShards, summarize } from "./shards";

const STATES: Readonly<Record<string, string | undefined>> = { D: "Done", S: "Starting", O: "Odd", B: "Bad" };

/** Rows of one backup, such as `2D` for one that is done and says that there are two shards; `-` is a row without a state. */
function readShards(text: string): JsonObject[] {
  return text.split(" ").map((each) => {
    const [, count, state = "-"] = /^(\d*)(\S)$/.exec(each) ?? [];
    return {
      ...(count ? { BlockCount: Number(count) } : {}),
      ...(state === "-" ? {} : { State: STATES[state] }),
    };
  });
}

describe("shards", () => {
  const cases: readonly (readonly [title: string, shards: string, summary: unknown[]])[] = [
    ["are whole if all are there and done", "2D 2D", ["Done", 2, 2, true]],
    ["are not whole if one is running", "2D 2S", ["Starting", 1, 2, false]],
    ["are not whole if one has no state", "2D 2-", ["Starting", 1, 2, false]],
    ["are not whole if one is missing", "3D 3D", ["Starting", 2, 3, false]],
    ["are counted by the largest BlockCount", "2D 3D", ["Starting", 2, 3, false]],
    ["need one BlockCount among them", "2D D", ["Done", 2, 2, true]],
    ["are never whole without a BlockCount", "D D", ["Starting", 2, undefined, false]],
    ["are never whole with a BlockCount of 0", "0D D", ["Starting", 2, undefined, false]],
    ["may be more than BlockCount", "2D D D", ["Done", 2, 2, true]],
    ["must all be done even beyond BlockCount", "2D D S", ["Starting", 2, 2, false]],
    ["show the most telling state", "S O 3D", ["Odd", 1, 3, false]],
    ["show the first of several states", "O B 3D", ["Bad", 1, 3, false]],
    ["show an odd state though others are missing", "3O", ["Odd", 0, 3, false]],
    ["may be one", "1D", ["Done", 1, 1, true]],
  ];
  for (const [title, shards, summary] of cases) {
    it(`${title}: ${shards}`, () => {
      const rows = readShards(shards);
      assert.deepEqual(summarize(assembleShards(...rows)), summary);
      assert.deepEqual(summarize(assembleShards(...rows.reverse())), summary);
    });
  }

  it("are counted and described alike whichever was made first", () => {
    const rows = readShards("3O 2B 2D").map((row, i) => ({ ...row, CreateTime: i + 1 }));
    assert.deepEqual(summarize(assembleShards(...rows)), ["Bad", 1, 3, false]);
  });

  const variants = {
    CreateTime: [1, 2],
    State: ["Done", "Starting"],
    BackupName: ["x", "y"],
    BackupType: ["auto", "manual"],
    BlockCount: [1, 2],
    BlockSize: [1, 2],
    Protocol: ["memcache", "redis"],
    SpaceId: ["s", "t"],
  };
  for (const [field, values] of Object.entries(variants)) {
    it(`have an order of their own even if they differ in ${field} alone`, () => {
      const rows = [...values.map((value) => ({ [field]: value })), {}];
      assert.deepEqual(assembleShards(...rows), assembleShards(...[...rows].reverse()));
    });
  }

  for (const [title, times, createTime, createdAt] of [
    [
      "are dated by the earliest valid time",
      [1_700_000_005, "1700000003", 0, -4, null, 1e15],
      1_700_000_003,
      "2023-11-14T22:13:23.000Z",
    ],
    ["are undated if no time is valid", [0, -1, null], undefined, undefined],
    [
      "keep a time past the year 9999, without a createdAt",
      [1_700_000_000_000],
      1_700_000_000_000,
      undefined,
    ],
  ] as const) {
    it(title, () => {
      const backup = assembleShards(...times.map((CreateTime) => ({ CreateTime })));
      assert.deepEqual([backup.createTime, backup.createdAt], [createTime, createdAt]);
      assert.ok(!Object.values(backup).includes(undefined));
    });
  }

  const two = { BlockCount: 2, BlockSize: 5 };
  const sizes: readonly (readonly [title: string, rows: JsonObject[], size: number | undefined])[] = [
    ["are summed", [two, { BlockSize: "7" }], 12],
    ["are summed while running", [{ ...two, State: "Starting" }, { BlockSize: 0 }], 5],
    ["are unknown if one is", [two, {}], undefined],
    ["are unknown if one is negative", [two, { BlockSize: -1 }], undefined],
    ["are unknown if a shard is missing", [{ ...two, BlockCount: 3 }, { BlockSize: 7 }], undefined],
    ["are unknown if the number of shards is", [{ BlockSize: 5 }, { BlockSize: 7 }], undefined],
    [
      "are unknown above JavaScript's integers",
      [{ ...two, BlockSize: 2 ** 53 - 1 }, { BlockSize: 1 }],
      undefined,
    ],
  ];
  for (const [title, rows, size] of sizes) {
    it(`have sizes that ${title}`, () => {
      const backup = assembleShards(...rows);
      assert.equal(backup.blockSize, size);
      assert.equal("blockSize" in backup, size !== undefined);
    });
  }

  it("give the backup the first name, type, space and protocol that any of them has", () => {
    const { backupName, backupType, spaceId, protocol } = assembleShards(
      {},
      { BackupName: "n", BackupType: "auto" },
      { SpaceId: "s", Protocol: "redis" },
    );
    assert.deepEqual([backupName, backupType, spaceId, protocol], ["n", "auto", "s", "redis"]);
  });
});
