import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { checkRestore } from "../../provider/restore/check";
import { compareRestore } from "../../provider/restore/compare";
import { groupKind } from "../../provider/restore/kinds";
import { planRestore, type RestorePlan } from "../../provider/restore/plan";
import type { CheckRequest } from "../../provider/restore/resource";
import { InvalidInputError } from "../../provider/ucloud/errors";
import { type Answers, BACKUP_ROW, createRestore, type FakeRestore, omit, SOURCE } from "./fakeRestore";

const HOME = { region: "cn-bj2" };
const STANDBY = {
  region: "cn-sh2",
  regionType: "target",
  zone: "cn-sh2-02",
  vpcId: "vpc-sh",
  subnetId: "subnet-sh",
} as const;
const SOURCE_ARGS = { groupId: "uredis-a", locations: [HOME, STANDBY] };
const ARGS = { source: SOURCE_ARGS, name: "orders-restored", chargeType: "Dynamic" };

const COPY_ROW = { ...BACKUP_ROW, BackupId: "c", DstRegionName: "cn-sh2" };
/** The standby region has a copy, and nothing of the source. */
const COPIED: Partial<Answers> = { regions: { "cn-sh2": { backups: [COPY_ROW], databases: [] } } };
/** The same, after the home region was lost. */
const LOST: Partial<Answers> = { regions: { ...COPIED.regions, "cn-bj2": "lost" } };

async function plan(
  args: RawArguments,
  answers: Partial<Answers>,
): Promise<RestorePlan & { context: FakeRestore }> {
  const context = createRestore(answers);
  return { ...(await planRestore(groupKind, args, context)), context };
}

/** The failures as "property reason". */
async function findFailures(task: Promise<unknown>): Promise<string[]> {
  const error: unknown = await task.then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InvalidInputError, String(error));
  return error.failures.map(({ property, reason }) => `${property} ${reason}`);
}

const check = (request: CheckRequest, answers: Partial<Answers> = {}): Promise<RawArguments> =>
  checkRestore(groupKind, request, createRestore(answers));

const findRefused = async (task: Promise<unknown>): Promise<string[]> =>
  (await findFailures(task)).map((text) => text.slice(0, text.indexOf(" ")));

/** The arguments with these fields in one of the locations. */
function withLocations(...locations: readonly RawArguments[]): RawArguments {
  return { ...ARGS, source: { ...SOURCE_ARGS, locations } };
}

describe("a restore with locations", () => {
  it("is in the first one that has a backup, with what its live source has", async () => {
    const { request, outputs, description, target, context } = await plan(ARGS, COPIED);
    const { region, zone, vpcId, subnetId, backupId } = request;
    assert.deepEqual([region, zone, vpcId, subnetId], ["cn-bj2", "cn-bj2-02", "vpc-a", "subnet-a"]);
    assert.equal(backupId, "b");
    assert.deepEqual(outputs["source"], SOURCE_ARGS);
    assert.match(description, /^backup `b` of URedis group uredis-a in cn-bj2,/);
    assert.match(target, /in cn-bj2-02$/);
    assert.deepEqual(context.warnings, []);
    assert.ok(!context.asked.some((read) => read.includes("cn-sh2")));
  });

  it("takes the zones and the network of the location that won, and looks at no source elsewhere", async () => {
    const { request, outputs, scope, description, context } = await plan(
      withLocations({ ...HOME, zone: "cn-bj2-03", vpcId: "vpc-bj" }, { ...STANDBY, slaveZone: "cn-sh2-03" }),
      LOST,
    );
    const { region, zone, slaveZone, vpcId, subnetId, backupId, size, version } = request;
    assert.deepEqual(
      [region, zone, slaveZone, vpcId, subnetId],
      ["cn-sh2", "cn-sh2-02", "cn-sh2-03", "vpc-sh", "subnet-sh"],
    );
    assert.deepEqual([backupId, size, version], ["c", 8, "6.0"]);
    assert.equal(scope.region, "cn-sh2");
    assert.deepEqual(
      [outputs["region"], outputs["zone"], outputs["vpcId"]],
      ["cn-sh2", "cn-sh2-02", "vpc-sh"],
    );
    assert.match(description, /^copy `c` of URedis group uredis-a in cn-sh2,/);
    assert.ok(!context.asked.includes("find"));
    assert.match(context.warnings.join("\n"), /locations\[0\], cn-bj2 .*passed over[^]*cn-bj2 is down/);
  });

  it("keeps to a location that was chosen when a later read there fails", async () => {
    const { request, context } = await plan(ARGS, { ...COPIED, failing: ["countRoom"] });
    assert.equal(request.region, "cn-bj2");
    assert.match(context.warnings.join("\n"), /could not be checked/);
  });

  it("names what is missing within the location that won", async () => {
    const gone = { databases: [], regions: { "cn-bj2": { databases: [] }, ...COPIED.regions } };
    assert.deepEqual(await findRefused(plan(ARGS, gone)), [
      "source.locations[0].vpcId",
      "source.locations[0].subnetId",
    ]);
    const full = { ...LOST, room: 0 };
    assert.deepEqual(await findRefused(plan(ARGS, full)), ["source.locations[1].zone"]);
    const elsewhere = withLocations({ region: "cn-bj2", regionType: "source" });
    const rows = { backups: [{ ...BACKUP_ROW, DstRegionName: "cn-sh2" }] };
    assert.deepEqual(await findRefused(plan(elsewhere, rows)), ["source.locations[0].regionType"]);
  });

  it("fails for wrong keys, and does not go elsewhere", async () => {
    const context = createRestore(COPIED);
    const openApi: FakeRestore["openApi"] = () => ({
      ...createRestore(COPIED).openApi(),
      listURedisBackups: () => Promise.reject(new Error("[Unauthorized] wrong signature")),
    });
    await assert.rejects(planRestore(groupKind, ARGS, { ...context, openApi }), /Unauthorized/);
  });
});

describe("checking locations", () => {
  it("accepts those that say all that their region needs", async () => {
    assert.deepEqual(await check({ args: ARGS }), ARGS);
  });

  for (const [name, value] of Object.entries({
    region: "cn-bj2",
    zone: "cn-bj2-02",
    slaveZone: "cn-bj2-03",
    vpcId: "vpc-a",
    subnetId: "subnet-a",
  })) {
    it(`refuses ${name} of the resource beside them, also one that is not known yet`, async () => {
      const [failure, ...others] = await findFailures(check({ args: { ...ARGS, [name]: value } }));
      assert.deepEqual(others, []);
      assert.match(failure ?? "", new RegExp(`^${name} must be left out beside \`source\\.locations\``));
      const unknown = new Set([name]);
      assert.deepEqual(await findRefused(check({ args: ARGS, unknown })), [name]);
    });
  }

  for (const name of ["region", "regionType"] as const) {
    it(`refuses \`source.${name}\` beside them`, async () => {
      const source = { ...SOURCE_ARGS, [name]: name === "region" ? "cn-bj2" : "normal" };
      assert.deepEqual(await findRefused(check({ args: { ...ARGS, source } })), [`source.${name}`]);
    });
  }

  for (const [title, locations, properties] of [
    ["of no region", [{ zone: "cn-bj2-02" }], ["source.locations[0].region"]],
    ["with a misspelt field", [HOME, { ...HOME, vpcID: "v" }], ["source.locations[1].vpcID"]],
    ["without any", [], ["source.locations"]],
    [
      "with a zone of another region",
      [HOME, { ...STANDBY, zone: "cn-bj2-02" }],
      ["source.locations[1].zone"],
    ],
    [
      "whose replica's zone is of another region",
      [{ ...HOME, slaveZone: "cn-sh2-02" }],
      ["source.locations[0].slaveZone"],
    ],
    [
      "of copies without a network",
      [HOME, omit(STANDBY, ["vpcId", "subnetId"])],
      ["source.locations[1].vpcId", "source.locations[1].subnetId"],
    ],
  ] as const) {
    it(`refuses a list ${title}`, async () => {
      assert.deepEqual(await findRefused(check({ args: withLocations(...locations) })), properties);
    });
  }

  it("requires a charge type for copies before any region is lost, unless it is not known yet", async () => {
    const args = omit(ARGS, ["chargeType"]);
    const [failure, ...others] = await findFailures(check({ args }));
    assert.deepEqual(others, []);
    assert.match(failure ?? "", /^chargeType is required, .*`source\.locations\[1\]\.region`/);
    await check({ args, unknown: new Set(["chargeType"]) });
    const nearby = { ...args, source: { ...SOURCE_ARGS, locations: [HOME, { region: "cn-gd" }] } };
    await check({ args: nearby });
  });

  it("lets `preflight: warn` lift the rule about zones, and nothing that is required", async () => {
    const lenient = { ...withLocations({ ...HOME, zone: "hk-02" }), preflight: "warn" };
    await check({ args: lenient });
    const args = { ...withLocations(omit(STANDBY, ["vpcId"])), preflight: "warn" };
    assert.deepEqual(await findRefused(check({ args })), ["source.locations[0].vpcId"]);
  });

  it("refuses nothing of locations that are not known yet", async () => {
    const args = { ...omit(ARGS, ["source", "chargeType"]), zone: "cn-bj2-02" };
    await check({ args, unknown: new Set(["source"]) });
  });

  it("looks for the database in all regions before it refuses a changed argument", async () => {
    const olds = { ...ARGS, version: "6.0" };
    const args = { ...ARGS, version: "7.0" };
    const upgraded = { ...SOURCE, id: "uredis-b", name: "orders-restored", version: "7.0" };
    const inStandby = { "cn-sh2": { databases: [upgraded] } };
    await check({ args, olds }, { regions: inStandby });
    await check({ args, olds }, { regions: { ...inStandby, "cn-bj2": "lost" } });
    const [failure] = await findFailures(check({ args, olds }));
    assert.match(failure ?? "", /^version cannot be changed .*no database in cn-bj2 has its name/);
    const both = { databases: [upgraded], regions: inStandby };
    assert.match((await findFailures(check({ args, olds }, both)))[0] ?? "", /in several regions/);
  });
});

/** The outputs of a group that was restored in the standby region. */
const OUTPUTS = {
  ...ARGS,
  region: "cn-sh2",
  groupId: "uredis-b",
  zone: "cn-sh2-02",
  vpcId: "vpc-sh",
  subnetId: "subnet-sh",
  size: 8,
  version: "6.0",
  configId: "config-6",
  finalBackup: true,
  state: "Running",
  requestedAt: "2023-11-14T21:20:00.000Z",
  readyAt: "2023-11-14T21:30:00.000Z",
  backup: {
    backupId: "c",
    groupId: "uredis-a",
    region: "cn-sh2",
    regionType: "target",
    createdAt: "2023-11-14T21:13:20.000Z",
  },
};

describe("comparing a database that came up in the second location", () => {
  /** The warnings of a preview or update, which must change nothing. */
  async function compare(args: RawArguments, outputs: RawArguments = OUTPUTS): Promise<string> {
    const context = createRestore(COPIED);
    const judge = (): never => assert.fail("a database that ran is not judged");
    // As at the second `up` after a change: the arguments in state are the new ones.
    const change = { id: "cn-sh2/uredis-b", args, oldArgs: args, outputs };
    const diff = await compareRestore(groupKind, change, context, judge);
    assert.deepEqual(diff, { replaces: [], updates: [] });
    assert.deepEqual(context.asked, []);
    return context.warnings.join("\n");
  }

  it("finds nothing where nothing changed", async () => {
    assert.equal(await compare(ARGS), "");
  });

  it("says that nothing moves if its own location changes", async () => {
    for (const [name, value] of Object.entries({
      zone: "cn-sh2-03",
      slaveZone: "cn-sh2-03",
      vpcId: "v",
      subnetId: "s",
    })) {
      const warning = await compare(withLocations(HOME, { ...STANDBY, [name]: value }));
      assert.match(
        warning,
        new RegExp(
          `^\`source\` was changed, and nothing is restored for that\\. The database stays where it is, in cn-sh2\\. Held: copy \`c\` .* The program asks for: source\\.locations\\[1\\]\\.${name} \`${value}\``,
        ),
      );
      assert.equal(warning.split("\n").length, 1);
    }
  });

  it("says nothing of what other locations would need on another day", async () => {
    assert.equal(await compare(withLocations({ ...HOME, vpcId: "v", zone: "cn-bj2-05" }, STANDBY)), "");
  });

  it("says nothing if its location is written as the cloud has it now", async () => {
    const swapped = { ...OUTPUTS, zone: "cn-sh2-03" };
    assert.equal(await compare(withLocations(HOME, { ...STANDBY, zone: "cn-sh2-03" }), swapped), "");
  });

  it("warns of zones that were swapped in the cloud as of drift", async () => {
    const warning = await compare(ARGS, { ...OUTPUTS, zone: "cn-sh2-03" });
    assert.match(
      warning,
      /^URedis group `uredis-b` was changed in the cloud: zone `cn-sh2-03`, in the program/,
    );
  });

  it("warns if its place is no longer among the locations", async () => {
    const warning = await compare(withLocations(HOME));
    assert.match(warning, /stays where it is, in cn-sh2\..* The program asks for: locations cn-bj2\. /);
  });

  it("warns if another group is named", async () => {
    const args = { ...ARGS, source: { ...SOURCE_ARGS, groupId: "uredis-z" } };
    assert.match(await compare(args), /The program asks for: groupId `uredis-z`\. /);
  });

  it("plans a replacement over the locations, as the creation that follows will", async () => {
    const context = createRestore({ ...LOST, regions: { "cn-bj2": "lost", "cn-sh2": { backups: [] } } });
    const args = { ...ARGS, triggers: { restore: "2" } };
    const change = { id: "cn-sh2/uredis-b", args, oldArgs: ARGS, outputs: OUTPUTS };
    const judge = (): never => assert.fail("not judged");
    await assert.rejects(compareRestore(groupKind, change, context, judge), /none of the 2 locations/);
    const found = createRestore(LOST);
    const diff = await compareRestore(groupKind, change, found, judge);
    assert.deepEqual(diff.replaces, ["triggers"]);
    assert.ok(found.warnings.some((text) => text.includes("is to be replaced by copy `c`")));
  });
});
