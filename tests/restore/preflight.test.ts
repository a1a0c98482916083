import assert from "node:assert/strict";
import fc from "fast-check";
import type { RawArguments } from "../../provider/backups/arguments";
import { groupKind, type RestoreKind, spaceKind } from "../../provider/restore/kinds";
import { planRestore } from "../../provider/restore/plan";
import { compareVersions } from "../../provider/restore/versions";
import { InvalidInputError } from "../../provider/ucloud/errors";
import {
  type Answers,
  BACKUP_ROW,
  createRestore,
  GROUP_ARGS,
  omit,
  SHARD_ROWS,
  SOURCE,
  SPACE,
  SPACE_ARGS,
} from "./fakeRestore";

interface Case {
  readonly title: string;
  readonly kind?: RestoreKind;
  readonly args?: RawArguments;
  readonly answers?: Partial<Answers>;
  /** The property and reason of the refusal. */
  readonly property: string;
  readonly reason: RegExp;
}

const COPY = { ...GROUP_ARGS.source, regionType: "source" };
const SPACE_ANSWERS: Partial<Answers> = { backups: SHARD_ROWS, databases: [SPACE] };

const cases: readonly Case[] = [
  { title: "a size below the backup's", args: { size: 4 }, property: "size", reason: /at least 8 GB/ },
  {
    title: "a size of nothing",
    args: { size: 0 },
    answers: { backups: [omit(BACKUP_ROW, ["MemorySize"])], databases: [omit(SOURCE, ["size"])] },
    property: "size",
    reason: /at least 1/,
  },
  {
    title: "a version below the backup's",
    args: { version: "5.0" },
    property: "version",
    reason: /at least 6\.0/,
  },
  {
    title: "a version that the zone does not offer",
    args: { version: "6.2", configId: "own" },
    property: "version",
    reason: /not offered in cn-bj2-02, which has 5\.0, 6\.0, 7\.0/,
  },
  { title: "a zone of another region", args: { zone: "hk-02" }, property: "zone", reason: /zone of cn-bj2/ },
  {
    title: "a replica's zone of another region",
    args: { slaveZone: "cn-bj-02" },
    property: "slaveZone",
    reason: /zone of cn-bj2/,
  },
  {
    title: "a replica in the same zone",
    args: { slaveZone: "cn-bj2-02" },
    property: "slaveZone",
    reason: /another zone/,
  },
  { title: "a zone without room", answers: { room: 0 }, property: "zone", reason: /has no room/ },
  { title: "a short name", args: { name: "short" }, property: "name", reason: /6 to 63/ },
  { title: "a name with a dot", args: { name: "orders.db" }, property: "name", reason: /letters, digits/ },
  { title: "a long name", args: { name: "a".repeat(64) }, property: "name", reason: /6 to 63/ },
  { title: "a short password", args: { password: "qqqqq" }, property: "password", reason: /^must have 6/ },
  { title: "a long password", args: { password: "q".repeat(37) }, property: "password", reason: /^must/ },
  { title: "a password with a space", args: { password: "qqq qqq" }, property: "password", reason: /^must/ },
  {
    title: "no password where the source has one",
    answers: { databases: [{ ...SOURCE, hasPassword: true }] },
    property: "password",
    reason: /^is required, as the source has one/,
  },
  { title: "an hour after 23", args: { backupHour: 24 }, property: "backupHour", reason: /0 to 23/ },
  { title: "a port above all", args: { port: 65_536 }, property: "port", reason: /1 to 65535/ },
  {
    title: "a copy that is listed by its source's region",
    args: { source: COPY },
    answers: { backups: [{ ...BACKUP_ROW, DstRegionName: "hk" }] },
    property: "source.regionType",
    reason: /restore there/,
  },
  {
    title: "a size that the shards do not divide",
    kind: spaceKind,
    args: { size: 9 },
    property: "size",
    reason: /multiple of the number of shards, 2/,
  },
  {
    title: "another number of shards",
    kind: spaceKind,
    args: { blockCount: 4 },
    property: "blockCount",
    reason: /must be 2/,
  },
];

function prepare({ kind = groupKind, args = {}, answers = {} }: Omit<Case, "property" | "reason">) {
  const isGroup = kind === groupKind;
  const context = createRestore(isGroup ? answers : { ...SPACE_ANSWERS, ...answers });
  const all = { ...(isGroup ? GROUP_ARGS : SPACE_ARGS), ...args };
  return {
    context,
    plan: async (more: RawArguments = {}) => planRestore(kind, { ...all, ...more }, context),
  };
}

describe("the preflight of a restore", () => {
  for (const each of cases) {
    it(`refuses ${each.title}, naming the property`, async () => {
      await assert.rejects(prepare(each).plan(), (error: unknown) => {
        assert.ok(error instanceof InvalidInputError);
        const [failure, ...others] = error.failures;
        assert.equal(failure?.property, each.property);
        assert.match(failure.reason, each.reason);
        assert.deepEqual(others, []);
        assert.doesNotMatch(error.message, /qqq|: :|undefined/);
        return true;
      });
    });

    it(`only warns of ${each.title} if preflight is warn`, async () => {
      const { context, plan } = prepare(each);
      await plan({ preflight: "warn" });
      assert.equal(context.warnings.length, 1, context.warnings.join("\n"));
      assert.match(
        context.warnings[0] ?? "",
        /^The preflight would refuse this, and `preflight` is `warn`: /,
      );
      assert.ok(context.warnings[0]?.includes(each.property));
    });
  }

  it("reports everything at once, what is missing too", async () => {
    const args = { name: "x", size: 4, backupHour: 99, vpcId: "vpc-b" };
    await assert.rejects(prepare({ title: "", args, answers: { room: 0 } }).plan(), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      const properties = error.failures.map(({ property }) => property);
      assert.deepEqual(properties, ["subnetId", "name", "backupHour", "size", "zone"]);
      return true;
    });
  });

  it("does not ask for a configuration of a version that it refuses", async () => {
    await assert.rejects(prepare({ title: "", args: { version: "6.2" } }).plan(), /\] version: [^;]*$/);
  });

  it("still refuses what is missing if it only warns", async () => {
    const { plan } = prepare({ title: "", args: { size: 4, vpcId: "vpc-b" } });
    await assert.rejects(plan({ preflight: "warn" }), /\] subnetId: is required: [^;]*$/);
  });

  const doubts: readonly (readonly [string, Omit<Case, "property" | "reason" | "title">, RegExp])[] = [
    [
      "the source cannot be read",
      { answers: { failing: ["find"] }, args: fullArgs() },
      /could not be checked/,
    ],
    ["the versions cannot be read", { answers: { failing: ["listVersions"] } }, /Which versions cn-bj2-02/],
    ["the configurations cannot be read", { answers: { failing: ["listConfigs"] } }, /Which configurations/],
    ["the room cannot be read", { answers: { failing: ["countRoom"] } }, /room.*not allowed/],
    ["the answer about room has no number", { answers: { room: undefined } }, /room.*no number/],
    [
      "the versions have an unknown form",
      { args: { version: "6.0" }, answers: { versions: ["six"] } },
      /six/,
    ],
    [
      "it is not known whether the source has a password",
      { args: fullArgs(), answers: { databases: [] } },
      /without a password/,
    ],
    [
      "a backup of unknown size is restored into less than its source has",
      { args: { size: 4 }, answers: { backups: [omit(BACKUP_ROW, ["MemorySize"])] } },
      /8 GB that the source has/,
    ],
    [
      "a backup of unknown version is restored into an older one than its source has",
      { args: { version: "5.0" }, answers: { backups: [omit(BACKUP_ROW, ["RedisVersion"])] } },
      /older than the 6\.0/,
    ],
    [
      "the API does not say where a copy is",
      { args: { source: COPY }, answers: { backups: [BACKUP_ROW] } },
      /regionType/,
    ],
  ];
  for (const [title, given, warning] of doubts) {
    it(`warns, and goes on, if ${title}`, async () => {
      const { context, plan } = prepare({ title, ...given });
      await plan();
      assert.ok(
        context.warnings.some((text) => warning.test(text)),
        context.warnings.join("\n"),
      );
    });
  }

  it("takes an empty password for none, on purpose", async () => {
    const answers = { databases: [{ ...SOURCE, hasPassword: true }] };
    const { context, plan } = prepare({ title: "", args: { password: "" }, answers });
    assert.equal((await plan()).request.password, "");
    assert.deepEqual(context.warnings, []);
  });

  it("compares the versions that the zone offers by major and minor", async () => {
    const { plan } = prepare({ title: "", args: { version: "6" }, answers: { versions: ["6.0.20"] } });
    assert.equal((await plan()).request.version, "6.0.20");
  });

  it("never lets size or version below the backup's pass", async () => {
    const size = fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined });
    const version = fc.option(fc.constantFrom("4.0", "5", "5.0", "6.0", "6.2.1", "7.0"), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ given: size, live: size, memory: size }),
        fc.record({ given: version, live: version, backup: version }),
        async (sizes, versions) => {
          const row = { ...BACKUP_ROW, MemorySize: sizes.memory, RedisVersion: versions.backup };
          const rest = omit(SOURCE, ["size", "version"]);
          const database = {
            ...rest,
            ...(sizes.live === undefined ? {} : { size: sizes.live }),
            ...(versions.live === undefined ? {} : { version: versions.live }),
          };
          const args = { ...GROUP_ARGS, size: sizes.given, version: versions.given };
          const context = createRestore({ backups: [row], databases: [database], versions: [] });
          const plan = await planRestore(groupKind, args, context).catch((error: unknown) => {
            assert.ok(error instanceof InvalidInputError);
            return undefined;
          });
          if (plan === undefined) return;
          const { request } = plan;
          assert.ok(request.size >= (sizes.memory ?? 1));
          assert.ok(request.version !== undefined);
          assert.ok((compareVersions(request.version, versions.backup ?? "0.0") ?? -1) >= 0);
        },
      ),
    );
  });
});

function fullArgs(): RawArguments {
  return { vpcId: "v", subnetId: "s", chargeType: "Month" };
}
