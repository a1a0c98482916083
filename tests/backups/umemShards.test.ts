import assert from "node:assert/strict";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { assembleShards, DONE, STARTING, summarize } from "./shards";

describe("shards", () => {
  const two = { BlockCount: 2 };
  const three = { BlockCount: 3 };
  const odd = { State: "Odd" };
  const cases: readonly (readonly [title: string, rows: JsonObject[], summary: unknown[]])[] = [
    [
      "are whole when all are there and done",
      [
        { ...two, ...DONE },
        { ...two, ...DONE },
      ],
      ["Done", 2, 2, true],
    ],
    [
      "are not whole when one is running",
      [
        { ...two, ...DONE },
        { ...two, ...STARTING },
      ],
      ["Starting", 1, 2, false],
    ],
    ["are not whole when one has no state", [{ ...two, ...DONE }, two], ["Starting", 1, 2, false]],
    [
      "are not whole when one is missing",
      [
        { ...three, ...DONE },
        { ...three, ...DONE },
      ],
      ["Starting", 2, 3, false],
    ],
    [
      "are counted by the largest BlockCount",
      [
        { ...two, ...DONE },
        { ...three, ...DONE },
      ],
      ["Starting", 2, 3, false],
    ],
    ["need one BlockCount among them", [{ ...two, ...DONE }, DONE], ["Done", 2, 2, true]],
    ["are never whole without a BlockCount", [DONE, DONE], ["Starting", 2, undefined, false]],
    [
      "are never whole with a BlockCount of 0",
      [{ BlockCount: 0, ...DONE }, DONE],
      ["Starting", 2, undefined, false],
    ],
    ["may be more than BlockCount", [{ ...two, ...DONE }, DONE, DONE], ["Done", 2, 2, true]],
    [
      "must all be done even beyond BlockCount",
      [{ ...two, ...DONE }, DONE, STARTING],
      ["Starting", 2, 2, false],
    ],
    ["show the state that tells most", [STARTING, odd, { ...three, ...DONE }], ["Odd", 1, 3, false]],
    [
      "show the first of several states",
      [odd, { State: "Bad" }, { ...three, ...DONE }],
      ["Bad", 1, 3, false],
    ],
    ["show an odd state though others are missing", [{ ...three, ...odd }], ["Odd", 0, 3, false]],
    ["are one when BlockCount is 1", [{ BlockCount: 1, ...DONE }], ["Done", 1, 1, true]],
  ];
  for (const [title, rows, summary] of cases) {
    it(title, () => {
      assert.deepEqual(summarize(assembleShards(...rows)), summary);
      assert.deepEqual(summarize(assembleShards(...[...rows].reverse())), summary);
    });
  }

  it("are counted and described alike whichever was made first", () => {
    const rows = [
      { ...three, ...odd, CreateTime: 1 },
      { ...two, State: "Bad", CreateTime: 2 },
      { ...two, ...DONE, CreateTime: 3 },
    ];
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
    it(`have an order of their own even when they differ in ${field} alone`, () => {
      const rows = [...values.map((value) => ({ [field]: value })), {}];
      assert.deepEqual(assembleShards(...rows), assembleShards(...[...rows].reverse()));
    });
  }

  it("date the backup by the earliest valid time", () => {
    const times = [1_700_000_005, "1700000003", 0, -4, null, 1e15];
    const backup = assembleShards(...times.map((CreateTime) => ({ CreateTime })));
    assert.equal(backup.createTime, 1_700_000_003);
    assert.equal(backup.createdAt, "2023-11-14T22:13:23.000Z");
  });

  it("leave the backup undated when no time is valid", () => {
    const backup = assembleShards({ CreateTime: 0 }, { CreateTime: -1 }, {});
    assert.equal("createTime" in backup, false);
    assert.equal("createdAt" in backup, false);
  });

  it("keep a time past the year 9999 as the API said, without a createdAt", () => {
    const backup = assembleShards({ CreateTime: 1_700_000_000_000 });
    assert.equal(backup.createTime, 1_700_000_000_000);
    assert.equal("createdAt" in backup, false);
  });

  const sizes: readonly (readonly [title: string, rows: JsonObject[], size: number | undefined])[] = [
    ["are summed", [{ ...two, BlockSize: 5 }, { BlockSize: "7" }], 12],
    ["are summed while running", [{ ...two, BlockSize: 5, ...STARTING }, { BlockSize: 0 }], 5],
    ["are unknown when one is", [{ ...two, BlockSize: 5 }, {}], undefined],
    ["are unknown when one is negative", [{ ...two, BlockSize: 5 }, { BlockSize: -1 }], undefined],
    ["are unknown when a shard is missing", [{ ...three, BlockSize: 5 }, { BlockSize: 7 }], undefined],
    ["are unknown when the number of shards is", [{ BlockSize: 5 }, { BlockSize: 7 }], undefined],
    [
      "are unknown past what JavaScript counts",
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

  it("lend the backup what any of them says", () => {
    const backup = assembleShards(
      {},
      { BackupName: "n", BackupType: "auto" },
      { SpaceId: "s", Protocol: "redis" },
    );
    const { backupName, backupType, spaceId, protocol } = backup;
    assert.deepEqual(
      { backupName, backupType, spaceId, protocol },
      {
        backupName: "n",
        backupType: "auto",
        spaceId: "s",
        protocol: "redis",
      },
    );
  });
});
