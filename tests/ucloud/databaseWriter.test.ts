import assert from "node:assert/strict";
import { createDatabaseWriter } from "../../provider/ucloud/databaseWriter";
import type { CreateGroup, CreateSpace, DatabaseAddress } from "../../provider/ucloud/databases";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { encodeParameters, type RequestParameters } from "../../provider/ucloud/signature";
import type { WriteOutcome } from "../../provider/ucloud/writeOutcome";
import type { SendOptions, Writer } from "../../provider/ucloud/writer";

/** A writer without a network, which keeps what it was asked to send. */
class FakeWriter implements Writer {
  readonly sent: [action: string, parameters: RequestParameters][] = [];
  readonly options: SendOptions[] = [];

  constructor(private readonly outcome: WriteOutcome = { kind: "accepted", answer: {} }) {}

  send(action: string, parameters: RequestParameters, options: SendOptions = {}): Promise<WriteOutcome> {
    // As it goes over the wire.
    this.sent.push([action, Object.fromEntries(encodeParameters(parameters))]);
    this.options.push(options);
    return Promise.resolve(this.outcome);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }
}

const GROUP: DatabaseAddress = { kind: "uredis", region: "r", projectId: "p", zone: "r-01", id: "g-1" };
const SPACE: DatabaseAddress = { kind: "umem", region: "r", projectId: undefined, zone: "r-02", id: "s-1" };

const NOTHING = {
  projectId: undefined,
  slaveZone: undefined,
  version: undefined,
  vpcId: undefined,
  subnetId: undefined,
  port: undefined,
  highPerformance: undefined,
  chargeType: undefined,
  quantity: undefined,
  tag: undefined,
  password: undefined,
};
const SMALL_GROUP: CreateGroup = {
  ...NOTHING,
  kind: "uredis",
  region: "r",
  zone: "r-01",
  name: "restored",
  backupId: "b",
  size: 2,
  configId: undefined,
  highAvailability: false,
  autoBackup: false,
  backupHour: undefined,
};
const FULL_GROUP: CreateGroup = {
  kind: "uredis",
  region: "r",
  projectId: "p",
  zone: "r-01",
  slaveZone: "r-02",
  name: "restored",
  backupId: "b",
  size: 2,
  version: "6.0",
  vpcId: "v",
  subnetId: "n",
  port: 6380,
  highPerformance: true,
  chargeType: "Dynamic",
  quantity: 0,
  tag: "t",
  password: "pässword",
  configId: "c",
  highAvailability: true,
  autoBackup: true,
  backupHour: 0,
};
const FULL_SPACE: CreateSpace = {
  kind: "umem",
  region: "r",
  projectId: "p",
  zone: "r-01",
  slaveZone: "r-02",
  name: "restored",
  backupId: "b",
  size: 8,
  version: "6.0",
  vpcId: "v",
  subnetId: "n",
  port: 6380,
  highPerformance: false,
  chargeType: "Month",
  quantity: 1,
  tag: "t",
  password: "secret",
  sourceSpaceId: "old",
  blockCount: 2,
  proxySize: 4,
  proxyPort: 6381,
  clusterMode: "RWMode",
};

describe("createDatabaseWriter: creating", () => {
  const creations: [name: string, request: CreateGroup | CreateSpace, action: string, sent: JsonObject][] = [
    [
      "a group with nothing but what is needed",
      SMALL_GROUP,
      "CreateURedisGroup",
      {
        Region: "r",
        Zone: "r-01",
        Name: "restored",
        BackupId: "b",
        Size: "2",
        HighAvailability: "disable",
        AutoBackup: "disable",
      },
    ],
    [
      "a group with everything",
      FULL_GROUP,
      "CreateURedisGroup",
      {
        Region: "r",
        ProjectId: "p",
        Zone: "r-01",
        SlaveZone: "r-02",
        Name: "restored",
        BackupId: "b",
        Size: "2",
        Version: "6.0",
        VPCId: "v",
        SubnetId: "n",
        Port: "6380",
        HighPerformance: "true",
        ChargeType: "Dynamic",
        Quantity: "0",
        Tag: "t",
        Password: "cMOkc3N3b3Jk",
        ConfigId: "c",
        HighAvailability: "enable",
        AutoBackup: "enable",
        BackupTime: "0",
      },
    ],
    [
      "a space with everything",
      FULL_SPACE,
      "CreateUMemSpace",
      {
        Region: "r",
        ProjectId: "p",
        Zone: "r-01",
        SlaveZone: "r-02",
        Name: "restored",
        Protocol: "redis",
        Type: "double",
        SpaceId: "old",
        BackupId: "b",
        Size: "8",
        Version: "6.0",
        VPCId: "v",
        SubnetId: "n",
        Port: "6380",
        HighPerformance: "false",
        ChargeType: "Month",
        Quantity: "1",
        Tag: "t",
        Password: "c2VjcmV0",
        BlockCnt: "2",
        ProxySize: "4",
        ProxyPort: "6381",
        ClusterMode: "RWMode",
      },
    ],
  ];
  for (const [name, request, action, sent] of creations) {
    it(`sends ${name}`, async () => {
      const writer = new FakeWriter({ kind: "accepted", answer: { GroupId: "new", SpaceId: "new" } });
      const outcome = await createDatabaseWriter(writer).create(request);
      assert.deepEqual(writer.sent, [[action, sent]]);
      assert.equal(outcome.id, "new");
    });
  }

  it("sends no password if it is empty", async () => {
    const writer = new FakeWriter();
    await createDatabaseWriter(writer).create({ ...FULL_GROUP, password: "" });
    assert.ok(!("Password" in (writer.sent[0]?.[1] ?? {})));
  });

  const ids: [id: unknown, read: string | undefined][] = [
    ["g-9", "g-9"],
    [" g-9 ", "g-9"],
    [42, "42"],
    [["g-9"], "g-9"],
    [["g-9", "g-8"], undefined],
    [[], undefined],
    ["", undefined],
    [" ", undefined],
    [null, undefined],
    [{}, undefined],
    [true, undefined],
    [undefined, undefined],
  ];
  for (const [id, read] of ids) {
    it(`reads the id ${JSON.stringify(id)} as ${read ?? "none, so that the outcome is unknown"}`, async () => {
      for (const request of [FULL_GROUP, FULL_SPACE]) {
        const field = request.kind === "uredis" ? "GroupId" : "SpaceId";
        const answer = id === undefined ? {} : { [field]: id };
        const outcome = await createDatabaseWriter(new FakeWriter({ kind: "accepted", answer })).create(
          request,
        );
        assert.equal(outcome.id, read);
        assert.equal(outcome.kind, read === undefined ? "unknown" : "accepted");
        if (outcome.kind !== "unknown") continue;
        assert.equal(outcome.error.code, "BadResponse");
        assert.match(
          outcome.error.message,
          /Name restored.* may have taken effect, or not: the API accepted it/,
        );
        assert.doesNotMatch(outcome.error.message, /pässword|secret|cMOkc3N3b3Jk|c2VjcmV0/);
      }
    });
  }

  it("passes on an outcome that is not accepted", async () => {
    const error = new RedisBackupError("ApiError", "no");
    const refusal: WriteOutcome = { kind: "refused", error, retCode: 20013, isTryLater: false };
    assert.deepEqual(await createDatabaseWriter(new FakeWriter(refusal)).create(FULL_GROUP), refusal);
  });
});

describe("createDatabaseWriter: changing", () => {
  const inGroup = { Region: "r", ProjectId: "p", Zone: "r-01", GroupId: "g-1" };
  const inSpace = { Region: "r", Zone: "r-02", SpaceId: "s-1" };
  type Writes = ReturnType<typeof createDatabaseWriter>;
  const changes: [
    name: string,
    act: (writes: Writes) => Promise<WriteOutcome>,
    sent: [string, JsonObject],
  ][] = [
    [
      "deletes a group without its zone",
      (writes) => writes.delete(GROUP),
      ["DeleteURedisGroup", { Region: "r", ProjectId: "p", GroupId: "g-1" }],
    ],
    ["deletes a space", (writes) => writes.delete(SPACE), ["DeleteUMemSpace", inSpace]],
    [
      "renames a group",
      (writes) => writes.rename(GROUP, "orders"),
      ["ModifyURedisGroupName", { ...inGroup, Name: "orders" }],
    ],
    [
      "renames a space",
      (writes) => writes.rename(SPACE, "orders"),
      ["ModifyUMemSpaceName", { ...inSpace, Name: "orders" }],
    ],
    [
      "sets a group's password",
      (writes) => writes.setPassword(GROUP, "secret"),
      ["ModifyURedisGroupPassword", { ...inGroup, Password: "c2VjcmV0" }],
    ],
    [
      "removes a group's password, which is sent although it is empty",
      (writes) => writes.setPassword(GROUP, ""),
      ["ModifyURedisGroupPassword", { ...inGroup, Password: "" }],
    ],
    [
      "sets a space's password",
      (writes) => writes.setPassword(SPACE, "secret"),
      ["ModifyUMemPassword", { ...inSpace, Password: "c2VjcmV0" }],
    ],
    [
      "resizes a group",
      (writes) => writes.resizeGroup(GROUP, 4),
      ["ResizeURedisGroup", { ...inGroup, Size: "4" }],
    ],
    [
      "resizes a shard",
      (writes) => writes.resizeBlock(SPACE, { blockId: "s-1_0", size: 8 }),
      ["ResizeUDRedisBlockSize", { ...inSpace, BlockId: "s-1_0", BlockSize: "8" }],
    ],
    [
      "sets the strategy, also at midnight",
      (writes) => writes.setBackupStrategy(GROUP, { autoBackup: true, backupHour: 0 }),
      ["UpdateURedisBackupStrategy", { ...inGroup, AutoBackup: "enable", BackupTime: "0" }],
    ],
    [
      "sets the strategy across zones",
      (writes) => writes.setBackupStrategy(GROUP, { autoBackup: false, backupHour: 3, slaveZone: "r-02" }),
      [
        "UpdateURedisBackupStrategy",
        { ...inGroup, AutoBackup: "disable", BackupTime: "3", SlaveZone: "r-02" },
      ],
    ],
    [
      "backs up a group",
      (writes) => writes.backUp(GROUP, { name: "final-g-1", slaveZone: "r-02" }),
      ["CreateURedisBackup", { ...inGroup, BackupName: "final-g-1", SlaveZone: "r-02" }],
    ],
    [
      "backs up a space",
      (writes) => writes.backUp(SPACE, { name: "final-s-1", slaveZone: "r-02" }),
      ["CreateUMemBackup", { ...inSpace, BackupName: "final-s-1" }],
    ],
  ];
  for (const [name, act, sent] of changes) {
    it(name, async () => {
      const writer = new FakeWriter();
      assert.equal((await act(createDatabaseWriter(writer))).kind, "accepted");
      assert.deepEqual(writer.sent, [sent]);
    });
  }

  it("names a password as a secret, and passes the signal on", async () => {
    const writer = new FakeWriter();
    const { signal } = new AbortController();
    const writes = createDatabaseWriter(writer, signal);
    await writes.setPassword(GROUP, "secret");
    await writes.setPassword(GROUP, "");
    await writes.create(FULL_SPACE);
    assert.deepEqual(writer.options, [
      { signal, secrets: ["secret"] },
      { signal, secrets: [] },
      { signal, secrets: ["secret"] },
    ]);
  });

  it("gives the id of a backup, and accepts one without", async () => {
    for (const [answer, expected] of [
      [{ BackupId: "b-1" }, { kind: "accepted", answer: { BackupId: "b-1" }, backupId: "b-1" }],
      [{}, { kind: "accepted", answer: {} }],
    ] as const) {
      const writes = createDatabaseWriter(new FakeWriter({ kind: "accepted", answer }));
      assert.deepEqual(await writes.backUp(GROUP, { name: "n" }), expected);
    }
  });
});
