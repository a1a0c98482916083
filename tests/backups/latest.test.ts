import assert from "node:assert/strict";
import { type Choice, type ChoiceOptions, chooseLatest } from "../../provider/backups/latest";
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
  const selection = selectBackups(
    backups,
    keep,
    ({ state }) => `reason of ${/^\w+$/.test(state ?? "") ? (state ?? "") : "none"}`,
  );
  return chooseLatest(selection, { source: SOURCE, total: backups.length, now: NOW, ...options });
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
    assert.deepEqual(choice, { backup: latest, ageSeconds: 60, stale: false, skipped: [] });
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
      /`a`, was made at 2026-01-30T09:59:59\.000Z, 26h ago; maxAge allows `26h`\. .*make a new backup or raise maxAge/,
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
      assert.match(choice.warning ?? "", text);
      assert.match(choice.warning ?? "", /It is used all the same, as onStale is `warn`/);
    });
  }

  it("has no warning for a fresh backup", () => {
    const choice = choose([make("a", "2026-01-31T11:00:00.000Z", "Success")], {
      maxAge: DAY_OLD,
      onStale: "warn",
    });
    assert.deepEqual([choice.stale, "warning" in choice], [false, false]);
  });

  it("says which newer backups it passed over for the stale one", () => {
    const backups = [
      make("a", "2026-01-01T00:00:00.000Z", "Success"),
      make("b", "2026-01-31T10:30:00.000Z", "Backuping"),
    ];
    const newer =
      "Newer, but passed over: `b` (state `Backuping`, made at 2026-01-31T10:30:00.000Z, 1h 30m ago): reason of Backuping.";
    assert.ok(fail("StaleBackup", backups, { maxAge: DAY_OLD }).includes(newer));
    assert.ok(choose(backups, { maxAge: DAY_OLD, onStale: "warn" }).warning?.includes(newer));
  });

  it("says when there is nothing at all", () => {
    assert.equal(
      fail("NoBackups", []),
      `[NoBackups] There is no backup of ${SOURCE}. Make one, or check the region, the project and the ids asked for.`,
    );
  });

  it("says what there was when the filters left nothing", () => {
    const backups = [
      { ...make("a", undefined, "Success"), backupType: "Manual" },
      { ...make("b", undefined, "Error"), backupType: "Auto" },
      { ...make("c", undefined, "Error"), backupType: "Auto" },
    ];
    assert.equal(
      fail("NoBackups", backups, { keep: () => false, unfiltered: backups }),
      `[NoBackups] None of the 3 backups of ${SOURCE} passes the filters. There are the types \`Auto\`, \`Manual\` and the states \`Error\`, \`Success\`. Loosen the filters, or make a backup that passes them.`,
    );
  });

  it("speaks of one backup as one, and of kinds only when it knows them", () => {
    assert.equal(
      fail("NoBackups", [make("a", undefined)], { keep: () => false, unfiltered: [{}] }),
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
        "Wait for a running backup to finish, or make a new one.",
    );
  });

  it("speaks of one unusable backup as one", () => {
    const message = fail("NoUsableBackup", [make("a", undefined, "Error")]);
    assert.ok(message.startsWith(`[NoUsableBackup] The one backup of ${SOURCE} cannot be restored: \`a\``));
  });

  it("says that the filters may be what left none usable", () => {
    const backups = [make("a", undefined, "Success"), make("b", undefined, "Error")];
    const message = fail("NoUsableBackup", backups, { keep: ({ usable }) => !usable });
    assert.match(message, /cannot be restored \(the filters left 1 of 2\): `b`/);
    assert.match(message, /, loosen the filters, or make a new one\.$/);
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
    const kinds = [{ backupType: hostile, state: hostile }];
    const messages = [
      fail("NoUsableBackup", backups, options),
      fail(
        "StaleBackup",
        backups.map((backup) => ({ ...backup, usable: true })),
        options,
      ),
      fail("NoBackups", backups, { ...options, keep: () => false, unfiltered: kinds }),
    ];
    for (const message of messages) {
      assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u);
      assert.ok(message.length < 1000, message);
    }
  });
});
