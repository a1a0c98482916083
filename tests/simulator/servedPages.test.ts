import assert from "node:assert/strict";
import {
  addBackups,
  createFleet,
  demo,
  type Fleet,
  listSources,
  removeBackup,
  type SimulatorOptions,
  startSimulator,
} from "../../simulator";
import { ask, listAll, sortRows } from "./client";

const URedis = "DescribeURedisBackup";
const UMem = "DescribeUMemBackup";

async function use<Result>(
  options: SimulatorOptions,
  body: (simulator: Awaited<ReturnType<typeof startSimulator>>) => Promise<Result>,
): Promise<Result> {
  const simulator = await startSimulator(options);
  try {
    return await body(simulator);
  } finally {
    await simulator.close();
  }
}

function onlySource(fleet: Fleet): string {
  return listSources(fleet)[0]?.id ?? "";
}

describe("simulator pages", () => {
  for (const backups of [37, 250]) {
    for (const { limit, pageCap, sizes } of [
      { limit: 100, pageCap: 100, sizes: { 37: [37], 250: [100, 100, 50] } },
      { limit: 100, pageCap: 50, sizes: { 37: [37], 250: [50, 50, 50, 50, 50] } },
      { limit: 25, pageCap: 100, sizes: { 37: [25, 12], 250: Array<number>(10).fill(25) } },
    ]) {
      it(`bring all of ${backups} rows with Limit ${limit} and a cap of ${pageCap}`, async () => {
        const fleet = createFleet({ uredis: { backupsPerGroup: backups } });
        await use({ fleet, pageCap }, async (simulator) => {
          const query = { Action: URedis, Region: demo.region, GroupId: onlySource(fleet) };
          const { rows, pageSizes } = await listAll(simulator, query, limit);
          assert.deepEqual(pageSizes, sizes[backups as 37 | 250]);
          assert.deepEqual(sortRows(rows), sortRows(fleet.uredis.map(({ row }) => row)));
        });
      });
    }
  }

  it("hold 10 rows from offset 0 unless asked otherwise, and none past the end", async () => {
    await use({}, async (simulator) => {
      const query = { Action: UMem, Region: demo.region, Zone: demo.zone, SpaceId: demo.umemSpaceId };
      const plain = await ask(simulator, query);
      const asked = await ask(simulator, { ...query, Offset: "0", Limit: "10" });
      const past = await ask(simulator, { ...query, Offset: "5000" });
      assert.deepEqual(plain.body, asked.body);
      assert.equal(plain.body.DataSet?.length, 10);
      assert.deepEqual([past.body.RetCode, past.body.DataSet, past.body.TotalCount], [0, [], 91]);
    });
  });

  it("come in an order that is neither by time nor by id, but the same each time", async () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 30 }, states: "usable" });
    await use({ fleet }, async (simulator) => {
      const query = { Action: URedis, Region: demo.region, GroupId: onlySource(fleet) };
      const [first, second] = [await listAll(simulator, query), await listAll(simulator, query)];
      assert.deepEqual(first, second);
      for (const name of ["BackupTime", "BackupId"]) {
        const values = first.rows.map((row) => String(row[name]));
        assert.notDeepEqual(values, [...values].sort());
        assert.notDeepEqual(values, [...values].sort().reverse());
      }
    });
  });

  for (const { rowOrder, direction } of [
    { rowOrder: "newestFirst", direction: -1 },
    { rowOrder: "oldestFirst", direction: 1 },
  ] as const) {
    it(`come ${rowOrder} on request`, async () => {
      await use({ rowOrder }, async (simulator) => {
        const query = { Action: URedis, Region: demo.region, GroupId: demo.uredisGroupId };
        const times = (await listAll(simulator, query)).rows.map((row) => Number(row.BackupTime));
        assert.deepEqual(
          times,
          [...times].sort((left, right) => direction * (left - right)),
        );
      });
    });
  }

  for (const { totalCount, expected } of [
    { totalCount: "exact", expected: 32 },
    { totalCount: "account", expected: 32 + 22 + 12 + 29 + 8 },
    { totalCount: "absent", expected: undefined },
    { totalCount: "zero", expected: 0 },
    { totalCount: "tooBig", expected: 1064 },
    { totalCount: "string", expected: "32" },
    { totalCount: 5, expected: 5 },
  ] as const) {
    it(`count ${String(expected)} in all with totalCount ${totalCount}`, async () => {
      await use({ totalCount }, async (simulator) => {
        const { body } = await ask(simulator, {
          Action: URedis,
          Region: demo.region,
          GroupId: demo.uredisGroupId,
        });
        assert.equal(body.TotalCount, expected);
        assert.equal("TotalCount" in body, expected !== undefined);
      });
    });
  }

  it("have numbers as strings on request", async () => {
    await use({ numbersAsStrings: true }, async (simulator) => {
      const { body } = await ask(simulator, {
        Action: URedis,
        Region: demo.region,
        GroupId: demo.healthyGroupId,
      });
      for (const row of body.DataSet ?? []) assert.match(String(row.BackupTime), /^\d{10}$/);
      assert.ok(body.DataSet?.every((row) => Object.values(row).every((value) => typeof value === "string")));
    });
  });

  it("hold one row for each UMem backup on request, whole only when every shard is", async () => {
    await use({ umemRows: "perBackup" }, async (simulator) => {
      const query = { Action: UMem, Region: demo.region, Zone: demo.zone, SpaceId: demo.umemSpaceId };
      const { rows } = await listAll(simulator, query);
      assert.equal(new Set(rows.map((row) => row.BackupId)).size, rows.length);
      const byAge = rows.sort((left, right) => Number(right.CreateTime) - Number(left.CreateTime));
      assert.deepEqual(
        byAge.slice(0, 3).map((row) => [row.State, row.BlockCount]),
        [
          ["Starting", 4],
          ["Starting", 4],
          ["Done", 4],
        ],
      );
    });
  });

  it("hold what a hook makes of them, without touching the fleet", async () => {
    const onAnswer: SimulatorOptions["onAnswer"] = (answer, { parameters }) => {
      const [first] = answer.DataSet as Record<string, unknown>[];
      if (first) first.State = null;
      return parameters.Limit === "1" ? { ...answer, DataSet: null } : undefined;
    };
    await use({ onAnswer, rowOrder: "asStored" }, async (simulator) => {
      const query = { Action: URedis, Region: demo.region, GroupId: demo.uredisGroupId };
      assert.equal((await ask(simulator, query)).body.DataSet?.[0]?.State, null);
      assert.equal((await ask(simulator, { ...query, Limit: "1" })).body.DataSet, null);
      assert.equal(simulator.fleet.uredis[0]?.row.State, "Backuping");
    });
  });

  it("move when the fleet changes between two of them", async () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 20 } });
    const oldest = fleet.uredis.at(-1);
    assert.ok(oldest);
    const newer = { ...oldest, row: { ...oldest.row, BackupId: "newer", BackupTime: 2_000_000_000 } };
    const onRequest: SimulatorOptions["onRequest"] = ({ number }, simulator) => {
      if (number === 2) simulator.fleet = addBackups(simulator.fleet, { uredis: [newer] });
      if (number === 3) simulator.fleet = removeBackup(simulator.fleet, oldest.row.BackupId);
    };
    await use({ fleet, onRequest, rowOrder: "newestFirst" }, async (simulator) => {
      const query = { Action: URedis, Region: demo.region, GroupId: onlySource(fleet), Limit: "8" };
      const pages = [];
      for (const Offset of ["0", "8", "16"]) pages.push((await ask(simulator, { ...query, Offset })).body);
      assert.deepEqual(
        pages.map(({ TotalCount }) => TotalCount),
        [20, 21, 20],
      );
      // The newer backup pushed the last row of the first page onto the second.
      assert.deepEqual(pages[0]?.DataSet?.at(-1), pages[1]?.DataSet?.[0]);
      assert.deepEqual(
        pages.map(({ DataSet }) => DataSet?.length),
        [8, 8, 4],
      );
    });
  });
});
