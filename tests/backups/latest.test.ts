import assert from "node:assert/strict";
import { type ChoiceOptions, chooseLatest, findDoubts } from "../../provider/backups/latest";
import { type Selectable, selectBackups } from "../../provider/backups/selection";
import { choose, fail, make, NOW, SUBJECT } from "./choices";

const DAY_OLD = { seconds: 26 * 3600, text: "26h" };

describe("chooseLatest", () => {
  it("returns the backup, its age and the skipped ones", () => {
    const latest = make("b", "2026-01-31T11:59:00.000Z", "Success");
    const older = make("a", "2026-01-01T00:00:00.000Z", "Success");
    const newer = make("c", "2026-01-31T11:59:30.000Z", "Error");
    assert.deepEqual(choose([older, newer, latest]), {
      backup: latest,
      ageSeconds: 60,
      stale: false,
      skipped: [
        { backupId: "c", state: "Error", createdAt: "2026-01-31T11:59:30.000Z", reason: "reason of Error" },
      ],
      warnings: [],
    });
  });

  for (const [title, createdAt, ageSeconds] of [
    ["truncated to whole seconds", "2026-01-31T11:59:58.001Z", 1],
    ["0 for a backup of this moment", "2026-01-31T12:00:00.000Z", 0],
    ["0 for a backup of the future", "2036-01-31T12:00:00.000Z", 0],
    ["absent for an undated backup", undefined, undefined],
  ] as const) {
    it(`returns an age ${title}, and accepts any without maxAge`, () => {
      const choice = choose([make("a", createdAt, "Success")], { onStale: "error" });
      assert.equal(choice.ageSeconds, ageSeconds);
      assert.equal("ageSeconds" in choice, ageSeconds !== undefined);
      assert.equal(choice.stale, false);
    });
  }

  for (const [title, createdAt] of [
    ["exactly maxAge old", "2026-01-30T10:00:00.000Z"],
    ["younger than maxAge", "2026-01-30T10:00:01.000Z"],
    ["dated an hour ahead, as clocks differ", "2026-01-31T13:00:00.000Z"],
  ] as const) {
    it(`accepts a backup ${title}, without a warning`, () => {
      const choice = choose([make("a", createdAt, "Success")], { maxAge: DAY_OLD, onStale: "warn" });
      assert.deepEqual([choice.stale, choice.warnings], [false, []]);
    });
  }

  const stale: readonly (readonly [createdAt: string | undefined, lines: string[], steps: string])[] = [
    [
      "2026-01-30T09:59:59.000Z",
      [
        "g: newest usable backup is 26h 0m 1s old, maxAge 26h.",
        "Newest usable: `a`, made at 2026-01-30T09:59:59.000Z.",
      ],
      "Make a new backup, @raise maxAge",
    ],
    [
      undefined,
      [
        "g: newest usable backup has no known time, so its age is not known, maxAge 26h.",
        "Newest usable: `a`, made at an unknown time.",
      ],
      "Make a new backup, @leave maxAge out",
    ],
    [
      "2026-01-31T13:00:01.000Z",
      [
        "g: newest usable backup is dated in the future, so its age is not known, maxAge 26h.",
        "Newest usable: `a`, made at 2026-01-31T13:00:01.000Z, while it is 2026-01-31T12:00:00.000Z here.",
      ],
      "Check this machine's clock, make a new backup, @leave maxAge out",
    ],
  ];
  for (const [createdAt, lines, steps] of stale) {
    const backups = [make("a", createdAt, "Success")];
    const text = `[StaleBackup] ${lines.join("\n")}\nAsked for: ${SUBJECT.description}.\n`;

    it(`refuses a backup made at ${createdAt ?? "an unknown time"} with maxAge 26h, and says what to do`, () => {
      for (const onStale of [{}, { onStale: "error" as const }]) {
        const message = fail("StaleBackup", backups, { maxAge: DAY_OLD, ...onStale });
        assert.equal(message, `${text}${steps.replace("@", "")}, or set onStale to \`warn\`.`);
      }
    });

    it(`returns the same backup with a warning if onStale is warn (${createdAt ?? "undated"})`, () => {
      const choice = choose(backups, { maxAge: DAY_OLD, onStale: "warn" });
      assert.equal(choice.backup, backups[0]);
      assert.equal(choice.stale, true);
      const nextStep = `It is used because onStale is \`warn\`. ${steps.replace("@", "or ")}.`;
      assert.deepEqual(choice.warnings, [`${text}${nextStep}`]);
    });
  }

  it("finds several usable backups without a known time ambiguous, whatever maxAge and onStale", () => {
    const backups = [
      make("a", undefined, "Success"),
      make("b", undefined, "Success"),
      make("c", "2026-01-31T00:00:00.000Z", "Error"),
    ];
    const guards: Partial<ChoiceOptions>[] = [{}, { maxAge: DAY_OLD }, { maxAge: DAY_OLD, onStale: "warn" }];
    for (const given of [backups, [...backups].reverse()])
      for (const guard of guards) fail("AmbiguousSource", given, guard);
  });

  it("returns an undated backup that the filters left of several, with a warning", () => {
    const backups = ["a", "b"].map((id) => make(id, undefined, "Success"));
    const choice = choose(backups, { keep: ({ backupId }) => backupId === "b" });
    assert.equal(choice.backup.backupId, "b");
    assert.equal(choice.warnings.length, 1);
  });
});

describe("findDoubts", () => {
  const dated = make("a", "2026-01-30T00:00:00.000Z", "Success");
  const future = make("f", "2026-02-01T00:00:00.000Z", "Success");
  const undated = ["u", "v"].map((id) => make(id, undefined, "Success"));
  const failed = make("e", undefined, "Error");
  const othersSkipped = (ids: string): string =>
    `g: usable backups without a known time were skipped and may be newer: ${ids}. (${SUBJECT.description})`;
  const inFuture =
    "g: newest usable backup `f` is dated in the future, so it may not be the newest. " +
    "It was made at 2026-02-01T00:00:00.000Z, while it is 2026-01-31T12:00:00.000Z here. " +
    `Check this machine's clock. (${SUBJECT.description})`;
  const unknownTime =
    "g: newest usable backup `u` has no known time. " +
    `It is the only usable one; others may be newer. (${SUBJECT.description})`;

  const cases: readonly (readonly [title: string, backups: Selectable[], doubts: string[]])[] = [
    ["has none without a backup", [], []],
    ["has none about a dated backup", [dated], []],
    ["has none about unusable undated backups", [dated, failed], []],
    ["has none if no newest one is known", undated, []],
    ["has none about a backup dated an hour ahead", [make("h", "2026-01-31T13:00:00.000Z", "Success")], []],
    ["names a backup dated in the future", [future, dated], [inFuture]],
    [
      "names an undated backup that is the only usable one",
      [...undated.slice(0, 1), failed, make("g", "2026-01-30T00:00:00.000Z", "Error")],
      [unknownTime],
    ],
    ["names another usable undated backup", [dated, ...undated.slice(1)], [othersSkipped("`v`")]],
    ["names all other usable undated backups", [dated, ...undated, failed], [othersSkipped("`u`, `v`")]],
    ["names both", [future, ...undated], [inFuture, othersSkipped("`u`, `v`")]],
  ];
  for (const [title, backups, doubts] of cases) {
    it(title, () => {
      for (const given of [backups, [...backups].reverse()]) {
        const selection = selectBackups({ backups: given, explain: () => "bad" }, () => true);
        assert.deepEqual(findDoubts(selection, { subject: SUBJECT, now: NOW }), doubts);
        if (selection.latest === undefined) continue;
        // The warnings of a choice that is not stale are these doubts.
        const facts = { subject: SUBJECT, suspects: "", unfiltered: given, now: NOW };
        assert.deepEqual(chooseLatest(selection, facts).warnings, doubts);
      }
    });
  }

  it("adds the other undated backups to the warning of a stale one", () => {
    const { warnings } = choose([dated, ...undated], { maxAge: DAY_OLD, onStale: "warn" });
    assert.equal(warnings.length, 2);
    assert.equal(warnings[1], othersSkipped("`u`, `v`"));
  });
});
