/** Rows for property tests: realistic ones with few ids, so that they collide, mixed with hostile values. */
import * as fc from "fast-check";
import type { JsonObject } from "../../provider/ucloud/jsonFields";

/** Some of them do not work as keys of an object. */
const ids = fc.constantFrom("a", "b", "c", "10", "9", "__proto__", "constructor", "備份", "\uD83D\uDC18");
const hostile = fc.oneof(
  fc.constantFrom(null, "", {}, [], true, -1, 0, 1.5, "12", " 7 ", "1e3", NaN, Infinity, 2 ** 53, 1e300),
  fc.string({ unit: "binary", maxLength: 5 }),
);

function mostly<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: hostile });
}

/** A row of `DescribeUMemBackup`. */
export const umemRow: fc.Arbitrary<JsonObject> = fc.record(
  {
    BackupId: mostly(ids),
    BackupName: mostly(fc.constantFrom("x", "y")),
    BackupType: mostly(fc.constantFrom("auto", "manual")),
    State: mostly(fc.constantFrom("Done", "Done", "Done", "Starting", "Odd")),
    CreateTime: mostly(fc.constantFrom(1_700_000_000, 1_700_000_001, "1700000002")),
    BlockCount: mostly(fc.constantFrom(1, 2, 3, "2")),
    BlockSize: mostly(fc.nat(3)),
    Protocol: mostly(fc.constantFrom("redis", "memcache")),
    SpaceId: mostly(fc.constantFrom("s", "t")),
  },
  { requiredKeys: [] },
);

/** A row of `DescribeURedisBackup`. */
export const uredisRow: fc.Arbitrary<JsonObject> = fc.record(
  {
    BackupId: mostly(ids),
    BackupName: mostly(fc.constantFrom("auto-1", "nightly", "aaaa!")),
    BackupTime: mostly(fc.constantFrom(1_700_000_000, 1_700_000_001, "1700000002")),
    BackupType: mostly(fc.constantFrom("Auto", "Manual")),
    State: mostly(fc.constantFrom("Success", "Backuping", "Error", "Expired")),
    GroupId: mostly(fc.constantFrom("g", "h")),
    BackupSize: mostly(fc.nat(3)),
  },
  { requiredKeys: [] },
);

/** Rows, and the same rows in another order. */
export function shuffled<T>(row: fc.Arbitrary<T>): fc.Arbitrary<readonly [T[], T[]]> {
  return fc
    .array(row, { maxLength: 25 })
    .chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
      ),
    );
}
