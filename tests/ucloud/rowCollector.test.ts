import assert from "node:assert/strict";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { CollectedRows, RowCollector } from "../../provider/ucloud/rowCollector";
import { UMemRowCollector } from "../../provider/ucloud/umemRows";
import { URedisRowCollector } from "../../provider/ucloud/uredisRows";
import { listRows } from "./fakeList";

/** What came of some pages. */
interface Collected<Collector> extends CollectedRows<JsonObject> {
  readonly collector: Collector;
  /** For each page, whether it brought anything new. */
  readonly areNew: boolean[];
}

/** Adds pages that do not overlap. */
function addPages<Collector extends RowCollector<JsonObject>>(
  collector: Collector,
  pages: JsonObject[][],
): Collected<Collector> {
  const areNew = pages.map((page) => collector.addPage(listRows(page), 0));
  return { collector, areNew, ...collector.collect() };
}

describe("URedisRowCollector", () => {
  const collect = (...pages: JsonObject[][]): Collected<URedisRowCollector<JsonObject>> =>
    addPages(new URedisRowCollector<JsonObject>(), pages);

  it("keeps a backup once, as in the last answer", () => {
    const done = { BackupId: "a", State: "Success" };
    const { rows, areNew, isExact } = collect([{ BackupId: "a", State: "Backuping" }], [done]);
    assert.deepEqual([rows, areNew, isExact], [[done], [true, false], false]);
  });

  it("keeps rows of one answer that have the same id and differ, and one of those that do not differ", () => {
    const rows = [{ BackupId: "a", State: "Success" }, { BackupId: "b" }, { BackupId: "a", State: "Error" }];
    assert.deepEqual(collect([...rows, { BackupId: "b" }]).rows, rows);
  });

  it("drops the differing rows of an earlier answer if a later answer has one row of that id", () => {
    const [old, other, now] = ["Backuping", "Error", "Success"].map((State) => ({ BackupId: "a", State }));
    assert.deepEqual(collect([old, other] as JsonObject[], [now] as JsonObject[]).rows, [now]);
  });

  it("keeps a differing row of the page before if the overlap repeats only the other one", () => {
    const [failed, good] = [
      { BackupId: "a", State: "Error" },
      { BackupId: "a", State: "Success" },
    ];
    const { collector } = collect([failed, good]);
    collector.addPage(listRows([good, { BackupId: "b" }]), 1);
    assert.deepEqual(collector.collect().rows, [failed, { BackupId: "b" }, good]);
  });

  it("takes 20,000 differing rows of one id, and as many alike without one, in linear time", () => {
    const differing = Array.from({ length: 20_000 }, (_, BackupTime) => ({ BackupId: "a", BackupTime }));
    const alike = Array.from({ length: 20_000 }, () => ({ State: "Error" }));
    assert.equal(collect([...differing, ...alike]).rows.length, 40_000);
  }).timeout(5000);

  it("reads an id that is a number like the same id as text", () =>
    assert.deepEqual(collect([{ BackupId: 7 }], [{ BackupId: "7" }]).areNew, [true, false]));

  it("identifies a row without an id by its content, apart from rows with an id", () => {
    const pages = [[{ State: "Error" }], [{ State: "Error" }], [{ State: "Success" }], [{ BackupId: "a" }]];
    assert.deepEqual(collect(...pages).areNew, [true, false, true, true]);
  });

  it("does not count the overlap of two pages as repeated rows", () => {
    const { collector } = collect([{ BackupId: "a" }, { BackupId: "b" }]);
    assert.equal(collector.addPage(listRows([{ BackupId: "b" }, { BackupId: "c" }]), 1), true);
    assert.equal(collector.addPage(listRows([{ BackupId: "c" }]), 1), false);
    assert.equal(collector.collect().isExact, true);
    assert.ok(collector.isAll(3));
  });
});

describe("UMemRowCollector", () => {
  const collect = (...pages: JsonObject[][]): Collected<UMemRowCollector<JsonObject>> =>
    addPages(new UMemRowCollector<JsonObject>(), pages);
  const shard = (BackupId: string, rest: JsonObject = {}): JsonObject => ({
    BackupId,
    BlockCount: 4,
    ...rest,
  });
  const alike = (id: string, count: number): JsonObject[] => Array.from({ length: count }, () => shard(id));
  const differing = (id: string, ...sizes: number[]): JsonObject[] =>
    sizes.map((BlockSize) => shard(id, { BlockSize }));

  it("counts each row of one answer as a shard, even if they look alike", () =>
    assert.deepEqual([...collect(alike("a", 4)).completeIds], ["a"]));

  it("does not add up rows of two answers that look alike, even if their number is right", () => {
    const { areNew, rows, completeIds, ambiguousIds, isExact } = collect(alike("a", 2), alike("a", 2));
    assert.deepEqual(areNew, [true, true]);
    assert.deepEqual([rows.length, completeIds.size, [...ambiguousIds], isExact], [2, 0, ["a"], false]);
  });

  it("reports a backup whose rows differ in two answers as distinct", () => {
    const { rows, completeIds, distinctIds } = collect(differing("a", 1, 2), differing("a", 3, 4));
    assert.deepEqual([rows.length, completeIds.size, [...distinctIds]], [4, 0, ["a"]]);
  });

  it("keeps a row that is not done besides those of another answer", () => {
    const starting = shard("a", { State: "Starting" });
    assert.deepEqual(collect(alike("a", 4), [starting]).rows, [...alike("a", 4), starting]);
  });

  it("takes the largest BlockCount of a backup, as a number or as text", () => {
    const rows = [shard("a"), shard("a", { BlockCount: "5" }), ...alike("a", 2)];
    assert.equal(collect(rows).completeIds.size, 0);
  });

  it("never reports a backup without a BlockCount or without an id as complete", () =>
    assert.equal(collect([{ BackupId: "a" }, { BlockCount: 1 }]).completeIds.size, 0));

  it("finds nothing new in a repeated page if its backup would have too many rows", () =>
    assert.deepEqual(collect(alike("a", 3), alike("a", 3)).areNew, [true, false]));

  it("finds a repeated page new as long as its backup can have that many rows", () =>
    assert.deepEqual(collect(alike("a", 1), alike("a", 1), alike("a", 1)).areNew, [true, true, true]));

  it("overlaps pages by the rows of the largest backup, or by one if these are too many", () => {
    const { collector } = collect([...alike("a", 4), shard("b", { BlockCount: 16 })]);
    assert.deepEqual(
      [100, 32, 31, 2, 1].map((length) => collector.getOverlap(length)),
      [16, 16, 1, 1, 0],
    );
  });

  it("finds the page that holds all rows of backups that came in several answers, if one can", () => {
    const { collector } = collect(
      [...alike("a", 4), ...alike("b", 2)],
      [...alike("b", 2), ...alike("c", 4)],
      [...alike("d", 2)],
      [...alike("d", 2), ...alike("e", 4)],
    );
    // Positions: a from 0, b from 4, c from 8, d from 12, e from 16.
    assert.deepEqual(collector.findSplitPages(6), [3, 11]);
    assert.deepEqual(collector.findSplitPages(12), [4]);
    assert.deepEqual(collector.findSplitPages(3), []);
    assert.equal(collector.addAgain(listRows(alike("b", 4))), true);
    assert.deepEqual([...collector.collect().completeIds], ["a", "b", "c", "e"]);
  });

  it("takes a larger BlockCount from rows that were requested again, and from an earlier pass", () => {
    const blockCounts = new Map<string, number>();
    const collector = new UMemRowCollector<JsonObject>(blockCounts);
    const two = { BlockCount: 2 };
    addPages(collector, [[shard("a", { ...two, BlockSize: 1 })], [shard("a", { ...two, BlockSize: 2 })]]);
    collector.addAgain(listRows([shard("a", { BlockSize: 1 }), shard("a", { BlockSize: 2 })]));
    assert.equal(collector.collect().completeIds.size, 0);
    const second = addPages(new UMemRowCollector<JsonObject>(blockCounts), [
      [shard("a", two), shard("a", two)],
    ]);
    assert.equal(second.completeIds.size, 0);
  });

  it("does not count rows as different if one of them only lacks a field", () => {
    const rows = differing("a", 1, 2, 3);
    const named = rows.map((row) => ({ ...row, Protocol: "redis" }));
    assert.deepEqual([...collect(named, rows.slice(2)).distinctIds], []);
  });

  it("finds a page new that holds more alike rows without an id than any before", () => {
    const row = { State: "Error" };
    const { areNew, rows } = collect([row], [row], [row, row]);
    assert.deepEqual([areNew, rows.length], [[true, false, true], 2]);
  });

  it("takes 20,000 pages of rows without an id in linear time", () => {
    const pages = Array.from({ length: 20_000 }, (_, CreateTime) => [{ CreateTime }]);
    assert.equal(collect(...pages).rows.length, 20_000);
  }).timeout(5000);

  it("reports an unknown backup among rows that were requested again", () => {
    const { collector } = collect(alike("a", 4));
    assert.equal(collector.addAgain(listRows(alike("new", 1))), false);
  });

  it("does not read TotalCount as the number of rows, because it may be that of backups", () =>
    assert.equal(collect([shard("a", { BlockCount: 1 })]).collector.isAll(), false));
});
