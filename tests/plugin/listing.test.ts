import assert from "node:assert/strict";
import { startSimulator, type SimulatorOptions } from "../../simulator";
import { createUMemFleet, createURedisFleet, type KnownFleet, pluck } from "../support/knownFleet";
import type { Properties } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const SERVICES = [
  { name: "getURedisBackups", createKnownFleet: createURedisFleet },
  { name: "getUMemBackups", createKnownFleet: createUMemFleet },
];
const PAGE_CAPS = [1, 7, 10, 100];
const TOTAL_COUNTS = ["exact", "account", "absent", "zero", "tooBig", "string", 3] as const;

describe("the listing functions over gRPC", () => {
  let plugin: PluginProcess;

  before(async () => (plugin = await startPlugin()));
  after(() => plugin.stop());

  async function list(name: string, known: KnownFleet, options: SimulatorOptions = {}, args: object = {}) {
    const simulator = await startSimulator({ ...options, fleet: known.fleet });
    try {
      await plugin.configure(createSettings(simulator));
      const result = await plugin.invokeResult(name, { ...known.source, ...args });
      return { result, requests: simulator.requests };
    } finally {
      await simulator.close();
    }
  }

  for (const { name, createKnownFleet } of SERVICES) {
    for (const rows of [37, 250]) {
      const known = createKnownFleet(rows);
      for (const pageCap of PAGE_CAPS) {
        for (const totalCount of TOTAL_COUNTS) {
          // As with 37 rows, but slow.
          if (rows === 250 && pageCap === 1 && totalCount !== "absent") continue;
          const count = typeof totalCount === "number" ? `too small (${totalCount})` : totalCount;
          it(`${name} returns all ${rows} rows, ${pageCap} a page, TotalCount ${count}`, async () => {
            const { result, requests } = await list(name, known, { pageCap, totalCount });
            assert.deepEqual(pluck(result.backups, "backupId"), known.backupIds);
            assert.ok(requests.every(({ method, retCode }) => method === "POST" && retCode === 0));
            assert.ok(requests.every(({ parameters }) => /^[0-9a-f]{40}$/.test(parameters.Signature ?? "")));
          });
        }
      }

      it(`${name} returns the same for ${rows} rows in any order of the API`, async () => {
        const results: Properties[] = [];
        for (const rowOrder of ["shuffled", "newestFirst", "oldestFirst", "asStored"] as const) {
          // Whether identical UMem shards on different pages are complete is not known.
          if (rowOrder === "shuffled" && name === "getUMemBackups") continue;
          results.push((await list(name, known, { rowOrder, pageCap: 7 })).result);
        }
        for (const result of results) assert.deepEqual(result, results[0]);
      });
    }

    it(`${name} names the newest usable backup, and all newer ones with the reason`, async () => {
      const known = createKnownFleet(250);
      const { result } = await list(name, known, { pageCap: 10, rowOrder: "newestFirst" });
      assert.notDeepEqual(known.newerIds, []);
      assert.deepEqual(pluck([result.latest], "backupId"), known.usableIds.slice(0, 1));
      assert.deepEqual(pluck(result.skipped, "backupId"), known.newerIds);
      assert.ok(
        pluck(result.skipped, "reason").every((reason) => typeof reason === "string" && reason !== ""),
      );
      const usable = (result.backups as { backupId: string; usable: boolean }[]).filter(
        (each) => each.usable,
      );
      assert.deepEqual(pluck(usable, "backupId"), known.usableIds);
    });

    it(`${name} marks no unusable backup as usable, however its rows are spread over pages`, async () => {
      for (const [rows, pageCap] of [
        [37, 7],
        [250, 10],
        [250, 100],
      ] as const) {
        const known = createKnownFleet(rows);
        const { result } = await list(name, known, { pageCap, rowOrder: "shuffled" });
        assert.deepEqual(pluck(result.backups, "backupId"), known.backupIds);
        const found = result.backups as { backupId: string; usable: boolean }[];
        const usable = found.flatMap((each) => (each.usable ? [each.backupId] : []));
        assert.deepEqual(
          usable.filter((id) => !known.usableIds.includes(id)),
          [],
        );
        if (name === "getURedisBackups") assert.deepEqual(usable, known.usableIds);
        else if (pageCap < 100)
          assert.match(pluck(result.skipped, "reason").join(), /do not show that all its shards are there/);
      }
    });

    it(`${name} returns the region, the API's count, and no project without one`, async () => {
      const known = createKnownFleet(37);
      const { result } = await list(name, known, { totalCount: "string" });
      assert.deepEqual(Object.keys(result).sort(), ["backups", "latest", "region", "skipped", "totalCount"]);
      assert.deepEqual([result.region, result.totalCount], ["cn-bj2", 37]);
    });

    it(`${name} leaves out a missing count`, async () => {
      const { result } = await list(name, createKnownFleet(37), { totalCount: "absent" });
      assert.ok(!("totalCount" in result));
    });

    it(`${name} returns an empty list if there is no backup`, async () => {
      const known = createKnownFleet(37);
      const { result } = await list(name, { ...known, fleet: { ...known.fleet, uredis: [], umem: [] } });
      assert.deepEqual(result, { backups: [], skipped: [], region: "cn-bj2", totalCount: 0 });
    });

    for (const [title, page, expected] of [
      ["offset and limit", { offset: 5, limit: 3 }, { Offset: "5", Limit: "3", rows: 3 }],
      ["an offset alone", { offset: 30 }, { Offset: "30", Limit: undefined, rows: 7 }],
      ["a limit alone", { limit: 4 }, { Offset: undefined, Limit: "4", rows: 4 }],
      [
        "offset 0 and a limit above the cap",
        { offset: 0, limit: 500 },
        { Offset: "0", Limit: "500", rows: 20 },
      ],
      ["an offset after the end", { offset: 37, limit: 10 }, { Offset: "37", Limit: "10", rows: 0 }],
    ] as const) {
      it(`${name} requests exactly one page for ${title}`, async () => {
        const { result, requests } = await list(name, createKnownFleet(37), { pageCap: 20 }, page);
        const asked = requests.map(({ parameters: { Offset, Limit }, rows }) => ({ Offset, Limit, rows }));
        assert.deepEqual(asked, [expected]);
        const ids = new Set(pluck(result.backups, "backupId"));
        assert.ok(expected.rows === 0 ? ids.size === 0 : ids.size >= 1 && ids.size <= expected.rows);
      });
    }
  }
});
