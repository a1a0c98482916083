import assert from "node:assert/strict";
import { findDoubts } from "../../provider/backups/latest";
import { type Selectable, selectBackups } from "../../provider/backups/selection";
import { choose, fail, make, NOW, SUBJECT } from "./choices";

const DAY_OLD = { seconds: 26 * 3600, text: "26h" };
const ASKED = `Asked for: ${SUBJECT.description}.`;
const dropAll = { keep: () => false };
const keepUnusable = { keep: ({ usable }: Selectable) => !usable };

/** The message, as its lines. */
function failLines(...args: Parameters<typeof fail>): string[] {
  return fail(...args).split("\n");
}

describe("NoBackups", () => {
  it("says what to check, then to make a backup", () => {
    assert.deepEqual(failLines("NoBackups", []), [
      "[NoBackups] g: no backup found.",
      ASKED,
      "Check the region and the group's id, or make a backup.",
    ]);
  });

  const dated = make("a", "2026-01-01T00:00:00.000Z", "Error");
  const undated = make("b", undefined, "Error");
  const kinds: readonly (readonly [
    title: string,
    backups: Selectable[],
    verdict: string,
    kinds: string[],
  ])[] = [
    [
      "all types, states and times",
      [
        { ...make("a", "2026-01-03T00:00:00.000Z", "Success"), backupType: "Manual" },
        { ...undated, backupType: "Auto" },
        { ...dated, backupType: "Auto" },
        { ...make("d", "2026-01-02T00:00:00.000Z", "Error"), backupType: "Auto" },
      ],
      "none of the 4 backups passes the filters.",
      [
        "There are the types `Auto`, `Manual`, and the states `Error`, `Success`, and times from 2026-01-01T00:00:00.000Z to 2026-01-03T00:00:00.000Z.",
      ],
    ],
    [
      "a single time",
      [dated, dated, undated],
      "none of the 3 backups passes the filters.",
      ["There are the states `Error`, and the time 2026-01-01T00:00:00.000Z."],
    ],
    [
      "no time if none is known",
      [undated],
      "the only backup does not pass the filters.",
      ["There are the states `Error`."],
    ],
    ["nothing if nothing is known", [make("a", undefined)], "the only backup does not pass the filters.", []],
  ];
  for (const [title, backups, verdict, lines] of kinds) {
    it(`shows ${title} if the filters leave none`, () => {
      assert.deepEqual(failLines("NoBackups", backups, dropAll), [
        `[NoBackups] g: ${verdict}`,
        ...lines,
        ASKED,
        "Loosen the filters, or make a backup that passes them.",
      ]);
    });
  }
});

describe("NoUsableBackup", () => {
  it("says why each backup cannot be restored, one a line", () => {
    const backups = [make("a", "2026-01-31T11:00:00.000Z", "Backuping"), make("", undefined)];
    assert.deepEqual(failLines("NoUsableBackup", backups), [
      "[NoUsableBackup] g: none of the 2 backups can be restored.",
      "Skipped:",
      "  `a` (state `Backuping`, made at 2026-01-31T11:00:00.000Z, 1h ago): reason of Backuping",
      "  one without an id (no state, made at an unknown time): reason of none",
      ASKED,
      "Wait for a running backup, or make a new backup.",
    ]);
  });

  it("names the newest five and counts the rest", () => {
    const backups = [1, 2, 3, 4, 5, 6, 7].map((day) =>
      make(`b${day}`, `2026-01-0${day}T00:00:00.000Z`, "Error"),
    );
    const lines = failLines("NoUsableBackup", backups);
    assert.deepEqual(lines.join().match(/`b\d`/g), ["`b7`", "`b6`", "`b5`", "`b4`", "`b3`"]);
    assert.equal(lines[7], "  and 2 more");
  });

  for (const [state, isRunning] of [
    ["Backuping", true],
    ["Starting", true],
    ["Error", false],
    ["Expired", false],
    ["backuping", false],
    [undefined, false],
  ] as const) {
    it(`advises ${isRunning ? "" : "not "}to wait for a backup in the state ${state ?? "that is absent"}`, () => {
      const step = isRunning ? "Wait for a running backup, or make a new backup." : "Make a new backup.";
      for (const others of [[], [make("b", undefined, "Error")]])
        assert.equal(failLines("NoUsableBackup", [...others, make("a", undefined, state)]).at(-1), step);
    });
  }

  it("says how many backups the filters left", () => {
    const usable = make("a", undefined, "Success");
    const one = failLines("NoUsableBackup", [usable, make("b", undefined, "Error")], keepUnusable);
    assert.deepEqual(one.slice(0, 2), [
      "[NoUsableBackup] g: the only backup that passes the filters cannot be restored.",
      "The filters left 1 of 2 backups.",
    ]);
    assert.equal(one.at(-1), "Loosen the filters, or make a new backup.");
    const running = [usable, make("b", undefined, "Error"), make("c", undefined, "Starting")];
    const two = failLines("NoUsableBackup", running, keepUnusable);
    assert.equal(two[0], "[NoUsableBackup] g: none of the 2 backups that pass the filters can be restored.");
    assert.equal(two.at(-1), "Wait for a running backup, loosen the filters, or make a new backup.");
  });
});

describe("StaleBackup", () => {
  it("lists the newer backups that were skipped, one a line, in the failure and in the warning", () => {
    const backups = [
      make("a", "2026-01-01T00:00:00.000Z", "Success"),
      make("b", "2026-01-31T10:30:00.000Z", "Backuping"),
    ];
    const newer =
      "\nNewer but skipped:\n  `b` (state `Backuping`, made at 2026-01-31T10:30:00.000Z, 1h 30m ago): reason of Backuping\n";
    assert.ok(fail("StaleBackup", backups, { maxAge: DAY_OLD }).includes(newer));
    assert.ok(choose(backups, { maxAge: DAY_OLD, onStale: "warn" }).warnings[0]?.includes(newer));
  });
});

describe("AmbiguousSource", () => {
  it("names five of the usable backups without a known time", () => {
    const backups = Array.from({ length: 8 }, (_, i) => make(`b${i}`, undefined, "Success"));
    assert.deepEqual(failLines("AmbiguousSource", backups), [
      "[AmbiguousSource] g: none of the 8 usable backups has a known time, so the newest is not known.",
      "Usable: `b0`, `b1`, `b2`, `b3`, `b4` and 3 more.",
      ASKED,
      "Keep one of them with a filter such as nameRegex, or make a new backup.",
    ]);
  });
});

describe("messages about hostile texts", () => {
  const hostile = "x\r\n\u001b[31m`\u202e".repeat(1000);
  const one = make(hostile, "2026-01-01T00:00:00.000Z", hostile);
  const usable = { ...one, usable: true };
  const maxAge = { seconds: 1, text: "1s\n" };

  it("have their own line breaks only, and stay short", () => {
    const twins = ["1", "2"].map((id) => ({ backupId: `${hostile}${id}`, usable: true }));
    const undated = { backupId: hostile, usable: true };
    const selection = selectBackups({ backups: [undated], explain: () => "" }, () => true);
    const messages: [text: string, lines: number][] = [
      [fail("NoUsableBackup", [one]), 5],
      [fail("StaleBackup", [usable], { maxAge }), 4],
      [fail("NoBackups", [{ ...one, backupType: hostile }], dropAll), 4],
      [fail("AmbiguousSource", twins), 4],
      ...findDoubts(selection, { subject: SUBJECT, now: NOW }).map((text): [string, number] => [text, 1]),
    ];
    for (const [message, lines] of messages) {
      assert.equal(message.split("\n").length, lines);
      assert.doesNotMatch(message, /(?!\n)[\p{Cc}\p{Cf}]/u);
      assert.ok(message.length < 1000, message);
    }
  });
});
