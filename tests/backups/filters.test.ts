import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type BackupFilters, compileFilters, type Filterable } from "../../provider/backups/selection";

const NIGHTLY: Filterable = {
  backupName: "auto-nightly",
  backupType: "Auto",
  state: "Success",
  createdAt: "2026-01-31T00:00:00.000Z",
};

/** The failures of filters, by property. */
function findFailures(filters: BackupFilters): Readonly<Record<string, string>> {
  const { failures } = compileFilters(filters);
  return Object.fromEntries(failures.map(({ property, reason }) => [property, reason]));
}

describe("filters", () => {
  const cases: readonly (readonly [filters: BackupFilters, keeps: boolean, backup?: Filterable])[] = [
    [{}, true],
    [{}, true, {}],
    [{ nameRegex: "night" }, true],
    [{ nameRegex: "^night" }, false],
    [{ nameRegex: "^auto-.*ly$" }, true],
    [{ nameRegex: "NIGHT" }, false],
    [{ nameRegex: "(?i)NIGHT" }, true],
    [{ nameRegex: "." }, false, {}],
    [{ nameRegex: "^$" }, true, {}],
    [{ nameRegex: "^備.$" }, true, { backupName: "備份" }],
    [{ nameRegex: "^.$" }, true, { backupName: "🐘" }],
    [{ nameRegex: "\\p{Greek}" }, true, { backupName: "αβ" }],
    [{ nameRegex: "x" }, false, { backupName: "\ud83d" }],
    [{ backupTypes: ["Auto"] }, true],
    [{ backupTypes: ["aUTO"] }, true],
    [{ backupTypes: ["manual"] }, false],
    [{ backupTypes: ["manual", "auto"] }, true],
    [{ backupTypes: ["aut"] }, false],
    [{ backupTypes: ["auto"] }, false, {}],
    [{ backupTypes: ["undefined"] }, false, {}],
    [{ states: ["SUCCESS"] }, true],
    [{ states: ["Error", "Success"] }, true],
    [{ states: ["Error"] }, false],
    [{ states: ["Success"] }, false, {}],
    [{ states: ["ÉTAT"] }, true, { state: "état" }],
    [{ createdAfter: "2026-01-31T00:00:00Z" }, true],
    [{ createdAfter: "2026-01-31T08:00:00+08:00" }, true],
    [{ createdAfter: "2026-01-31T00:00:00.0001Z" }, false],
    [{ createdAfter: "2026-01-31T00:00:01Z" }, false],
    [{ createdAfter: "2026-01-31T00:00:00Z" }, false, { ...NIGHTLY, createdAt: "2026-01-30T23:59:59.000Z" }],
    [{ createdBefore: "2026-01-31T00:00:00Z" }, false],
    [{ createdBefore: "2026-01-31T00:00:00.0001Z" }, true],
    [{ createdBefore: "2026-01-31T00:00:01Z" }, true],
    [{ createdAfter: "2026-01-30T00:00:00Z", createdBefore: "2026-02-01T00:00:00Z" }, true],
    [{ createdAfter: "1970-01-01T00:00:00Z" }, false, {}],
    [{ createdBefore: "9999-01-01T00:00:00Z" }, false, {}],
    [{ nameRegex: "night", backupTypes: ["auto"], states: ["success"] }, true],
    [{ nameRegex: "day", backupTypes: ["auto"], states: ["success"] }, false],
    [{ nameRegex: "night", backupTypes: ["auto"], states: ["error"] }, false],
    [{ states: ["success"], createdAfter: "2026-02-01T00:00:00Z" }, false],
  ];
  for (const [filters, keeps, backup = NIGHTLY] of cases) {
    const subject = backup === NIGHTLY ? "the nightly backup" : JSON.stringify(backup);
    it(`${JSON.stringify(filters)} ${keeps ? "keep" : "drop"} ${subject}`, () =>
      assert.deepEqual([compileFilters(filters).keep(backup), findFailures(filters)], [keeps, {}]));
  }

  const faults: readonly (readonly [filters: BackupFilters, property: string, reason: RegExp])[] = [
    [{ backupTypes: [] }, "backupTypes", /^must not be empty; leave it out to keep all$/],
    [{ states: [] }, "states", /^must not be empty; leave it out to keep all$/],
    [{ backupTypes: ["Auto", ""] }, "backupTypes", /^must not hold an empty text; leave it out to keep all$/],
    [{ states: [" "] }, "states", /^must not hold an empty text; leave it out to keep all$/],
    [
      { createdAfter: "2026-02-31T00:00:00Z" },
      "createdAfter",
      /^`2026-02-31T00:00:00Z` is not an RFC 3339 date/,
    ],
    [
      { createdAfter: "" },
      "createdAfter",
      /^`` is not an RFC 3339 date and time with its zone, such as 2026-/,
    ],
    [{ createdBefore: "2026-01-31T00:00:00" }, "createdBefore", /RFC 3339/],
    [{ createdBefore: "a\nb" }, "createdBefore", /^`a\uFFFDb` is not/],
    [
      { createdAfter: "2026-01-31T00:00:00Z", createdBefore: "2026-01-31T00:00:00Z" },
      "createdAfter",
      /^must be earlier than createdBefore/,
    ],
    [
      { createdAfter: "2026-01-31T00:00:00Z", createdBefore: "2026-01-31T07:00:00+08:00" },
      "createdAfter",
      /^must be earlier than createdBefore/,
    ],
    [{ nameRegex: "" }, "nameRegex", /^must not be empty; leave it out to keep all$/],
    [{ nameRegex: "(" }, "nameRegex", /^is not a regular expression in RE2 syntax: missing closing \)$/],
    [{ nameRegex: "ab*+c" }, "nameRegex", /RE2 syntax: .* `\*\+` at character 3$/],
    [{ nameRegex: "a[z-y]b" }, "nameRegex", /RE2 syntax: .*range `z-y` at character 3$/],
    [{ nameRegex: "x**y**" }, "nameRegex", /RE2 syntax: .* `\*\*`$/],
    [{ nameRegex: "a(?=b)" }, "nameRegex", /`\(\?=` at character 2 \(RE2 has no look-around and no back-ref/],
    [{ nameRegex: "(a)\\1" }, "nameRegex", /`\\1` at character 4 \(RE2 has no look-around and no back-ref/],
    [{ nameRegex: "a{1001}" }, "nameRegex", /RE2 syntax: .*repeat count/],
    [{ nameRegex: "((a{1000}){1000})" }, "nameRegex", /RE2 syntax: .*repeat count/],
    [{ nameRegex: "((x{0}){1000}){1000}" }, "nameRegex", /RE2 syntax: .*too large/],
    [
      { nameRegex: "a{1000}b{1000}" },
      "nameRegex",
      /^is too large once compiled \(2002 steps, at most 1500\)/,
    ],
    [{ nameRegex: "a{999}".repeat(166) }, "nameRegex", /^is too large once compiled/],
    [{ nameRegex: "a".repeat(1001) }, "nameRegex", /^is 1001 characters long, at most 1000 are allowed$/],
  ];
  for (const [filters, property, reason] of faults) {
    it(`${JSON.stringify(filters).slice(0, 90)} are refused`, () => {
      const failures = findFailures(filters);
      assert.deepEqual(Object.keys(failures), [property]);
      assert.match(failures[property] ?? "", reason);
    });
  }

  it("accept a pattern of 1000 plain characters", () => {
    const name = "é".repeat(1000);
    assert.equal(compileFilters({ nameRegex: name }).keep({ backupName: name }), true);
  });

  it("are refused with all malformed properties", () => {
    const failures = findFailures({
      nameRegex: "(",
      backupTypes: [],
      states: [""],
      createdAfter: "now",
      createdBefore: "later",
    });
    assert.deepEqual(Object.keys(failures).sort(), [
      "backupTypes",
      "createdAfter",
      "createdBefore",
      "nameRegex",
      "states",
    ]);
  });

  const slowElsewhere: readonly (readonly [pattern: string, name: string])[] = [
    ["(a+)+$", `${"a".repeat(50_000)}!`],
    ["^(a|aa)+$", `${"a".repeat(50_000)}!`],
    ["(x+x+)+y", "x".repeat(50_000)],
    ["(.*)*(.*)*(.*)*z$", "b".repeat(50_000)],
    ["(a?){250}a{250}b", "a".repeat(10_000)],
  ];
  for (const [pattern, name] of slowElsewhere) {
    it(`match ${pattern} in time linear in the name`, () => {
      assert.equal(compileFilters({ nameRegex: pattern }).keep({ backupName: name }), false);
    }).timeout(5_000);
  }

  it("refuse to go on with a pattern that would take minutes on many long names", () => {
    const { keep } = compileFilters({ nameRegex: ".{1000}z" });
    const backupName = "a".repeat(1000);
    assert.throws(
      () => {
        for (let i = 0; i < 10_000; i++) keep({ backupName });
      },
      { message: /^\[InvalidArgument\] nameRegex: takes too long on the names of all backups \(1003 steps/ },
    );
  });

  it("match an ordinary pattern on the most names that a listing may have", () => {
    const { keep } = compileFilters({ nameRegex: "^(orders|sessions)-nightly-\\d{4}-\\d\\d-\\d\\d$" });
    const backupName = `orders-nightly-2026-01-31${" ".repeat(38)}`;
    for (let i = 0; i < 100_000; i++) assert.equal(keep({ backupName }), false);
  }).timeout(10_000);

  it("accept or refuse any pattern, and never fail otherwise", () => {
    const pattern = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from("ab.*+?|()[]{}^$\\1,5-:=!<>Ppi")), maxLength: 40 }),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    fc.assert(
      fc.property(pattern, fc.string({ unit: "binary", maxLength: 20 }), (nameRegex, backupName) => {
        const { keep, failures } = compileFilters({ nameRegex });
        assert.equal(typeof keep({ backupName }), "boolean");
        for (const { property, reason } of failures) {
          assert.equal(property, "nameRegex");
          assert.doesNotMatch(reason, /\p{Cc}|undefined/u);
        }
        assert.ok(failures.length <= 1);
      }),
      { numRuns: 2000 },
    );
  });
});
