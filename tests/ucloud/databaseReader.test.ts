import assert from "node:assert/strict";
import { createDatabaseReader } from "../../provider/ucloud/databaseReader";
import type { Database, DatabaseListing } from "../../provider/ucloud/databases";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { FakeClient } from "../support/fakeClient";

const SCOPE = { region: "r", projectId: undefined };

/** Serves these rows in pages, as many as `Limit` says, and counts them. */
function serveRows(rows: readonly unknown[], { cap = 100, totalCount = rows.length } = {}): FakeClient {
  return new FakeClient(({ parameters }) => {
    const offset = Number(parameters.Offset);
    const limit = Math.min(Number(parameters.Limit), cap);
    return { RetCode: 0, TotalCount: totalCount, DataSet: rows.slice(offset, offset + limit) };
  });
}

function list(client: FakeClient): Promise<DatabaseListing> {
  return createDatabaseReader(client).list(SCOPE);
}

async function readOne(row: JsonObject): Promise<Database | undefined> {
  return (await list(serveRows([{ ResourceId: "a", ...row }]))).databases[0];
}

describe("database reader: rows", () => {
  it("reads every field of a group", async () => {
    const row = {
      ResourceId: "uredis-1",
      Name: "orders",
      ResourceType: "single",
      Role: "master",
      State: "Running",
      Zone: "r-01",
      SlaveZone: "r-02",
      VPCId: "v",
      SubnetId: "n",
      Size: 4,
      UsedSize: 12,
      Version: "6.0",
      ConfigId: "c",
      ChargeType: "Month",
      Tag: "Default",
      HighAvailability: "enable",
      IsHighPerformance: false,
      AutoBackup: "enable",
      BackupTime: 0,
      HasPassword: true,
      CreateTime: 1_700_000_000,
      ExpireTime: 1_800_000_000,
      Address: [{ IP: "10.9.0.4", Port: 6379, PrivateDomain: "redis.example" }],
      IsRWMode: false,
    };
    assert.deepEqual(await readOne(row), {
      id: "uredis-1",
      name: "orders",
      kind: "uredis",
      state: "Running",
      zone: "r-01",
      slaveZone: "r-02",
      vpcId: "v",
      subnetId: "n",
      size: 4,
      usedSize: 12,
      version: "6.0",
      configId: "c",
      chargeType: "Month",
      tag: "Default",
      highAvailability: true,
      highPerformance: false,
      autoBackup: true,
      backupHour: 0,
      hasPassword: true,
      createTime: 1_700_000_000,
      expireTime: 1_800_000_000,
      address: "10.9.0.4:6379",
      host: "10.9.0.4",
      port: 6379,
      privateDomain: "redis.example",
      isReadWriteSplit: false,
      isReplica: false,
    });
  });

  it("leaves out what is missing, null, empty or of another type", async () => {
    const bare = { id: "a", isReplica: false };
    assert.deepEqual(await readOne({}), bare);
    for (const value of [null, "", {}, [], " x ".repeat(1000)]) {
      const names = ["Name", "Size", "AutoBackup", "BackupTime", "HasPassword", "CreateTime", "Address"];
      const more = ["State", "Version", "ExpireTime", "UsedSize", "ResourceType", "DataSet", "IsRWMode"];
      const row = Object.fromEntries([...names, ...more].map((name) => [name, value]));
      assert.deepEqual(await readOne(row), bare, JSON.stringify(value).slice(0, 20));
    }
  });

  const fields: [row: JsonObject, expected: Partial<Database>][] = [
    [{ Size: "4" }, { size: 4 }],
    [{ Size: 0 }, {}],
    [{ UsedSize: "0" }, { usedSize: 0 }],
    [{ UsedSize: -1 }, {}],
    [{ Version: 6 }, { version: "6" }],
    [{ Version: 6.2 }, { version: "6.2" }],
    [{ BackupTime: "23" }, { backupHour: 23 }],
    [{ BackupTime: 24 }, {}],
    [{ CreateTime: 0, ExpireTime: "0" }, {}],
    [{ CreateTime: "1700000000" }, { createTime: 1_700_000_000 }],
    [{ AutoBackup: "disable" }, { autoBackup: false }],
    [{ HasPassword: "true" }, { hasPassword: true }],
    [{ HasPassword: 0 }, { hasPassword: false }],
    [{ HasPassword: 1 }, { hasPassword: true }],
    [{ HighAvailability: "Enable" }, { highAvailability: true }],
    [{ IsRWMode: "Yes" }, { isReadWriteSplit: true }],
    [{ HasPassword: "perhaps" }, {}],
    [{ ResourceType: "distributed" }, { kind: "umem" }],
    [{ ResourceType: "cluster" }, { kind: "umem" }],
    [{ ResourceType: "g4v6" }, { kind: "uredis" }],
    [{ ResourceType: "performance" }, {}],
    [{ ResourceType: "performance", Role: "master" }, { kind: "uredis" }],
    [{ ResourceType: "single", Protocol: "memcache" }, { otherProtocol: "memcache" }],
    [{ ResourceType: "single", Protocol: "MemCache" }, { otherProtocol: "memcache" }],
    [{ ResourceType: "other", Protocol: "redis" }, {}],
    [{ ResourceType: "distributed", Protocol: "Redis" }, { kind: "umem" }],
    [{ ResourceType: "new" }, {}],
    [{ Role: "slave" }, { isReplica: true }],
    [{ MasterGroupId: "b" }, { isReplica: true }],
    [{ MasterGroupId: "a" }, {}],
    [
      {
        Address: [
          { IP: "", Port: 1 },
          { IP: "::1", Port: "2" },
        ],
      },
      { host: "::1", port: 2, address: "[::1]:2" },
    ],
    [{ Address: { IP: "1.2.3.4", Port: 5 } }, { host: "1.2.3.4", port: 5, address: "1.2.3.4:5" }],
    [{ Address: [{ IP: "1.2.3.4" }] }, { host: "1.2.3.4" }],
    [{ Address: [null, "x"] }, {}],
  ];
  for (const [row, expected] of fields) {
    it(`reads ${JSON.stringify(row)}`, async () => {
      assert.deepEqual(await readOne(row), { id: "a", isReplica: false, ...expected });
    });
  }
});

describe("database reader: replicas", () => {
  const replica = { GroupId: "b", GroupName: "copy", VirtualIP: "10.0.0.2", Port: 6379, MemorySize: 2 };
  const read = {
    id: "b",
    name: "copy",
    size: 2,
    host: "10.0.0.2",
    port: 6379,
    address: "10.0.0.2:6379",
    isReplica: true,
  };

  it("are listed from below their group", async () => {
    const { databases, isComplete } = await list(serveRows([{ ResourceId: "a", DataSet: [replica] }]));
    assert.deepEqual(databases, [{ id: "a", isReplica: false }, read]);
    assert.equal(isComplete, true);
  });

  it("are listed once if they are rows too, and are replicas then", async () => {
    const rows = [
      { ResourceId: "b", Name: "row" },
      { ResourceId: "a", DataSet: [replica] },
    ];
    const { databases } = await list(serveRows(rows));
    assert.deepEqual(databases, [
      { id: "b", name: "row", isReplica: true },
      { id: "a", isReplica: false },
    ]);
  });

  it("make the listing incomplete if they have no id", async () => {
    const { isComplete } = await list(serveRows([{ ResourceId: "a", DataSet: [{ Name: "x" }] }]));
    assert.equal(isComplete, false);
  });
});

describe("database reader: listings", () => {
  const many = Array.from({ length: 250 }, (_, index) => ({ ResourceId: `a-${index}` }));

  it("ask for Redis, in pages of 100", async () => {
    const client = serveRows([{ ResourceId: "a" }]);
    await createDatabaseReader(client).list({ region: "r", projectId: "p" });
    assert.deepEqual(client.calls, [
      {
        action: "DescribeUMem",
        parameters: { Region: "r", ProjectId: "p", Protocol: "redis", Offset: 0, Limit: 100 },
      },
    ]);
  });

  for (const cap of [100, 20]) {
    it(`are complete over several pages of ${cap}, also if sizes and states change meanwhile`, async () => {
      let used = 0;
      const client = new FakeClient(({ parameters }) => {
        const offset = Number(parameters.Offset);
        const rows = many.slice(offset, offset + Math.min(cap, Number(parameters.Limit)));
        const DataSet = rows.map((row) => ({ ...row, UsedSize: used++ }));
        return { RetCode: 0, TotalCount: many.length, DataSet };
      });
      const { databases, isComplete } = await list(client);
      assert.equal(isComplete, true);
      assert.deepEqual(
        databases.map(({ id }) => id),
        many.map(({ ResourceId }) => ResourceId),
      );
    });
  }

  it("are complete and empty where there is none, also without DataSet and TotalCount", async () => {
    assert.deepEqual(await list(serveRows([])), { databases: [], isComplete: true });
    assert.deepEqual(await list(new FakeClient(() => ({ RetCode: 0 }))), { databases: [], isComplete: true });
  });

  const incomplete: [name: string, client: FakeClient][] = [
    ["a row has no id", serveRows([{ ResourceId: "a" }, { Name: "b" }])],
    ["a row is no object", serveRows([{ ResourceId: "a" }, null])],
    ["the API counts more than it lists", serveRows([{ ResourceId: "a" }], { totalCount: 2 })],
    ["the API counts some and lists none", serveRows([], { totalCount: 1 })],
    [
      "the API repeats the first page for ever",
      new FakeClient(() => ({ RetCode: 0, TotalCount: 250, DataSet: many.slice(0, 100) })),
    ],
  ];
  for (const [name, client] of incomplete) {
    it(`are not complete if ${name}`, async () => {
      assert.equal((await list(client)).isComplete, false);
    });
  }

  it("are read anew each time, also concurrently", async () => {
    const client = serveRows([{ ResourceId: "a" }]);
    const reader = createDatabaseReader(client);
    await Promise.all([reader.list(SCOPE), reader.list(SCOPE)]);
    assert.equal(client.calls.length, 2);
  });

  it("fail if the DataSet is not a list", async () => {
    const client = new FakeClient(() => ({ RetCode: 0, DataSet: {} }));
    await assert.rejects(list(client), { code: "BadResponse" });
  });
});

describe("database reader: one database", () => {
  it("is asked for by its id, and only a row with exactly that id is it", async () => {
    const rows = [{ ResourceId: "ab" }, { ResourceId: "A" }, { ResourceId: "a", Name: "me" }, {}];
    const client = serveRows(rows);
    const reader = createDatabaseReader(client);
    assert.deepEqual(await reader.find(SCOPE, "a"), { id: "a", name: "me", isReplica: false });
    assert.equal(await reader.find(SCOPE, "b"), undefined);
    assert.deepEqual(client.calls[0]?.parameters, {
      Region: "r",
      ProjectId: undefined,
      Protocol: "redis",
      ResourceId: "a",
      Offset: 0,
      Limit: 100,
    });
  });
});
