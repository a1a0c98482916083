import assert from "node:assert/strict";
import { createDatabaseReader } from "../../provider/ucloud/databaseReader";
import type { DatabaseReader } from "../../provider/ucloud/databases";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { FakeClient } from "../support/fakeClient";

const PLACE = { region: "r", projectId: "p", zone: "r-01" };
const WIRE = { Region: "r", ProjectId: "p", Zone: "r-01" };

/** What a read asks, without undefined parameters, and what it makes of an answer. */
async function read(
  act: (reader: DatabaseReader) => Promise<unknown>,
  answer: JsonObject,
): Promise<{ asked: unknown; result: unknown }> {
  const client = new FakeClient(() => ({ RetCode: 0, ...answer }));
  const result = await act(createDatabaseReader(client));
  const asked = client.calls.map(({ action, parameters }) => [
    action,
    Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
  ]);
  return { asked: asked[0], result };
}

describe("database reader: offers", () => {
  const reads: [
    name: string,
    act: (reader: DatabaseReader) => Promise<unknown>,
    asked: [string, JsonObject],
    answer: JsonObject,
    result: unknown,
  ][] = [
    [
      "versions, each once",
      (reader) => reader.listVersions(PLACE),
      ["DescribeURedisVersion", WIRE],
      { DataSet: [{ Version: "6.0" }, { Version: 7 }, {}, { Version: "6.0" }] },
      ["6.0", "7"],
    ],
    ["no versions", (reader) => reader.listVersions(PLACE), ["DescribeURedisVersion", WIRE], {}, []],
    [
      "configurations",
      (reader) => reader.listConfigs({ ...PLACE, version: "6.0", configId: "c" }),
      [
        "DescribeURedisConfig",
        { ...WIRE, RegionFlag: false, Version: "6.0", ConfigId: "c", Offset: 0, Limit: 100 },
      ],
      {
        TotalCount: 3,
        DataSet: [
          { ConfigId: "c", Name: "n", Version: "6.0", IsModify: "Unmodifiable", State: "Usable" },
          { ConfigId: "d", IsModify: "Modifiable", State: "Deleted" },
          { Name: "nameless" },
        ],
      },
      [
        { id: "c", name: "n", version: "6.0", isDefault: true, isUsable: true },
        { id: "d", isDefault: false, isUsable: false },
      ],
    ],
    [
      "room for a group",
      (reader) => reader.countRoom({ ...PLACE, kind: "uredis", size: 4 }),
      ["CheckURedisAllowance", { ...WIRE, Size: 4, Count: 1, Protocol: "redis" }],
      { Count: "3" },
      3,
    ],
    [
      "room for a group across zones",
      (reader) => reader.countRoom({ ...PLACE, kind: "uredis", size: 4, slaveZone: "r-02" }),
      [
        "CheckURedisAllowance",
        { ...WIRE, Size: 4, Count: 1, Protocol: "redis", RegionFlag: true, SlaveZone: "r-02" },
      ],
      { Count: 0 },
      0,
    ],
    [
      "room for a space",
      (reader) => reader.countRoom({ ...PLACE, kind: "umem", size: 8 }),
      ["CheckUDredisSpaceAllowance", { ...WIRE, Size: 8, Count: "1" }],
      { Count: null },
      undefined,
    ],
    [
      "prices of a group",
      (reader) =>
        reader.listPrices({
          ...PLACE,
          kind: "uredis",
          size: 4,
          chargeType: "Month",
          quantity: 1,
          highAvailability: false,
          highPerformance: true,
        }),
      [
        "DescribeURedisPrice",
        {
          ...WIRE,
          Size: 4,
          ChargeType: "Month",
          Quantity: 1,
          HighPerformance: true,
          ProductType: "S_Redis",
        },
      ],
      { DataSet: [{ ChargeType: "Year", Price: 1 }, { ChargeType: "Month", Price: "2" }, { Price: 3 }] },
      [{ chargeType: "Month", price: 2 }, { price: 3 }],
    ],
    [
      "prices of a space",
      (reader) =>
        reader.listPrices({
          ...PLACE,
          kind: "umem",
          size: 8,
          blockCount: 2,
          proxySize: 4,
          clusterMode: "RWMode",
        }),
      [
        "DescribeUMemPrice",
        { ...WIRE, Size: 8, Type: "double", BlockCnt: 2, ProxySize: 4, ClusterMode: "RWMode" },
      ],
      { DataSet: [{ ChargeType: "Month", Price: 5, OriginalPrice: 9 }] },
      [{ chargeType: "Month", price: 5, originalPrice: 9 }],
    ],
    [
      "shards, without their copies",
      (reader) => reader.listBlocks({ ...PLACE, kind: "umem", id: "s" }),
      ["DescribeUMemBlockInfo", { ...WIRE, SpaceId: "s", Offset: 0, Limit: 100 }],
      {
        TotalCount: 3,
        DataSet: [
          { BlockId: "a", BlockSize: "4", BlockState: "Running", BlockType: "master" },
          { BlockId: "b" },
          { BlockId: "c", BlockType: "slave" },
        ],
      },
      [{ id: "a", state: "Running", size: 4 }, { id: "b" }],
    ],
  ];
  for (const [name, act, asked, answer, result] of reads) {
    it(`reads ${name}`, async () => {
      assert.deepEqual(await read(act, answer), { asked, result });
    });
  }

  it("refuses a list of shards of which one has no id", async () => {
    const answer = { TotalCount: 1, DataSet: [{ BlockSize: 4 }] };
    await assert.rejects(
      read((reader) => reader.listBlocks({ ...PLACE, kind: "umem", id: "s" }), answer),
      { code: "BadResponse", message: /the list of the shards of s is not whole/ },
    );
  });
});
