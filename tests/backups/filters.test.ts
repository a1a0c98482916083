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

  const noTime = "is not an RFC 3339 date and time with its zone, such as 2026-01-31T00:00:00Z";
  const notRe2 = "is not a regular expression in RE2 syntax: ";
  const faults: readonly (readonly [
    property: keyof BackupFilters,
    value: string | string[],
    reason: string,
  ])[] = [
    ["backupTypes", [], "must not be empty; leave it out to keep all"],
    ["states", [], "must not be empty; leave it out to keep all"],
    ["backupTypes", ["Auto", ""], "must not hold an empty text; leave it out to keep all"],
    ["states", [" "], "must not hold an empty text; leave it out to keep all"],
    ["createdAfter", "2026-02-31T00:00:00Z", `\`2026-02-31T00:00:00Z\` ${noTime}`],
    ["createdAfter", "", `\`\` ${noTime}`],
    ["createdBefore", "2026-01-31T00:00:00", `\`2026-01-31T00:00:00\` ${noTime}`],
    ["createdBefore", "a\nb", `\`a\uFFFDb\` ${noTime}`],
    ["nameRegex", "", "must not be empty; leave it out to keep all"],
    ["nameRegex", "(", `${notRe2}missing closing )`],
    ["nameRegex", "ab*+c", `${notRe2}invalid nested repetition operator \`*+\` at character 3`],
    ["nameRegex", "a[z-y]b", `${notRe2}invalid character class range \`z-y\` at character 3`],
    ["nameRegex", "x**y**", `${notRe2}invalid nested repetition operator \`**\``],
    ["nameRegex", "a(?=b)", "`(?=` at character 2 (RE2 has no look-around and no back-references)"],
    ["nameRegex", "(a)\\1", "`\\1` at character 4 (RE2 has no look-around and no back-references)"],
    ["nameRegex", "a{1001}", "repeat count"],
    ["nameRegex", "((a{1000}){1000})", "repeat count"],
    ["nameRegex", "((x{0}){1000}){1000}", "too large"],
    ["nameRegex", "a{1000}b{1000}", "is too large once compiled (2002 steps, at most 1500)"],
    ["nameRegex", "a{999}".repeat(166), "is too large once compiled"],
    ["nameRegex", "a".repeat(1001), "is 1001 characters long, at most 1000 are allowed"],
  ];
  for (const [property, value, reason] of faults) {
    it(`${property} ${JSON.stringify(value).slice(0, 60)} is refused`, () => {
      const failures = findFailures({ [property]: value });
      assert.deepEqual(Object.keys(failures), [property]);
      assert.ok(failures[property]?.includes(reason), failures[property]);
    });
  }

  it("are refused if no time can be after one and before the other", () => {
    const createdAfter = "2026-01-31T00:00:00Z";
    for (const createdBefore of [createdAfter, "2026-01-31T07:00:00+08:00"]) {
      assert.deepEqual(findFailures({ createdAfter, createdBefore }), {
        createdAfter: "must be earlier than createdBefore, else no backup can be both",
      });
    }
  });

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
