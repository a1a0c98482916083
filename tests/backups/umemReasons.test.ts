import assert from "node:assert/strict";
import type { UMemBackup } from "../../provider/schemaTypes";
import { assembleUMemBackups } from "../../provider/backups/umem";
import { explainUMem } from "../../provider/backups/umemReasons";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { listUMemRows } from "../support/rowListings";
import { assembleList, assembleOne, assembleShards, DONE, PAGE, STARTING, WHOLE } from "./shards";

describe("explainUMem", () => {
  const shards = (...states: (string | undefined)[]) =>
    assembleShards(...states.map((State) => ({ BlockCount: 3, State })));
  const cases: readonly (readonly [reason: string, backup: UMemBackup])[] = [
    ["2 of 3 shards done", shards("Done", "Done", "Starting")],
    ["1 of 3 shards done", shards("Done", "Starting")],
    ["1 of 3 shards missing", shards("Done", "Done")],
    ["2 of 3 shards missing", shards("Done")],
    ["still running", shards("Starting", "Starting", "Starting")],
    ["still running", assembleOne({ BackupId: "a", BlockCount: 3, ...STARTING })],
    ["3 of 4 rows done, for 3 shards", shards("Done", "Done", "Done", "Starting")],
    ["2 of 3 shards done, in the unknown state `Odd`", shards("Done", "Done", "Odd")],
    ["in the unknown state `a\uFFFDb`", shards("a\nb", "Starting")],
    ["1 of 3 shards done, the API gave 2 of its rows no state", shards("Done", undefined, undefined)],
    ["the API gave 1 of its rows no state", shards("Starting", undefined)],
    ["the API gave it no state", shards(undefined)],
    ["the API did not say how many shards it has", assembleShards(DONE, DONE)],
    ["the API did not say how many shards it has", assembleOne({ BackupId: "a", ...DONE })],
    ["1 of 2 rows done", assembleShards(DONE, STARTING)],
    ["the API gave it no id", assembleOne({ BlockCount: 1, ...DONE })],
  ];
  for (const [reason, backup] of cases) {
    it(`says "${reason}"`, () => {
      assert.equal(backup.usable, false);
      assert.equal(explainUMem(backup), reason);
    });
  }
});

describe("the explanations of a listing", () => {
  const lone = { BackupId: "a", BlockCount: 4, ...DONE };
  const other = { BackupId: "b", BlockCount: 2, ...DONE };
  const missing = "3 of 4 shards missing";
  const hint =
    `${missing}, unless the API lists one row for each of your backups; ` +
    "if you know that it does, set `umemRows` to `backups`";

  for (const [title, rows, options, reason] of [
    ["name the setting for a lone row", [lone], WHOLE, hint],
    ["name it for two of them too", [lone, { ...lone, BackupId: "b" }], { ...WHOLE, totalCount: 2 }, hint],
    ["name it on a page", [lone], PAGE, hint],
    ["name it beside backups of one shard", [lone, { ...other, BlockCount: 1 }], WHOLE, hint],
    ["do not if another backup proves that rows are shards", [lone, other, other], WHOLE, missing],
    ["do not if the user says that rows are shards", [lone], { ...WHOLE, umemRows: "shards" }, missing],
    ["do not for a row that runs", [{ ...lone, ...STARTING }], WHOLE, "still running"],
  ] as const) {
    it(title, () => {
      const { backups, explain } = assembleList(rows, options);
      const [first] = backups;
      assert.ok(first);
      assert.equal(explain(first), reason);
    });
  }

  it("say that shards may be missing if rows of several answers are all done", () => {
    const facts = { ...WHOLE, completeIds: new Set<string>(), ambiguousIds: new Set(["a"]) };
    const twice = [1, 2].map(() => ({ ...lone, BlockCount: 2 }));
    const explainRows = (rows: readonly JsonObject[]): unknown[] => {
      const { backups, explain } = assembleUMemBackups(listUMemRows(rows).rows, facts);
      return backups.map((backup) => [backup.usable, explain(backup)]);
    };
    const ambiguous = [[false, "the API's answers do not show that all its shards are there"]];
    assert.deepEqual(explainRows(twice.slice(1)), ambiguous);
    assert.deepEqual(explainRows(twice), ambiguous);
    assert.deepEqual(explainRows([...twice, { BackupId: "a", ...STARTING }]), [
      [false, "2 of 3 rows done, for 2 shards"],
    ]);
  });
});
