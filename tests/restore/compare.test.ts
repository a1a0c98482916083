import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { compareRestore, type Judgement } from "../../provider/restore/compare";
import { groupKind, type RestoreKind, spaceKind } from "../../provider/restore/kinds";
import type { ResourceDiff, ResourceOutputs } from "../../provider/restore/resource";
import { InvalidInputError } from "../../provider/ucloud/errors";
import { type Answers, createRestore, type FakeRestore, GROUP_ARGS, omit, URN } from "./fakeRestore";

const ARGS: RawArguments = { ...GROUP_ARGS, size: 8, triggers: { restore: "1" } };

const BACKUP = {
  backupId: "b",
  groupId: "uredis-a",
  region: "cn-bj2",
  createdAt: "2023-11-14T21:13:20.000Z",
};

/** A group that was created and ran. */
const OUTPUTS: ResourceOutputs = {
  ...ARGS,
  region: "cn-bj2",
  groupId: "uredis-b",
  zone: "cn-bj2-02",
  vpcId: "vpc-a",
  subnetId: "subnet-a",
  version: "6.0",
  configId: "config-6",
  chargeType: "Dynamic",
  highAvailability: true,
  autoBackup: true,
  backupHour: 3,
  finalBackup: true,
  state: "Running",
  requestedAt: "2023-11-14T21:20:00.000Z",
  readyAt: "2023-11-14T21:30:00.000Z",
  backup: BACKUP,
};

/** The same, imported. */
const IMPORTED = omit(OUTPUTS, ["backup", "requestedAt", "readyAt", "source", "triggers", "password"]);

const NOTHING: ResourceDiff = { replaces: [], updates: [] };

interface Given {
  readonly kind?: RestoreKind;
  readonly args?: RawArguments;
  readonly oldArgs?: RawArguments;
  readonly outputs?: ResourceOutputs;
  readonly unknown?: readonly string[];
  readonly judgement?: Judgement;
  readonly answers?: Partial<Answers>;
  readonly context?: FakeRestore;
}

async function compare(given: Given): Promise<{ diff: ResourceDiff; context: FakeRestore }> {
  const {
    kind = groupKind,
    oldArgs = ARGS,
    outputs = OUTPUTS,
    unknown = [],
    judgement,
    answers = {},
  } = given;
  const { args = ARGS, context = createRestore(answers) } = given;
  const change = { id: "cn-bj2/uredis-b", args, oldArgs, outputs, unknown: new Set(unknown) };
  const judge = async (): Promise<Judgement> =>
    Promise.resolve(judgement ?? assert.fail("a database that ran is not judged"));
  return { diff: await compareRestore(kind, change, context, judge), context };
}

async function findRefused(given: Given): Promise<string[]> {
  const error: unknown = await compare(given).then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InvalidInputError, String(error));
  return error.failures.map(({ property }) => property);
}

describe("comparing a restored database", () => {
  it("finds nothing where nothing changed, and asks the API nothing", async () => {
    const { diff, context } = await compare({});
    assert.deepEqual(diff, NOTHING);
    assert.deepEqual([context.asked, context.warnings], [[], []]);
  });

  it("remembers what the state holds, which is no leftover", async () => {
    const { context } = await compare({ oldArgs: { ...ARGS, name: "orders-old" } });
    for (const each of ["uredis-b", "orders-restored", "orders-old"])
      assert.ok(context.attempts.isHeldInState(URN, each), each);
  });

  describe("restores anew", () => {
    const later = { ...ARGS, triggers: { restore: "2" } };

    it("when triggers change, after the plan was made", async () => {
      const { diff, context } = await compare({ args: later });
      assert.deepEqual(diff, { replaces: ["triggers"], updates: [] });
      assert.ok(context.asked.includes("countRoom"));
    });

    it("on the first triggers of a database made without", async () => {
      const oldArgs = omit(ARGS, ["triggers"]);
      const outputs = omit(OUTPUTS, ["triggers"]);
      assert.deepEqual((await compare({ oldArgs, outputs })).diff.replaces, ["triggers"]);
    });

    it("with another placement, if triggers change", async () => {
      const { diff } = await compare({ args: { ...later, zone: "cn-bj2-03", chargeType: "Month" } });
      assert.deepEqual(diff.replaces, ["triggers"]);
    });

    it("in a preview that does not know the triggers yet", async () => {
      const args = omit(ARGS, ["triggers"]);
      const { diff } = await compare({ args, unknown: ["triggers"] });
      assert.deepEqual(diff.replaces, ["triggers"]);
      const unplanned = await compare({ args: omit(args, ["source"]), unknown: ["triggers", "source"] });
      assert.deepEqual(unplanned.diff.replaces, ["triggers"]);
      assert.deepEqual(unplanned.context.asked, []);
    });

    it("only if the plan succeeds: a stale backup or no room fails here", async () => {
      const source = { ...GROUP_ARGS.source, maxAge: "30m" };
      await assert.rejects(compare({ args: { ...later, source } }), { code: "StaleBackup" });
      assert.deepEqual(await findRefused({ args: later, answers: { room: 0 } }), ["zone"]);
    });

    it("says that nothing written to the database is in another one's backup", async () => {
      const { context } = await compare({ args: later });
      assert.equal(context.warnings.length, 1);
      assert.match(
        context.warnings[0] ?? "",
        /`uredis-b` is to be replaced by backup `b` of URedis group uredis-a .*Nothing that was written to `uredis-b`.*source\.groupId/s,
      );
    });

    it("without a warning from its own backups", async () => {
      const outputs = { ...OUTPUTS, groupId: "uredis-a" };
      const { context } = await compare({ args: later, outputs });
      assert.deepEqual(context.warnings, []);
    });
  });

  describe("does not restore anew", () => {
    const cases: readonly (readonly [title: string, given: Given, updates: readonly string[]])[] = [
      ["if triggers are taken out", { args: omit(ARGS, ["triggers"]) }, ["triggers"]],
      ["for an empty map of triggers", { args: { ...omit(ARGS, ["triggers"]), triggers: {} } }, ["triggers"]],
      [
        "on the first triggers of an imported database",
        { outputs: IMPORTED, oldArgs: omit(ARGS, ["triggers"]) },
        ["triggers"],
      ],
      [
        "on unknown first triggers of an imported database",
        { outputs: IMPORTED, oldArgs: omit(ARGS, ["triggers"]), unknown: ["triggers"] },
        ["triggers"],
      ],
      ["for a placement taken out", { oldArgs: { ...ARGS, zone: "cn-bj2-02" } }, []],
      ["for a placement that is not known yet", { unknown: ["zone", "vpcId"] }, []],
    ];
    for (const [title, given, updates] of cases) {
      it(title, async () => {
        assert.deepEqual((await compare(given)).diff, { replaces: [], updates });
      });
    }
  });

  it("replaces an imported database when its triggers change later", async () => {
    const args = { ...ARGS, triggers: { restore: "2" } };
    assert.deepEqual((await compare({ outputs: IMPORTED, args })).diff.replaces, ["triggers"]);
  });

  describe("of a database that was never ready", () => {
    const outputs = omit(OUTPUTS, ["readyAt"]);

    it("does what it is judged to need", async () => {
      assert.deepEqual((await compare({ outputs, judgement: "keep" })).diff, NOTHING);
      const resumed = await compare({ outputs, judgement: "resume" });
      assert.deepEqual(resumed.diff, { replaces: [], updates: ["readyAt"] });
      assert.match(resumed.context.notices.join(), /^Goes on with uredis-b, .* No second one is made\.$/);
      const replaced = await compare({ outputs, judgement: "replace" });
      assert.deepEqual(replaced.diff, { replaces: ["readyAt"], updates: [] });
      assert.deepEqual(replaced.context.warnings, []);
      assert.ok(replaced.context.asked.includes("countRoom"));
    });

    it("fails before it is replaced if the replacement would", async () => {
      const answers = { backups: [] };
      await assert.rejects(compare({ outputs, judgement: "replace", answers }), { code: "NoBackups" });
    });

    it("is not judged if triggers replace it", async () => {
      const args = { ...ARGS, triggers: { restore: "2" } };
      assert.deepEqual((await compare({ outputs, args })).diff.replaces, ["triggers"]);
    });
  });

  describe("in place", () => {
    const cases: readonly (readonly [title: string, given: Given, updates: readonly string[]])[] = [
      ["a new name", { args: { ...ARGS, name: "orders-2" } }, ["name"]],
      ["a larger size", { args: { ...ARGS, size: 16 } }, ["size"]],
      ["a size that is not known yet", { args: omit(ARGS, ["size"]), unknown: ["size"] }, ["size"]],
      ["automatic backups", { args: { ...ARGS, autoBackup: false } }, ["autoBackup"]],
      ["hour 0 of the backup", { args: { ...ARGS, backupHour: 0 } }, ["backupHour"]],
      ["what the database has already", { args: { ...ARGS, autoBackup: true, backupHour: 3 } }, []],
      ["a first password", { args: { ...ARGS, password: "secret-1" } }, ["password"]],
      [
        "another password",
        { args: { ...ARGS, password: "secret-2" }, outputs: { ...OUTPUTS, password: "secret-1" } },
        ["password"],
      ],
      [
        "the same password",
        { args: { ...ARGS, password: "secret-1" }, outputs: { ...OUTPUTS, password: "secret-1" } },
        [],
      ],
      [
        "no password any more",
        { args: { ...ARGS, password: "" }, outputs: { ...OUTPUTS, password: "secret-1" } },
        ["password"],
      ],
      ["a password taken out", { outputs: { ...OUTPUTS, password: "secret-1" } }, []],
      ["no password where there is none", { args: { ...ARGS, password: "" } }, []],
      ["a password that is not known yet", { unknown: ["password"] }, ["password"]],
      ["finalBackup", { args: { ...ARGS, finalBackup: false } }, ["finalBackup"]],
      ["finalBackup by its default", { args: { ...ARGS, finalBackup: true } }, []],
      ["preflight", { args: { ...ARGS, preflight: "warn" } }, ["preflight"]],
      [
        "a password of an imported database",
        { outputs: IMPORTED, args: { ...ARGS, password: "secret-1" } },
        ["password", "triggers"],
      ],
      [
        "what cannot be read of an imported database",
        {
          outputs: IMPORTED,
          oldArgs: omit(ARGS, ["source", "triggers"]),
          args: { ...ARGS, quantity: 12, port: 7000 },
        },
        ["triggers", "quantity"],
      ],
      [
        "a placement that Check found in the cloud",
        { oldArgs: { ...ARGS, zone: "cn-bj2-02" }, args: { ...ARGS, zone: "cn-bj2-03" } },
        ["zone"],
      ],
    ];
    for (const [title, given, updates] of cases) {
      it(`changes or stores: ${title}`, async () => {
        const { diff, context } = await compare(given);
        assert.deepEqual(diff, { replaces: [], updates });
        assert.deepEqual(context.asked, []);
      });
    }

    it("stores nothing in the comparison that ends an import, but does in the next one", async () => {
      const context = createRestore();
      context.attempts.markImported(URN);
      const given = { outputs: IMPORTED, args: { ...ARGS, password: "secret-1", quantity: 3 }, context };
      assert.deepEqual((await compare(given)).diff, NOTHING);
      const { diff } = await compare(given);
      assert.deepEqual(diff.updates, ["password", "triggers", "quantity"]);
    });

    it("refuses and plans nothing for a refresh, which only shows what changed in the cloud", async () => {
      const context = createRestore({ backups: [] });
      context.attempts.markRead(URN);
      const grown = { oldArgs: { ...ARGS, size: 16 }, outputs: { ...OUTPUTS, size: 16 }, context };
      assert.deepEqual((await compare(grown)).diff, { replaces: [], updates: ["size"] });
      const unfinished = omit(OUTPUTS, ["readyAt"]);
      assert.deepEqual((await compare({ outputs: unfinished, context })).diff, NOTHING);
      context.attempts.markChecked(URN);
      await assert.rejects(compare(grown), { code: "InvalidArgument" });
    });

    it("refuses a size below the database's by name", async () => {
      assert.deepEqual(await findRefused({ args: { ...ARGS, size: 4 } }), ["size"]);
    });
  });

  describe("a placement that is new in the program", () => {
    const held = { zone: "cn-bj2-02", version: "6", chargeType: "Dynamic", quantity: 1, tag: "Default" };

    it("changes nothing if it is what the database has", async () => {
      assert.deepEqual((await compare({ args: { ...ARGS, ...held } })).diff, NOTHING);
    });

    it("is refused by name if it is not", async () => {
      const other = {
        zone: "cn-bj2-03",
        version: "7.0",
        chargeType: "Month",
        quantity: 2,
        tag: "shop",
        slaveZone: "z",
      };
      assert.deepEqual(
        (await findRefused({ args: { ...ARGS, ...other } })).sort(),
        Object.keys(other).sort(),
      );
    });

    it("is refused on an imported database only if the database is known to differ", async () => {
      const given = { outputs: IMPORTED, args: { ...ARGS, zone: "cn-bj2-03", proxySize: 2, slaveZone: "z" } };
      assert.deepEqual(await findRefused(given), ["zone"]);
    });

    it("is refused beside the first triggers of an imported database, which Check let pass", async () => {
      const oldArgs = { ...omit(ARGS, ["triggers"]), zone: "cn-bj2-02" };
      const args = { ...ARGS, zone: "cn-bj2-03" };
      assert.deepEqual(await findRefused({ outputs: IMPORTED, oldArgs, args }), ["zone"]);
    });
  });

  describe("what changed in the cloud", () => {
    it("is a warning, and changes nothing", async () => {
      const args = { ...ARGS, zone: "cn-bj2-02", slaveZone: "cn-bj2-03", version: "6.0" };
      const outputs = { ...OUTPUTS, zone: "cn-bj2-03", slaveZone: "cn-bj2-02", version: "7.0" };
      const { diff, context } = await compare({ args, oldArgs: args, outputs });
      assert.deepEqual(diff, NOTHING);
      assert.equal(context.warnings.length, 1);
      assert.match(
        context.warnings[0] ?? "",
        /zone `cn-bj2-03`, in the program `cn-bj2-02`; slaveZone .*version/,
      );
    });

    it("is a warning if a database that ran has failed", async () => {
      const { diff, context } = await compare({ outputs: { ...OUTPUTS, state: "Fail" } });
      assert.deepEqual(diff, NOTHING);
      assert.match(context.warnings.join("\n"), /`uredis-b` ran, and is now in the state `Fail`/);
    });
  });

  describe("a changed source", () => {
    it("is a warning on every run, and restores nothing", async () => {
      const args = { ...ARGS, source: { groupId: "uredis-z", createdBefore: "2023-01-01T00:00:00Z" } };
      // The second run: the arguments in state are the changed ones already.
      for (const oldArgs of [ARGS, args]) {
        const { diff, context } = await compare({ args, oldArgs });
        assert.deepEqual(diff, NOTHING);
        assert.deepEqual(context.warnings, [
          "`source` was changed, and nothing is restored for that. " +
            "Held: backup `b` of URedis group `uredis-a`, made at 2023-11-14T21:13:20.000Z, 1h ago. " +
            "The program asks for: createdBefore `2023-01-01T00:00:00Z`, groupId `uredis-z`. " +
            "To restore anew, which deletes this database, change `triggers`.",
        ]);
      }
    });

    const same: readonly (readonly [string, RawArguments])[] = [
      ["limits the age", { groupId: "uredis-a", maxAge: "1h", onStale: "warn", waitForRunning: "5m" }],
      ["names the region that it was in anyway", { groupId: "uredis-a", region: "cn-bj2" }],
      [
        "names the backup that is held",
        { groupId: "uredis-a", backupId: "b", createdAfter: "2023-01-01T00:00:00Z" },
      ],
      ["spells a default out", { groupId: "uredis-a", regionType: "normal" }],
    ];
    for (const [title, source] of same) {
      it(`is no change if it only ${title}`, async () => {
        const { context } = await compare({ args: { ...ARGS, source } });
        assert.deepEqual(context.warnings, []);
      });
    }

    it("is not noticed while it is not known, nor on an imported database", async () => {
      const unknown = await compare({ args: omit(ARGS, ["source"]), unknown: ["source"] });
      const imported = await compare({ outputs: IMPORTED, args: { ...ARGS, source: { groupId: "z" } } });
      assert.deepEqual([unknown.context.warnings, imported.context.warnings], [[], []]);
    });

    it("of a space that names the held backup is none", async () => {
      const source = { zone: "z", spaceId: "umem-a" };
      const args = { name: "orders", source: { ...source, backupId: "b" } };
      const outputs = { ...OUTPUTS, source, spaceId: "umem-b", name: "orders", triggers: undefined };
      const held = { ...outputs, finalBackup: false, backup: { backupId: "b", spaceId: "umem-a" } };
      const { context } = await compare({ kind: spaceKind, args, oldArgs: args, outputs: held });
      assert.deepEqual(context.warnings, []);
      const other = { ...args, source: { ...source, backupId: "c" } };
      const changed = await compare({ kind: spaceKind, args: other, oldArgs: other, outputs: held });
      assert.match(changed.context.warnings.join("\n"), /asks for: backupId `c`/);
    });
  });
});
