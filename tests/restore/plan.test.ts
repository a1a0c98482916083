import assert from "node:assert/strict";
import type { RawArguments } from "../../provider/backups/arguments";
import { groupKind, type RestoreKind, spaceKind } from "../../provider/restore/kinds";
import { isPlannable, planRestore, type RestorePlan } from "../../provider/restore/plan";
import {
  type Answers,
  BACKUP_ROW,
  createRestore,
  type FakeRestore,
  GROUP_ARGS,
  NOW_SECONDS,
  omit,
  SHARD_ROWS,
  SOURCE,
  SPACE,
  SPACE_ARGS,
} from "./fakeRestore";

const SPACE_ANSWERS: Partial<Answers> = { backups: SHARD_ROWS, databases: [SPACE] };

async function planGroup(
  args: RawArguments,
  answers: Partial<Answers> = {},
): Promise<RestorePlan & { context: FakeRestore }> {
  const context = createRestore(answers);
  return { ...(await planRestore(groupKind, { ...GROUP_ARGS, ...args }, context)), context };
}

async function planSpace(
  args: RawArguments,
  answers: Partial<Answers> = {},
): Promise<RestorePlan & { context: FakeRestore }> {
  const context = createRestore({ ...SPACE_ANSWERS, ...answers });
  return { ...(await planRestore(spaceKind, { ...SPACE_ARGS, ...args }, context)), context };
}

/** The properties of a refusal. */
async function findRefused(
  args: RawArguments,
  answers: Partial<Answers> = {},
  kind: RestoreKind = groupKind,
): Promise<string[]> {
  const context = createRestore(kind === groupKind ? answers : { ...SPACE_ANSWERS, ...answers });
  const error = await planRestore(kind, args, context).then(
    () => assert.fail("the plan was not refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error && "failures" in error, String(error));
  return (error.failures as { property: string }[]).map(({ property }) => property);
}

describe("the plan of a restored group", () => {
  it("takes what the program leaves out from the source and its backup", async () => {
    const { request, outputs, scope, context, ...plan } = await planGroup({});
    assert.deepEqual(request, {
      kind: "uredis",
      region: "cn-bj2",
      projectId: undefined,
      backupId: "b",
      name: "orders-restored",
      zone: "cn-bj2-02",
      size: 8,
      slaveZone: undefined,
      version: "6.0",
      vpcId: "vpc-a",
      subnetId: "subnet-a",
      port: undefined,
      highPerformance: undefined,
      chargeType: "Dynamic",
      quantity: undefined,
      tag: undefined,
      password: undefined,
      configId: "config-6",
      highAvailability: true,
      autoBackup: true,
      backupHour: undefined,
    });
    assert.deepEqual(scope, { region: "cn-bj2", projectId: undefined });
    const { backup, ...rest } = outputs;
    assert.equal((backup as RawArguments)["backupId"], "b");
    assert.deepEqual(rest, {
      source: { groupId: "uredis-a" },
      region: "cn-bj2",
      name: "orders-restored",
      zone: "cn-bj2-02",
      size: 8,
      version: "6.0",
      vpcId: "vpc-a",
      subnetId: "subnet-a",
      chargeType: "Dynamic",
      configId: "config-6",
      highAvailability: true,
      autoBackup: true,
      finalBackup: true,
    });
    assert.match(plan.description, /^backup `b` of URedis group uredis-a in cn-bj2, made at .*, 1h ago$/);
    assert.equal(plan.target, "a new URedis group `orders-restored`, 8 GB, version 6.0, in cn-bj2-02");
    assert.deepEqual(plan.notes, ["Costs 1.20 CNY an hour until it is deleted, by the price list."]);
    assert.deepEqual(context.warnings, []);
  });

  it("names the newer backups that are passed over, which may decide whether to wait", async () => {
    const running = { ...BACKUP_ROW, BackupId: "c", State: "Backuping", BackupTime: NOW_SECONDS - 60 };
    const { notes } = await planGroup({}, { backups: [BACKUP_ROW, running], prices: [] });
    assert.deepEqual(notes, ["Newer but skipped: `c` (still running)."]);
  });

  it("keeps everything that the program gives", async () => {
    const given = {
      zone: "cn-bj2-03",
      slaveZone: "cn-bj2-04",
      vpcId: "vpc-b",
      subnetId: "subnet-b",
      port: 7000,
      version: "7.0",
      configId: "mine",
      highAvailability: false,
      highPerformance: true,
      size: 16,
      password: "secret-secret",
      chargeType: "Month",
      quantity: 2,
      tag: "shop",
      autoBackup: false,
      backupHour: 0,
    };
    const { request, outputs } = await planGroup({ ...given, finalBackup: false, triggers: { a: "1" } });
    for (const [name, value] of Object.entries(given)) {
      assert.equal((request as unknown as RawArguments)[name], value, name);
      assert.equal(outputs[name], value, name);
    }
    assert.deepEqual([outputs["finalBackup"], outputs["triggers"]], [false, { a: "1" }]);
  });

  const sizes: readonly (readonly [live: number | undefined, memory: number | undefined, size: number])[] = [
    [8, 4, 8],
    [4, 8, 8],
    [undefined, 8, 8],
    [8, undefined, 8],
    // In MB, for all that the API says.
    [4, 8192, 8],
    [4, 4100, 4],
  ];
  for (const [live, memory, size] of sizes) {
    it(`has ${size} GB for a source of ${live ?? "?"} GB and a backup of ${memory ?? "?"}`, async () => {
      const database = live === undefined ? omit(SOURCE, ["size"]) : { ...SOURCE, size: live };
      const backups = [{ ...BACKUP_ROW, MemorySize: memory }];
      const { request } = await planGroup({}, { databases: [database], backups });
      assert.equal(request.size, size);
    });
  }

  const versions: readonly (readonly [given: unknown, live: string, backup: string, sent: string])[] = [
    [undefined, "6.0", "6.0.20", "6.0"],
    [undefined, "7.0", "6.0", "7.0"],
    [undefined, "5.0", "6.0", "6.0"],
    [6, "6.0", "6.0", "6.0"],
    ["6", "6.0", "6.0", "6.0"],
    ["7.0.5", "6.0", "6.0", "7.0"],
  ];
  for (const [given, live, backup, sent] of versions) {
    it(`sends version ${sent} for ${given === undefined ? "none" : JSON.stringify(given)}, a source of ${live} and a backup of ${backup}`, async () => {
      const { request } = await planGroup(
        { version: given },
        { databases: [{ ...SOURCE, version: live }], backups: [{ ...BACKUP_ROW, RedisVersion: backup }] },
      );
      assert.equal(request.version, sent);
    });
  }

  it("sends a version as given where no answer has its form", async () => {
    const { request } = await planGroup({ version: "6.0.1" }, { versions: [] });
    assert.equal(request.version, "6.0.1");
  });

  const configs: readonly (readonly [title: string, answers: Partial<Answers>, configId: string])[] = [
    [
      "the first usable default of its version",
      {
        configs: [
          { id: "own", version: "6.0", isDefault: false, isUsable: true },
          { id: "broken", version: "6.0", isDefault: true, isUsable: false },
          { id: "older", version: "5.0", isDefault: true, isUsable: true },
          { id: "right", version: "6.0", isDefault: true, isUsable: true },
        ],
      },
      "right",
    ],
    ["the documented default, if none is listed", { configs: [] }, "1d990520-aac8-4e0f-9384-f58611e8eb28"],
    [
      "the documented default, if they cannot be listed",
      { failing: ["listConfigs"] },
      "1d990520-aac8-4e0f-9384-f58611e8eb28",
    ],
  ];
  for (const [title, answers, configId] of configs) {
    it(`uses as its configuration ${title}`, async () => {
      const { request } = await planGroup({}, answers);
      assert.equal(request.kind === "uredis" && request.configId, configId);
    });
  }

  it("tells that it has another configuration than the source", async () => {
    const { notes } = await planGroup({}, { databases: [{ ...SOURCE, configId: "tuned" }], prices: [] });
    assert.deepEqual(notes, ["The source uses configuration tuned, the restored group config-6."]);
  });

  it("refuses a version without a known configuration by name", async () => {
    const version = "9.0";
    assert.deepEqual(await findRefused({ ...GROUP_ARGS, version }, { configs: [], versions: [] }), [
      "configId",
    ]);
  });

  for (const [title, answers] of [
    ["gone", { databases: [] }],
    ["not readable", { failing: ["find" as const] }],
  ] as const) {
    it(`requires by name what a source that is ${title} cannot give`, async () => {
      const row = omit(BACKUP_ROW, ["RedisVersion", "MemorySize", "Zone"]);
      assert.deepEqual(await findRefused(GROUP_ARGS, { ...answers, backups: [row] }), [
        "zone",
        "size",
        "version",
        "vpcId",
        "subnetId",
        "chargeType",
      ]);
    });
  }

  it("needs no source if the backup and the program say all", async () => {
    const given = { vpcId: "v", subnetId: "s", chargeType: "Month", password: "" };
    const { request, context } = await planGroup(given, { databases: [] });
    assert.deepEqual([request.size, request.version, request.zone], [8, "6.0", "cn-bj2-02"]);
    assert.deepEqual(context.warnings, []);
  });

  it("does not take the source's subnet into another VPC", async () => {
    assert.deepEqual(await findRefused({ ...GROUP_ARGS, vpcId: "vpc-b" }), ["subnetId"]);
    const { request } = await planGroup({ vpcId: "vpc-a" });
    assert.equal(request.subnetId, "subnet-a");
  });

  it("does not buy by a charge type that needs a right of its own", async () => {
    const answers = { databases: [{ ...SOURCE, chargeType: "Trial" }] };
    assert.deepEqual(await findRefused(GROUP_ARGS, answers), ["chargeType"]);
  });

  describe("of a copy in another region", () => {
    const source = { groupId: "uredis-a", regionType: "target" };
    const given = { ...GROUP_ARGS, source, region: "hk", vpcId: "v", subnetId: "s", chargeType: "Month" };

    it("requires a zone by name if the copy's row names one of its source", async () => {
      assert.deepEqual(await findRefused(given), ["zone"]);
    });

    it("takes the zone of the copy if it is in its region, and never looks for the source", async () => {
      const context = createRestore({ backups: [{ ...BACKUP_ROW, Zone: "hk-02" }] });
      const { request } = await planRestore(groupKind, { ...given, password: "" }, context);
      assert.deepEqual([request.region, request.zone], ["hk", "hk-02"]);
      assert.ok(!context.asked.includes("find"));
    });
  });

  it("restores where the source is looked for", async () => {
    const source = { groupId: "uredis-a", region: "hk", projectId: "org-a" };
    const { request } = await planGroup({ source, zone: "hk-02" });
    assert.deepEqual([request.region, request.projectId], ["hk", "org-a"]);
  });

  it("refuses a source in another region or project than its own, by name", async () => {
    const source = { groupId: "uredis-a", region: "hk", projectId: "org-a" };
    const own = { ...GROUP_ARGS, source, region: "cn-bj2", projectId: "org-b" };
    assert.deepEqual(await findRefused(own), ["source.region", "source.projectId"]);
  });

  it("refuses a missing source by name", async () => {
    assert.deepEqual(await findRefused({ name: "orders-restored" }), ["source"]);
  });

  for (const [code, answers, source] of [
    ["NoBackups", { backups: [] }, {}],
    ["NoUsableBackup", { backups: [{ ...BACKUP_ROW, State: "Error" }] }, {}],
    ["StaleBackup", {}, { maxAge: "30m" }],
  ] as const) {
    it(`fails with ${code}, even if the preflight only warns`, async () => {
      const args = { source: { groupId: "uredis-a", ...source }, preflight: "warn" };
      await assert.rejects(planGroup(args, answers), { code });
    });
  }

  it("reads what does not depend on each other at once", async () => {
    const { context } = await planGroup({});
    assert.deepEqual(context.asked, ["find", "listVersions", "listConfigs", "countRoom", "listPrices"]);
  });
});

describe("the plan of a restored space", () => {
  it("takes what the program leaves out from the source and its backup", async () => {
    const { request, outputs } = await planSpace({});
    assert.ok(request.kind === "umem");
    assert.deepEqual(
      [request.sourceSpaceId, request.backupId, request.blockCount, request.size, request.zone],
      ["umem-a", "b", 2, 8, "cn-bj2-02"],
    );
    assert.deepEqual([outputs["finalBackup"], outputs["blockCount"]], [false, 2]);
    assert.ok(!("autoBackup" in outputs) && !("highAvailability" in outputs) && !("configId" in outputs));
  });

  it("chooses only the backup that the program names", async () => {
    const older = SHARD_ROWS.map((row) => ({ ...row, BackupId: "a", CreateTime: 1_600_000_000 }));
    const source = { ...SPACE_ARGS.source, backupId: "a" };
    const { request, description } = await planSpace({ source }, { backups: [...SHARD_ROWS, ...older] });
    assert.equal(request.backupId, "a");
    assert.match(description, /^backup `a` of UMem space umem-a/);
    await assert.rejects(planSpace({ source }), { code: "NoBackups", message: /backup a of UMem space/ });
  });

  it("requires by name what a source that is gone cannot give", async () => {
    const names = ["size", "version", "vpcId", "subnetId", "chargeType"];
    assert.deepEqual(await findRefused(SPACE_ARGS, { databases: [] }, spaceKind), names);
  });
});

describe("the plan of a preview", () => {
  it("needs to know the source and where it is", () => {
    for (const name of ["source", "region", "projectId"]) assert.ok(!isPlannable(new Set([name])));
    assert.ok(isPlannable(new Set(["password", "vpcId", "name", "zone"])));
  });

  it("neither requires nor defaults what is not known yet", async () => {
    const unknown = new Set(["password", "vpcId", "subnetId", "zone", "size", "version", "name"]);
    const context = createRestore({ databases: [{ ...SOURCE, hasPassword: true }] });
    const { outputs } = await planRestore(groupKind, { source: GROUP_ARGS.source }, context, unknown);
    for (const name of unknown) assert.ok(!(name in outputs), name);
    assert.equal(outputs["chargeType"], "Dynamic");
    assert.deepEqual(context.warnings, []);
  });
});

describe("the costs of a restore", () => {
  for (const [chargeType, quantity, text] of [
    ["Month", undefined, "Costs 1.20 CNY for 1 month, by the price list. It expires about 2023-12-14"],
    ["Month", 3, "Costs 1.20 CNY for 3 months, by the price list. It expires about 2024-02-14"],
    ["Month", 0, "Costs 1.20 CNY until the end of the month, by the price list."],
    ["Year", 1, "Costs 1.20 CNY for 1 year, by the price list. It expires about 2024-11-14"],
  ] as const) {
    it(`are shown for ${chargeType} and a quantity of ${quantity ?? "none"}`, async () => {
      const prices = [
        { chargeType: "Dynamic", price: 9 },
        { chargeType, price: 120 },
      ];
      const { notes } = await planGroup({ chargeType, quantity }, { prices });
      assert.equal(notes.length, 1);
      assert.ok(notes[0]?.startsWith(text), notes[0]);
    });
  }

  it("are not shown, and nothing is said, where the price action does not answer", async () => {
    const { notes, context } = await planGroup({}, { failing: ["listPrices"] });
    assert.deepEqual([notes, context.warnings], [[], []]);
    assert.deepEqual((await planGroup({}, { prices: [] })).notes, []);
  });
});
