import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { checkRestore } from "../../provider/restore/check";
import { groupKind, spaceKind } from "../../provider/restore/kinds";
import type { CheckRequest } from "../../provider/restore/resource";
import { InvalidInputError } from "../../provider/ucloud/errors";
import { type Answers, createRestore, GROUP_ARGS, omit, SOURCE, SPACE_ARGS, URN } from "./fakeRestore";

async function check(request: CheckRequest, answers: Partial<Answers> = {}): Promise<RawArguments> {
  return checkRestore(groupKind, request, createRestore(answers));
}

/** The failures as "property reason". */
async function findFailures(request: CheckRequest, answers: Partial<Answers> = {}): Promise<string[]> {
  const error: unknown = await check(request, answers).then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InvalidInputError, String(error));
  return error.failures.map(({ property, reason }) => `${property} ${reason}`);
}

async function findProperties(request: CheckRequest, answers: Partial<Answers> = {}): Promise<string[]> {
  return (await findFailures(request, answers)).map((text) => text.slice(0, text.indexOf(" ")));
}

describe("checking the arguments of a restore", () => {
  it("keeps what is given, and drops what is null", async () => {
    const args = { ...GROUP_ARGS, size: 8, zone: null, backupHour: 0, password: "" };
    assert.deepEqual(await check({ args }), { ...GROUP_ARGS, size: 8, backupHour: 0, password: "" });
  });

  it("takes a version that YAML made a number of", async () => {
    assert.equal((await check({ args: { ...GROUP_ARGS, version: 6 } }))["version"], "6.0");
    assert.equal((await check({ args: { ...GROUP_ARGS, version: 6.2 } }))["version"], "6.2");
  });

  it("accepts the arguments of an import, which have no source", async () => {
    assert.deepEqual(await check({ args: { name: "orders" } }), { name: "orders" });
  });

  for (const [args, properties] of [
    [{ colour: "red" }, ["colour"]],
    [{ size: "8" }, ["size"]],
    [{ source: { groupId: "g", colour: "red" } }, ["source.colour"]],
    [{ source: { groupId: "g", maxAge: "26" } }, ["source.maxAge"]],
    [{ source: { nameRegex: "(" } }, ["source.groupId", "source.nameRegex"]],
    [{ source: { groupId: "g", region: "hk" }, region: "cn-bj2" }, ["source.region"]],
    [{ source: { groupId: "g" }, name: "x", backupHour: 24 }, ["name", "backupHour"]],
    [{ preflight: "maybe" }, ["preflight"]],
  ] as const) {
    it(`refuses ${JSON.stringify(args)} by name`, async () => {
      assert.deepEqual(await findProperties({ args: { name: "orders", ...args } }), properties);
    });
  }

  it("checks the source of a space", async () => {
    const args = { ...SPACE_ARGS, source: { spaceId: "s", zone: "z", backupId: "b" } };
    assert.deepEqual(await checkRestore(spaceKind, { args }, createRestore()), args);
    const missing = { ...SPACE_ARGS, source: { spaceId: "s" } };
    await assert.rejects(
      checkRestore(spaceKind, { args: missing }, createRestore()),
      /source\.zone: is required/,
    );
  });

  for (const password of ["qqqqq", 123_456]) {
    it(`refuses a password such as ${typeof password} ${String(password).length}, which no failure names or quotes`, async () => {
      const failures = await findFailures({ args: { ...GROUP_ARGS, password } });
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? "", /^password must /);
      assert.ok(!failures[0]?.includes(String(password)));
    });
  }

  it("leaves rules to the preflight if that only warns, or is not known", async () => {
    await check({ args: { ...GROUP_ARGS, name: "x", preflight: "warn" } });
    await check({ args: { ...GROUP_ARGS, name: "x" }, unknown: new Set(["preflight"]) });
  });

  it("does not refuse a name that the database has", async () => {
    const args = { name: "生产", source: GROUP_ARGS.source };
    assert.deepEqual(await check({ args, olds: { name: "生产" } }), args);
  });

  it("refuses nothing because it is not known", async () => {
    const unknown = new Set(["source", "name", "region", "zone", "triggers"]);
    assert.deepEqual(await check({ args: { size: 8 }, unknown, olds: { name: "a", zone: "b" } }), {
      size: 8,
    });
    const context = createRestore();
    context.region = undefined;
    const args = { source: { groupId: "g" } };
    await checkRestore(groupKind, { args, unknown: new Set(["region"]) }, context);
  });

  it("requires a region by name", async () => {
    const context = createRestore();
    context.region = undefined;
    await assert.rejects(checkRestore(groupKind, { args: GROUP_ARGS }, context), /\] region: is required/);
  });

  it("remembers the name in state, which is no leftover", async () => {
    const context = createRestore();
    await checkRestore(groupKind, { args: GROUP_ARGS, olds: { name: "orders-a" } }, context);
    assert.ok(context.attempts.isHeldInState(URN, "orders-a"));
  });
});

describe("a changed placement", () => {
  const OLDS = {
    name: "orders",
    source: GROUP_ARGS.source,
    region: "cn-bj2",
    projectId: "org-a",
    zone: "cn-bj2-05",
    slaveZone: "cn-bj2-06",
    vpcId: "vpc-x",
    subnetId: "subnet-x",
    port: 6379,
    version: "5.0",
    configId: "config-5",
    highAvailability: true,
    highPerformance: false,
    chargeType: "Month",
    quantity: 1,
    tag: "shop",
    triggers: { restore: "1" },
  };
  const NEWS: Record<string, unknown> = {
    region: "hk",
    projectId: "org-b",
    zone: "cn-bj2-02",
    slaveZone: "cn-bj2-03",
    vpcId: "vpc-a",
    subnetId: "subnet-a",
    port: 7000,
    version: "6.0",
    configId: "config-6",
    highAvailability: false,
    highPerformance: true,
    chargeType: "Dynamic",
    quantity: 2,
    tag: "other",
  };

  for (const [name, value] of Object.entries(NEWS)) {
    it(`of ${name} is refused by name, with both ways out`, async () => {
      const [failure, ...others] = await findFailures(
        { args: { ...OLDS, [name]: value }, olds: OLDS },
        { databases: [] },
      );
      assert.deepEqual(others, []);
      assert.ok(failure?.startsWith(`${name} cannot be changed from `), failure);
      assert.match(failure ?? "", /change `triggers` too/);
      assert.match(failure ?? "", /is not known: no database in cn-bj2 has its name\./);
    });

    it(`of ${name} passes if triggers change too`, async () => {
      const args = { ...OLDS, [name]: value, triggers: { restore: "2" } };
      assert.equal((await check({ args, olds: OLDS }, { databases: [] }))[name], value);
      await check({ args, olds: omit(OLDS, ["triggers"]) }, { databases: [] });
      await check({ args: omit(args, ["triggers"]), olds: OLDS, unknown: new Set(["triggers"]) });
    });

    it(`of ${name} is not refused while it is new, taken out or not known`, async () => {
      const rest = omit<RawArguments, string>(OLDS, [name]);
      await check({ args: { ...OLDS, [name]: value }, olds: rest }, { databases: [] });
      await check({ args: rest, olds: OLDS }, { databases: [] });
      await check({ args: rest, olds: OLDS, unknown: new Set([name]) }, { databases: [] });
    });
  }

  it("is refused for each shard argument of a space", async () => {
    const olds = { name: "orders", blockCount: 2, proxySize: 2, proxyPort: 1, clusterMode: "RWMode" };
    const args = { ...olds, blockCount: 4, proxySize: 4, proxyPort: 2, clusterMode: "none" };
    await assert.rejects(checkRestore(spaceKind, { args, olds }, createRestore()), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      const properties = error.failures.map(({ property }) => property);
      assert.deepEqual(properties, ["blockCount", "proxySize", "proxyPort", "clusterMode"]);
      return true;
    });
  });

  it("that equals what the live database has changes nothing", async () => {
    const live = { zone: "cn-bj2-02", version: "6.0", chargeType: "Dynamic", vpcId: "vpc-a" };
    const args = { ...OLDS, ...live };
    assert.deepEqual(await check({ args, olds: OLDS }), args);
    assert.deepEqual(await findProperties({ args: { ...args, subnetId: "elsewhere" }, olds: OLDS }), [
      "subnetId",
    ]);
  });

  it("takes versions for the same by major and minor, without asking", async () => {
    const context = createRestore();
    await checkRestore(groupKind, { args: { ...OLDS, version: 5 }, olds: OLDS }, context);
    assert.deepEqual(context.asked, []);
  });

  for (const [title, answers, doubt] of [
    ["fails", { failing: ["list" as const] }, /not allowed/],
    ["finds several of its name", { databases: [SOURCE, { ...SOURCE, id: "b" }] }, /several databases/],
    ["is not complete", { isComplete: false }, /not complete/],
  ] as const) {
    it(`is refused, saying so, if the look at the live database ${title}`, async () => {
      const [failure] = await findFailures({ args: { ...OLDS, zone: "cn-bj2-02" }, olds: OLDS }, answers);
      assert.match(failure ?? "", doubt);
    });
  }
});
