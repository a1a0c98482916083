import assert from "node:assert/strict";
import {
  addBackups,
  createFleet,
  demo,
  type Fleet,
  listSources,
  removeBackup,
  type SimulatorOptions,
} from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { ask, listAll, UMEM_QUERY, UREDIS_QUERY } from "./client";

/** Asks for the only group of a fleet. */
function queryOnly(fleet: Fleet): { Action: string; Region: string; GroupId: string } {
  return { ...UREDIS_QUERY, GroupId: listSources(fleet)[0]?.id ?? "" };
}

// Limits and caps of pages are tested with the official client: see tests/contract.
describe("the simulator's pages", () => {
  it("hold 10 rows from offset 0 by default, and none past the end", () =>
    withSimulator({}, async (simulator) => {
      const plain = await ask(simulator, UMEM_QUERY);
      const asked = await ask(simulator, { ...UMEM_QUERY, Offset: "0", Limit: "10" });
      const past = await ask(simulator, { ...UMEM_QUERY, Offset: "5000" });
      assert.deepEqual(plain.body, asked.body);
      assert.equal(plain.body.DataSet?.length, 10);
      assert.deepEqual([past.body.RetCode, past.body.DataSet, past.body.TotalCount], [0, [], 91]);
    }));

  it("have an order that is neither by time nor by id, but the same each time", () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 30 }, states: "usable" });
    return withSimulator({ fleet }, async (simulator) => {
      const query = queryOnly(fleet);
      const [first, second] = [await listAll(simulator, query), await listAll(simulator, query)];
      assert.deepEqual(first, second);
      for (const name of ["BackupTime", "BackupId"]) {
        const values = first.map((row) => String(row[name]));
        assert.notDeepEqual(values, values.toSorted());
        assert.notDeepEqual(values, values.toSorted().reverse());
      }
    });
  });

  for (const [rowOrder, direction] of [
    ["newestFirst", -1],
    ["oldestFirst", 1],
  ] as const) {
    it(`are ordered ${rowOrder} on request`, () =>
      withSimulator({ rowOrder }, async (simulator) => {
        const times = (await listAll(simulator, UREDIS_QUERY)).map((row) => Number(row.BackupTime));
        assert.deepEqual(
          times,
          times.toSorted((left, right) => direction * (left - right)),
        );
      }));
  }

  for (const [totalCount, expected] of [
    ["exact", 32],
    ["account", 32 + 22 + 12 + 29 + 8 + 9 + 14 + 14 + 10],
    ["absent", undefined],
    ["zero", 0],
    ["tooBig", 1064],
    ["string", "32"],
    [5, 5],
  ] as const) {
    it(`have a TotalCount of ${String(expected)} with totalCount ${totalCount}`, () =>
      withSimulator({ totalCount }, async (simulator) => {
        const { body } = await ask(simulator, UREDIS_QUERY);
        assert.equal(body.TotalCount, expected);
        assert.equal("TotalCount" in body, expected !== undefined);
      }));
  }

  it("have numbers as strings on request", () =>
    withSimulator({ numbersAsStrings: true }, async (simulator) => {
      const { body } = await ask(simulator, { ...UREDIS_QUERY, GroupId: demo.healthyGroupId });
      for (const row of body.DataSet ?? []) assert.match(String(row.BackupTime), /^\d{10}$/);
      assert.ok(body.DataSet?.every((row) => Object.values(row).every((value) => typeof value === "string")));
    }));

  it("hold one row per UMem backup on request, which is Done only if every shard is", () =>
    withSimulator({ umemRows: "perBackup" }, async (simulator) => {
      const rows = await listAll(simulator, UMEM_QUERY);
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
    }));

  it("hold what a hook returns, and leave the fleet unchanged", () => {
    const onAnswer: SimulatorOptions["onAnswer"] = (answer, { parameters }) => {
      const [first] = answer.DataSet as Record<string, unknown>[];
      if (first) first.State = null;
      return parameters.Limit === "1" ? { ...answer, DataSet: null } : undefined;
    };
    return withSimulator({ onAnswer, rowOrder: "asStored" }, async (simulator) => {
      assert.equal((await ask(simulator, UREDIS_QUERY)).body.DataSet?.[0]?.State, null);
      assert.equal((await ask(simulator, { ...UREDIS_QUERY, Limit: "1" })).body.DataSet, null);
      assert.equal(simulator.fleet.uredis[0]?.row.State, "Backuping");
    });
  });

  it("shift when the fleet changes between two of them", () => {
    const fleet = createFleet({ uredis: { backupsPerGroup: 20 } });
    const oldest = fleet.uredis.at(-1);
    assert.ok(oldest);
    const newer = { ...oldest, row: { ...oldest.row, BackupId: "newer", BackupTime: 2_000_000_000 } };
    const onRequest: SimulatorOptions["onRequest"] = ({ number }, simulator) => {
      if (number === 2) simulator.fleet = addBackups(simulator.fleet, { uredis: [newer] });
      if (number === 3) simulator.fleet = removeBackup(simulator.fleet, oldest.row.BackupId);
    };
    return withSimulator({ fleet, onRequest, rowOrder: "newestFirst" }, async (simulator) => {
      const query = { ...queryOnly(fleet), Limit: "8" };
      const pages = [];
      for (const Offset of ["0", "8", "16"]) pages.push((await ask(simulator, { ...query, Offset })).body);
      assert.deepEqual(
        pages.map(({ TotalCount, DataSet }) => [TotalCount, DataSet?.length]),
        [
          [20, 8],
          [21, 8],
          [20, 4],
        ],
      );
      // The newer backup moved the last row of the first page onto the second.
      assert.deepEqual(pages[0]?.DataSet?.at(-1), pages[1]?.DataSet?.[0]);
    });
  });
});
