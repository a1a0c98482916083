import assert from "node:assert/strict";
import { type Choice, type ChoiceOptions, chooseLatest, findDoubts } from "../../provider/backups/latest";
import { type Selectable, selectBackups } from "../../provider/backups/selection";
import { RedisBackupError } from "../../provider/ucloud/errors";

const NOW = new Date("2026-01-31T12:00:00Z");
const SOURCE = "group `uredis-1` in region `cn-bj2`";
const DAY_OLD = { seconds: 26 * 3600, text: "26h" };

function make(backupId: string, createdAt: string | undefined, state?: string): Selectable {
  return {
    backupId,
    usable: state === "Success",
    ...(state === undefined ? {} : { state }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

type Settings = Partial<ChoiceOptions> & { keep?: (backup: Selectable) => boolean };

function choose(
  backups: readonly Selectable[],
  { keep = () => true, ...options }: Settings = {},
): Choice<Selectable> {
  const explain = ({ state }: Selectable): string =>
    `reason of ${/^\w+$/.test(state ?? "") ? (state ?? "") : "none"}`;
  const selection = selectBackups({ backups, explain }, keep);
  return chooseLatest(selection, {
    source: SOURCE,
    suspects: "the region and the group's id",
    unfiltered: backups,
    now: NOW,
    ...options,
  });
}

/** The message of a choice that must fail with `code`. */
function fail(code: string, ...args: Parameters<typeof choose>): string {
  try {
    choose(...args);
  } catch (error) {
    assert.ok(error instanceof RedisBackupError);
    assert.equal(error.code, code);
    assert.ok(error.message.startsWith(`[${code}] `));
    assert.doesNotMatch(error.message, /\p{Cc}|undefined/u);
    return error.message;
  }
  return assert.fail("a backup was chosen");
}

describe("chooseLatest", () => {
  it("gives the backup, its age and what was skipped", () => {
    const latest = make("b", "2026-01-31T11:59:00.000Z", "Success");
    const choice = choose([make("a", "2026-01-01T00:00:00.000Z", "Success"), latest]);
    assert.deepEqual(choice, { backup: latest, ageSeconds: 60, stale: false, skipped: [], warnings: [] });
  });

  it("tells what was skipped", () => {
    const { skipped } = choose([
      make("a", "2026-01-01T00:00:00.000Z", "Success"),
      make("b", "2026-01-02T00:00:00.000Z", "Error"),
    ]);
    assert.deepEqual(skipped, [
      { backupId: "b", state: "Error", createdAt: "2026-01-02T00:00:00.000Z", reason: "reason of Error" },
    ]);
  });

  const ages: readonly (readonly [
    title: string,
    createdAt: string | undefined,
    ageSeconds: number | undefined,
  ])[] = [
    ["cut off to whole seconds", "2026-01-31T11:59:58.001Z", 1],
    ["0 for a backup of this moment", "2026-01-31T12:00:00.000Z", 0],
    ["0 for a backup of the future", "2036-01-31T12:00:00.000Z", 0],
    ["absent for an undated backup", undefined, undefined],
  ];
  for (const [title, createdAt, ageSeconds] of ages) {
    it(`gives an age ${title}, and without maxAge takes any`, () => {
      const choice = choose([make("a", createdAt, "Success")], { onStale: "error" });
      assert.equal(choice.ageSeconds, ageSeconds);
      assert.equal("ageSeconds" in choice, ageSeconds !== undefined);
      assert.equal(choice.stale, false);
    });
  }

  const fresh: readonly (readonly [title: string, createdAt: string])[] = [
    ["exactly maxAge old", "2026-01-30T10:00:00.000Z"],
    ["younger than maxAge", "2026-01-30T10:00:01.000Z"],
    ["dated an hour ahead, as clocks differ", "2026-01-31T13:00:00.000Z"],
  ];
  for (const [title, createdAt] of fresh) {
    it(`takes a backup ${title}`, () =>
      assert.equal(choose([make("a", createdAt, "Success")], { maxAge: DAY_OLD }).stale, false));
  }

  const stale: readonly (readonly [title: string, createdAt: string | undefined, text: RegExp])[] = [
    [
      "a second older than maxAge",
      "2026-01-30T09:59:59.000Z",
      /`a`, was made at 2026-01-30T09:59:59\.000Z, 26h 0m 1s ago; maxAge allows `26h`\. .*make a new backup or raise maxAge/,
    ],
    [
      "of an unknown time",
      undefined,
      /`a`, has no known time, so its age is not known; maxAge allows `26h`\./,
    ],
    [
      "dated over an hour ahead",
      "2026-01-31T13:00:01.000Z",
      /`a`, is dated in the future \(2026-01-31T13:00:01\.000Z, while it is 2026-01-31T12:00:00\.000Z here\).*check this machine's clock/,
    ],
  ];
  for (const [title, createdAt, text] of stale) {
    const backups = [make("a", createdAt, "Success")];

    it(`refuses a backup ${title}, saying so and what to do`, () => {
      for (const onStale of [{}, { onStale: "error" as const }]) {
        const message = fail("StaleBackup", backups, { maxAge: DAY_OLD, ...onStale });
        assert.match(message, text);
        assert.ok(message.includes(`The newest usable backup of ${SOURCE}, \`a\`,`));
        assert.match(message, /To go on, .* or set onStale to `warn`\.$/);
      }
    });

    it(`warns of a backup ${title}, and gives it, when told to`, () => {
      const choice = choose(backups, { maxAge: DAY_OLD, onStale: "warn" });
      assert.equal(choice.backup, backups[0]);
      assert.equal(choice.stale, true);
      assert.equal(choice.warnings.length, 1);
      assert.match(choice.warnings[0] ?? "", text);
      assert.match(choice.warnings[0] ?? "", /^\[StaleBackup\] The newest usable backup of /);
      assert.match(choice.warnings[0] ?? "", /It is used all the same, as onStale is `warn`/);
    });
  }

  it("has no warning for a fresh backup", () => {
    const choice = choose([make("a", "2026-01-31T11:00:00.000Z", "Success")], {
      maxAge: DAY_OLD,
      onStale: "warn",
    });
    assert.deepEqual([choice.stale, choice.warnings], [false, []]);
  });

  it("says which newer backups it passed over for the stale one", () => {
    const backups = [
      make("a", "2026-01-01T00:00:00.000Z", "Success"),
      make("b", "2026-01-31T10:30:00.000Z", "Backuping"),
    ];
    const newer =
      "Newer, but passed over: `b` (state `Backuping`, made at 2026-01-31T10:30:00.000Z, 1h 30m ago): reason of Backuping.";
    assert.ok(fail("StaleBackup", backups, { maxAge: DAY_OLD }).includes(newer));
    assert.ok(choose(backups, { maxAge: DAY_OLD, onStale: "warn" }).warnings[0]?.includes(newer));
  });

  it("says when there is nothing at all", () => {
    assert.equal(
      fail("NoBackups", []),
      `[NoBackups] There is no backup of ${SOURCE}. Make one, or check the region and the group's id.`,
    );
  });

  it("says what there was when the filters left nothing", () => {
    const backups = [
      { ...make("a", "2026-01-03T00:00:00.000Z", "Success"), backupType: "Manual" },
      { ...make("b", undefined, "Error"), backupType: "Auto" },
      { ...make("c", "2026-01-01T00:00:00.000Z", "Error"), backupType: "Auto" },
      { ...make("d", "2026-01-02T00:00:00.000Z", "Error"), backupType: "Auto" },
    ];
    assert.equal(
      fail("NoBackups", backups, { keep: () => false }),
      `[NoBackups] None of the 4 backups of ${SOURCE} passes the filters. There are the types \`Auto\`, \`Manual\`, and the states \`Error\`, \`Success\`, and times from 2026-01-01T00:00:00.000Z to 2026-01-03T00:00:00.000Z. Loosen the filters, or make a backup that passes them.`,
    );
  });

  it("names a single time as one, and no time where none is known", () => {
    const dated = make("a", "2026-01-01T00:00:00.000Z", "Error");
    for (const backups of [[dated], [dated, dated, make("b", undefined, "Error")]]) {
      assert.match(
        fail("NoBackups", backups, { keep: () => false }),
        /There are the states `Error`, and the time 2026-01-01T00:00:00\.000Z\. Loosen/,
      );
    }
    assert.match(
      fail("NoBackups", [make("b", undefined, "Error")], { keep: () => false }),
      /There are the states `Error`\. Loosen/,
    );
  });

  it("speaks of one backup as one, and of kinds only when it knows them", () => {
    assert.equal(
      fail("NoBackups", [make("a", undefined)], { keep: () => false }),
      `[NoBackups] The one backup of ${SOURCE} does not pass the filters. Loosen the filters, or make a backup that passes them.`,
    );
  });

  it("says how many there were, and why none can be restored", () => {
    const backups = [make("a", "2026-01-31T11:00:00.000Z", "Backuping"), make("", undefined)];
    assert.equal(
      fail("NoUsableBackup", backups),
      `[NoUsableBackup] None of the 2 backups of ${SOURCE} can be restored: ` +
        "`a` (state `Backuping`, made at 2026-01-31T11:00:00.000Z, 1h ago): reason of Backuping; " +
        "one without an id (no state, made at an unknown time): reason of none. " +
        "To go on, wait for a running backup, or make a new one.",
    );
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
      const steps = isRunning ? "wait for a running backup, or make a new one" : "make a new one";
      for (const backups of [
        [make("a", undefined, state)],
        [make("b", undefined, "Error"), make("a", undefined, state)],
      ])
        assert.ok(fail("NoUsableBackup", backups).endsWith(`. To go on, ${steps}.`));
    });
  }

  it("says that which one is the newest is not known, where several usable ones are undated", () => {
    const backups = [
      make("a", undefined, "Success"),
      make("b", undefined, "Success"),
      make("c", "2026-01-31T00:00:00.000Z", "Error"),
    ];
    for (const given of [backups, [...backups].reverse()]) {
      for (const guard of [{}, { maxAge: DAY_OLD }, { maxAge: DAY_OLD, onStale: "warn" as const }]) {
        assert.equal(
          fail("AmbiguousSource", given, guard),
          `[AmbiguousSource] None of the 2 usable backups of ${SOURCE} has a known time, so which one is the newest is not known: \`a\`, \`b\`. Leave one of them with a filter such as nameRegex, or make a new backup.`,
        );
      }
    }
  });

  it("names five of many usable undated ones", () => {
    const backups = Array.from({ length: 8 }, (_, i) => make(`b${i}`, undefined, "Success"));
    assert.match(fail("AmbiguousSource", backups), /: `b0`, `b1`, `b2`, `b3`, `b4` and 3 more\. /);
  });

  it("gives an undated backup that the filters left of several, with a warning", () => {
    const backups = ["a", "b"].map((id) => make(id, undefined, "Success"));
    const choice = choose(backups, { keep: ({ backupId }) => backupId === "b" });
    assert.equal(choice.backup.backupId, "b");
    assert.equal(choice.warnings.length, 1);
  });

  it("speaks of one unusable backup as one", () => {
    const message = fail("NoUsableBackup", [make("a", undefined, "Error")]);
    assert.ok(message.startsWith(`[NoUsableBackup] The one backup of ${SOURCE} cannot be restored: \`a\``));
  });

  it("says that the filters may be what left none usable", () => {
    const backups = [make("a", undefined, "Success"), make("b", undefined, "Error")];
    const message = fail("NoUsableBackup", backups, { keep: ({ usable }) => !usable });
    assert.match(message, /cannot be restored \(the filters left 1 of 2\): `b`/);
    assert.match(message, /\. To go on, loosen the filters, or make a new one\.$/);
    const running = [make("a", undefined, "Success"), make("b", undefined, "Starting")];
    assert.match(
      fail("NoUsableBackup", running, { keep: ({ usable }) => !usable }),
      /\. To go on, wait for a running backup, or loosen the filters, or make a new one\.$/,
    );
  });

  it("names the newest five and counts the rest", () => {
    const backups = [1, 2, 3, 4, 5, 6, 7].map((day) =>
      make(`b${day}`, `2026-01-0${day}T00:00:00.000Z`, "Error"),
    );
    const message = fail("NoUsableBackup", backups);
    assert.deepEqual(message.match(/`b\d`/g), ["`b7`", "`b6`", "`b5`", "`b4`", "`b3`"]);
    assert.match(message, /; and 2 more\. /);
  });

  it("is not garbled by what the API or the user wrote", () => {
    const hostile = "x\r\n\u001b[31m`\u202e".repeat(1000);
    const backups = [make(hostile, "2026-01-01T00:00:00.000Z", hostile)];
    const options = { source: "group `a\nb`", maxAge: { seconds: 1, text: "1s\n" } };
    const messages = [
      fail("NoUsableBackup", backups, options),
      fail(
        "StaleBackup",
        backups.map((backup) => ({ ...backup, usable: true })),
        options,
      ),
      fail(
        "NoBackups",
        backups.map((backup) => ({ ...backup, backupType: hostile })),
        { ...options, suspects: "the region", keep: () => false },
      ),
      fail(
        "AmbiguousSource",
        ["1", "2"].map((id) => ({ backupId: `${hostile}${id}`, usable: true })),
        options,
      ),
      ...findDoubts(
        selectBackups({ backups: [{ backupId: hostile, usable: true }], explain: () => "" }, () => true),
        { ...options, now: NOW },
      ),
    ];
    for (const message of messages) {
      assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u);
      assert.ok(message.length < 1000, message);
    }
  });
});

describe("findDoubts", () => {
  const dated = make("a", "2026-01-30T00:00:00.000Z", "Success");
  const future = make("f", "2026-02-01T00:00:00.000Z", "Success");
  const undated = ["u", "v"].map((id) => make(id, undefined, "Success"));
  const failed = make("e", undefined, "Error");
  const passedOver = (ids: string): string =>
    `Usable backups of ${SOURCE} without a known time were passed over and may be newer: ${ids}.`;
  const inFuture =
    `The newest usable backup of ${SOURCE}, \`f\`, is dated in the future (2026-02-01T00:00:00.000Z, while it is ` +
    "2026-01-31T12:00:00.000Z here), so it may not be the newest. ";

  const cases: readonly (readonly [title: string, backups: Selectable[], beginnings: string[]])[] = [
    ["has none without a backup", [], []],
    ["has none of a dated backup", [dated], []],
    ["has none of unusable undated ones", [dated, failed], []],
    ["has none where no newest one is chosen", undated, []],
    ["has none of one dated an hour ahead", [make("h", "2026-01-31T13:00:00.000Z", "Success")], []],
    ["tells of a backup dated in the future", [future, dated], [inFuture]],
    [
      "tells of an undated backup that is the only usable one",
      [...undated.slice(0, 1), failed, make("g", "2026-01-30T00:00:00.000Z", "Error")],
      [
        `The newest usable backup of ${SOURCE}, \`u\`, has no known time. It is the only usable one; others may be newer.`,
      ],
    ],
    ["tells of one usable undated backup passed over", [dated, ...undated.slice(1)], [passedOver("`v`")]],
    [
      "tells of all usable undated backups passed over",
      [dated, ...undated, failed],
      [passedOver("`u`, `v`")],
    ],
    ["tells of both", [future, ...undated], [inFuture, passedOver("`u`, `v`")]],
  ];
  for (const [title, backups, beginnings] of cases) {
    it(title, () => {
      for (const given of [backups, [...backups].reverse()]) {
        const selection = selectBackups({ backups: given, explain: () => "bad" }, () => true);
        const doubts = findDoubts(selection, { source: SOURCE, now: NOW });
        assert.deepEqual(
          doubts.map((doubt, i) => doubt.slice(0, beginnings[i]?.length)),
          beginnings,
        );
      }
    });
  }

  for (const guard of [{}, { maxAge: { seconds: 400 * 24 * 3600, text: "400d" } }]) {
    it(`are the warnings of a choice that is not stale, given ${JSON.stringify(guard)}`, () => {
      assert.deepEqual(choose([dated, ...undated], guard).warnings, [passedOver("`u`, `v`")]);
      assert.deepEqual(choose([dated], guard).warnings, []);
    });
  }

  it("are the warnings of a backup dated in the future, without maxAge", () => {
    const { stale, warnings } = choose([future, dated]);
    assert.deepEqual([stale, warnings.length], [false, 1]);
    assert.ok(warnings[0]?.startsWith(inFuture));
    assert.match(warnings[0] ?? "", /Check this machine's clock/);
  });
});
