import assert from "node:assert/strict";
import {
  createUMemLister,
  createURedisLister,
  type Lister,
  type UMemQuery,
  type URedisQuery,
} from "../../provider/ucloud/actions";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { type Call, FakeClient } from "../support/fakeClient";

const umem = { region: "cn-bj2", zone: "cn-bj2-04", spaceId: "udredis-a" };
const uredis = { region: "cn-bj2", groupId: "uredis-a" };
const row = { BackupId: "a", State: "Success" };

/** Both listings, with their rows as the API gives them. */
function createApi(client: FakeClient): {
  listURedisBackups: Lister<URedisQuery, JsonObject>;
  listUMemBackups: Lister<UMemQuery, JsonObject>;
} {
  const keep = (row: JsonObject): JsonObject => row;
  return {
    listURedisBackups: createURedisLister(client, keep),
    listUMemBackups: createUMemLister(client, keep),
  };
}

describe("listers: requests", () => {
  it("sends every parameter of DescribeURedisBackup by the API's name", async () => {
    const client = new FakeClient(() => ({ RetCode: 0 }));
    const query = {
      region: "cn-bj2",
      projectId: "org-a",
      groupId: "uredis-a",
      slaveZone: "cn-bj2-05",
      regionType: "source",
      backupId: "b",
    };
    await createApi(client).listURedisBackups(query);
    assert.deepEqual(client.calls, [
      {
        action: "DescribeURedisBackup",
        parameters: {
          Region: "cn-bj2",
          ProjectId: "org-a",
          GroupId: "uredis-a",
          SlaveZone: "cn-bj2-05",
          RegionType: "source",
          BackupId: "b",
          Offset: 0,
          Limit: 100,
        },
      },
    ]);
  });

  it("sends every parameter of DescribeUMemBackup by the API's name", async () => {
    const client = new FakeClient(() => ({ RetCode: 0 }));
    await createApi(client).listUMemBackups({ ...umem, projectId: "org-a" });
    assert.deepEqual(client.calls, [
      {
        action: "DescribeUMemBackup",
        parameters: {
          Region: "cn-bj2",
          Zone: "cn-bj2-04",
          SpaceId: "udredis-a",
          ProjectId: "org-a",
          Offset: 0,
          Limit: 100,
        },
      },
    ]);
  });

  for (const page of [{ offset: 3, limit: 7 }, { offset: 3 }, { limit: 7 }, { offset: 0, limit: 1000 }, {}]) {
    it(`requests exactly the page ${JSON.stringify(page)}, once`, async () => {
      const client = new FakeClient(() => ({ RetCode: 0, DataSet: [row, row], TotalCount: 99 }));
      const listing = await createApi(client).listUMemBackups(umem, page);
      assert.equal(client.calls.length, 1);
      const { Offset, Limit } = client.calls[0]?.parameters ?? {};
      assert.deepEqual([Offset, Limit], [page.offset, page.limit]);
      // A single page holds the rows as the API gave them, and is not known to be all.
      assert.deepEqual(listing, {
        rows: [row, row],
        totalCount: 99,
        warnings: [],
        completeIds: new Set(),
        ambiguousIds: new Set(),
        isComplete: false,
      });
    });
  }
});

describe("listers: answers", () => {
  const answers: { name: string; answer: Record<string, unknown>; rows: unknown[]; totalCount?: number }[] = [
    { name: "no DataSet", answer: {}, rows: [] },
    { name: "a null DataSet", answer: { DataSet: null, TotalCount: null }, rows: [] },
    { name: "a row", answer: { DataSet: [row], TotalCount: 1 }, rows: [row], totalCount: 1 },
    { name: "TotalCount as text", answer: { DataSet: [row], TotalCount: "1" }, rows: [row], totalCount: 1 },
    { name: "TotalCount that is no number", answer: { DataSet: [row], TotalCount: "many" }, rows: [row] },
    { name: "a negative TotalCount", answer: { DataSet: [row], TotalCount: -1 }, rows: [row] },
    { name: "rows that are no objects", answer: { DataSet: [null, "x", 3, [row]] }, rows: [{}, {}, {}, {}] },
  ];
  for (const { name, answer, rows, totalCount } of answers) {
    it(`reads ${name}`, async () => {
      const client = new FakeClient(() => ({ RetCode: 0, ...answer }));
      const listing = await createApi(client).listURedisBackups(uredis, {});
      assert.deepEqual(listing.rows, rows);
      assert.equal(listing.totalCount, totalCount);
    });
  }

  it("refuses more rows than any account has before it reads them", async () => {
    const rows = Array.from({ length: 100_001 }, () => null);
    const api = createApi(new FakeClient(() => ({ RetCode: 0, DataSet: rows })));
    await assert.rejects(api.listUMemBackups(umem, { limit: 1 }), { code: "BadResponse" });
  });

  for (const dataSet of ["[]", 0, { a: 1 }, true]) {
    it(`refuses a DataSet that is ${JSON.stringify(dataSet)}`, async () => {
      const client = new FakeClient(() => ({ RetCode: 0, DataSet: dataSet }));
      await assert.rejects(createApi(client).listURedisBackups(uredis), {
        code: "BadResponse",
        message: /^\[BadResponse\] DescribeURedisBackup failed: the answer's DataSet is not a list\. /,
      });
    });
  }
});

/** Answers like an API with one row of each kind. */
function answerOneRow({ parameters: { Offset = 0 } }: Call): JsonObject {
  return { DataSet: Number(Offset) === 0 ? [row] : [], TotalCount: 1 };
}

/** How many listings were begun. Reading all UMem rows takes a second request. */
function countListings(client: FakeClient): number {
  return client.calls.filter(({ parameters: { Offset = 0 } }) => Number(Offset) === 0).length;
}

describe("listers: equal listings", () => {
  it("share one listing while it is under way", async () => {
    const client = new FakeClient(answerOneRow);
    const api = createApi(client);
    const listings = await Promise.all([1, 2, 3].map(() => api.listUMemBackups({ ...umem })));
    assert.equal(countListings(client), 1);
    assert.deepEqual(listings[1], listings[0]);
  });

  it("are read again once the first one is done", async () => {
    const client = new FakeClient(answerOneRow);
    const api = createApi(client);
    await api.listUMemBackups(umem);
    await api.listUMemBackups(umem);
    assert.equal(countListings(client), 2);
  });

  it("fail together, and the failure is not remembered", async () => {
    let isBroken = true;
    const client = new FakeClient((call) => {
      if (isBroken) throw new Error("broken");
      return answerOneRow(call);
    });
    const api = createApi(client);
    const outcomes = await Promise.allSettled([1, 2].map(() => api.listUMemBackups(umem)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(client.calls.length, 1);
    isBroken = false;
    assert.equal((await api.listUMemBackups(umem)).rows.length, 1);
  });

  it("have the same action, query and page", async () => {
    const client = new FakeClient(answerOneRow);
    const api = createApi(client);
    await Promise.all([
      api.listURedisBackups(uredis),
      api.listURedisBackups({ ...uredis, groupId: "uredis-b" }),
      api.listURedisBackups({ ...uredis, groupId: undefined, backupId: "uredis-a" }),
      api.listURedisBackups({ ...uredis, projectId: "org-a" }),
      api.listURedisBackups({ ...uredis, region: "cn-sh2" }),
      api.listURedisBackups({ ...uredis, slaveZone: "cn-bj2-05" }),
      api.listURedisBackups({ ...uredis, regionType: "normal" }),
      api.listURedisBackups(uredis, {}),
      api.listURedisBackups(uredis, { offset: 0 }),
      api.listURedisBackups(uredis, { limit: 0 }),
      api.listUMemBackups(umem),
      api.listUMemBackups({ ...umem, zone: "cn-bj2-05" }),
    ]);
    assert.equal(countListings(client), 12);
  });
});
