/** The spaces and servers that property tests try: what a UMem space holds, and how its API answers. */
import * as fc from "fast-check";

/** What happens to the space just before a request is answered. */
export type Change =
  "finishRow" | "dropRow" | "dropBackup" | "addBackup" | "dropAndAdd" | "rename" | "resizeRow";

/** How the API answers. */
export interface Manners {
  readonly order: "stable" | "byShard" | "shuffled" | "unstableTies" | "random";
  readonly cap: number;
  readonly count: "rows" | "backups" | "absent" | "page" | "cap" | "tooBig" | "zero";
  /** What `Offset` counts, or `ignored`. With `window`, only the first rows of the list can be read at all. */
  readonly offset: "rows" | "ignored" | "backups" | "pages" | "window";
  /** A field that differs between answers, or that some answers lack. */
  readonly varies: "nothing" | "protocolAtStart" | "noBlockCountLater" | "size";
  /** The request before which each change happens, from 1 on. */
  readonly changes: readonly { readonly at: number; readonly change: Change; readonly pick: number }[];
  readonly seed: number;
}

/** A backup as it was made: how many rows it has, and which of them are done. */
export interface BackupPlan {
  readonly blockCount: number;
  /** For each row, whether it is done. */
  readonly rows: readonly boolean[];
  readonly isAlike: boolean;
}

const plannedBackup: fc.Arbitrary<BackupPlan> = fc
  .record({ blockCount: fc.constantFrom(1, 2, 3, 4, 16), isAlike: fc.boolean() })
  .chain(({ blockCount, isAlike }) => {
    const whole = Array.from({ length: blockCount }, () => true);
    const rows = fc.oneof(
      { weight: 4, arbitrary: fc.constant(whole) },
      // One shard is still running.
      { weight: 3, arbitrary: fc.nat(blockCount - 1).map((at) => whole.with(at, false)) },
      // Some shards are missing.
      {
        weight: 3,
        arbitrary: fc.integer({ min: 1, max: blockCount }).map((length) => whole.slice(0, length)),
      },
      { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 1, maxLength: blockCount }) },
    );
    return rows.map((each) => ({ blockCount, isAlike, rows: each }));
  });

/** Spaces with some nights of backups, often of one size. */
export const space: fc.Arbitrary<readonly BackupPlan[]> = fc.oneof(
  fc.array(plannedBackup, { minLength: 1, maxLength: 9 }),
  // Seven nights of 16 shards fill more than a page.
  plannedBackup.map((newest) => [
    ...Array.from({ length: 7 }, () => ({
      blockCount: 16,
      rows: Array<boolean>(16).fill(true),
      isAlike: true,
    })),
    newest,
  ]),
);

const change = fc.constantFrom<Change>(
  "finishRow",
  "dropRow",
  "dropBackup",
  "addBackup",
  "dropAndAdd",
  "rename",
  "resizeRow",
);

export const manners: fc.Arbitrary<Manners> = fc.record({
  order: fc.constantFrom("stable", "byShard", "shuffled", "unstableTies", "random"),
  cap: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 130 }), fc.constant(100)),
  count: fc.constantFrom("rows", "backups", "absent", "page", "cap", "tooBig", "zero"),
  offset: fc.oneof(
    { weight: 5, arbitrary: fc.constant("rows" as const) },
    { weight: 2, arbitrary: fc.constantFrom("ignored", "backups", "pages", "window") },
  ),
  varies: fc.oneof(
    { weight: 4, arbitrary: fc.constant("nothing" as const) },
    { weight: 2, arbitrary: fc.constantFrom("protocolAtStart", "noBlockCountLater", "size") },
  ),
  changes: fc.array(fc.record({ at: fc.integer({ min: 1, max: 12 }), change, pick: fc.nat(1000) }), {
    maxLength: 3,
  }),
  seed: fc.nat(),
});

/** A server without changes, whose order is the same in every answer. */
export const steadyManners: fc.Arbitrary<Manners> = manners.map((each) => ({
  ...each,
  order: each.order === "unstableTies" || each.order === "random" ? "stable" : each.order,
  offset: "rows",
  varies: "nothing",
  changes: [],
}));
