import assert from "node:assert/strict";
import { createFleet, createDatabases, createDemoFleet, demo, listSources } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { call, create, encode, KINDS, look, succeed, useSimulator, watch } from "./calls";
import { listAll, type Query } from "./client";

const UMEM = { Action: "DescribeUMem", Region: demo.region, Protocol: "redis" };

describe("the simulator's listings of databases", () => {
  const getSimulator = useSimulator();

  const pickIds = (rows: readonly Record<string, unknown>[]): unknown[] =>
    rows.map((row) => row.ResourceId ?? row.GroupId ?? row.SpaceId).sort();

  const groups = [
    ...[demo.uredisGroupId, demo.healthyGroupId, demo.unusableGroupId, demo.emptyGroupId],
    ...[demo.staleGroupId, demo.youngGroupId, demo.replicatedGroupId, demo.replicaId],
    ...[demo.creatingGroupId, demo.deletingGroupId, demo.failedGroupId],
  ];
  const spaces = [
    ...[demo.umemSpaceId, demo.healthySpaceId, demo.unusableSpaceId],
    ...[demo.youngSpaceId, demo.unstatedSpaceId],
  ];
  const cases: [title: string, query: Query, ids: readonly string[]][] = [
    ["DescribeUMem has both kinds", UMEM, [...groups, ...spaces]],
    ["another project", { ...UMEM, ProjectId: demo.otherProjectId }, [demo.otherProjectGroupId]],
    [
      "another region",
      { ...UMEM, Region: demo.otherRegion },
      [demo.otherRegionGroupId, demo.otherRegionSpaceId],
    ],
    ["a region without databases", { ...UMEM, Region: "us-ca" }, []],
    ["one zone", { ...UMEM, Zone: demo.slaveZone }, [demo.healthySpaceId, demo.replicaId]],
    ["one id", { ...UMEM, ResourceId: demo.umemSpaceId }, [demo.umemSpaceId]],
    ["an id of another project", { ...UMEM, ResourceId: demo.otherProjectGroupId }, []],
    ["an id that never was", { ...UMEM, ResourceId: "uredis-nobody" }, []],
    ["groups only", { ...UMEM, ResourceType: "single" }, groups],
    ["spaces only", { ...UMEM, ResourceType: "distributed" }, spaces],
    ["a deleted one", { ...UMEM, ResourceId: demo.deletedGroupId }, []],
    ["memcache", { ...UMEM, Protocol: "memcache" }, [demo.memcacheGroupId]],
    ["memcache by its id, as Redis", { ...UMEM, ResourceId: demo.memcacheGroupId }, []],
    ["DescribeURedisGroup", { ...UMEM, Protocol: undefined, Action: "DescribeURedisGroup" }, groups],
    ["DescribeUMemSpace", { ...UMEM, Protocol: undefined, Action: "DescribeUMemSpace" }, spaces],
  ];
  for (const [title, query, ids] of cases) {
    it(`list what exists: ${title}`, async () => {
      assert.deepEqual(pickIds(await listAll(getSimulator(), query)), [...ids].sort());
    });
  }

  it("page like the cloud: at most the cap, 20 by default, in an order of their own", () =>
    withSimulator(
      {
        pageCap: 30,
        fleet: {
          ...createDemoFleet({ now: new Date() }),
          databases: createDatabases(createFleet({ uredis: { groups: 50, backupsPerGroup: 1 } })),
        },
      },
      async (simulator) => {
        const all = simulator.databases.map(({ id }) => id);
        assert.equal(all.length, 50);
        const page = async (query: Query): Promise<unknown[]> => {
          const { DataSet = [], TotalCount } = await succeed(simulator, "DescribeUMem", {
            ...UMEM,
            ...query,
          });
          assert.equal(TotalCount, 50);
          return DataSet.map(({ ResourceId }) => ResourceId);
        };
        const [first, rest] = [await page({ Limit: "1000" }), await page({ Limit: "1000", Offset: "30" })];
        assert.deepEqual([first.length, rest.length, (await page({})).length], [30, 20, 20]);
        assert.deepEqual([...first, ...rest].sort(), [...all].sort());
        assert.notDeepEqual(first, all.slice(0, 30));
      },
    ));

  it("have every field of DescribeUMem, and only those of the old actions", async () => {
    const simulator = getSimulator();
    simulator.changeDatabase(demo.healthyGroupId, { password: "secret-Pass1" });
    const row = await look(simulator, demo.healthyGroupId);
    const { CreateTime, ExpireTime, ConfigId, Address, ...known } = row ?? {};
    assert.deepEqual(known, {
      Zone: "cn-bj2-04",
      Name: "sessions",
      State: "Running",
      Size: 2,
      UsedSize: 819,
      Type: "double",
      Protocol: "redis",
      VPCId: "uvnet-cn-bj2",
      SubnetId: "subnet-cn-bj2",
      ChargeType: "Month",
      Tag: "Default",
      RewriteTime: 3,
      ResourceId: "uredis-c81xmd5t",
      ResourceType: "single",
      AutoBackup: "enable",
      BackupTime: 3,
      HighAvailability: "enable",
      Version: "5.0",
      SlaveZone: "",
      ProductType: 0,
      IsHighPerformance: false,
      HasPassword: true,
      DefaultConfigId: "true",
      OwnSlave: "No",
      IsRWMode: false,
      SupportAofRollback: false,
      AofRollbackEnable: false,
      SSLVersion: "",
      SSLEnable: false,
      SSLCertExpireTime: 0,
      SecPolicy: 1,
      UDACEnable: false,
      Role: "master",
    });
    assert.ok(Number(ExpireTime) > Date.now() / 1000 && Number(CreateTime) < Date.now() / 1000);
    assert.match(String(ConfigId), /^3cdeeb90-/);
    assert.match(JSON.stringify(Address), /^\[\{"IP":"10\.9\.\d+\.\d+","Port":6379,/);
    const { DataSet = [] } = await succeed(simulator, "DescribeUMemSpace", { SpaceId: demo.umemSpaceId });
    assert.ok(DataSet[0] && !("Version" in DataSet[0]) && !("BlockCnt" in DataSet[0]));
  });

  it("have replicas inside their master, without a backup strategy", async () => {
    const simulator = getSimulator();
    const replica = { id: "uredis-replica0", name: "reader", zone: demo.zone, state: "Running" };
    simulator.changeDatabase(demo.healthyGroupId, { replicas: [replica] });
    const row = await look(simulator, demo.healthyGroupId);
    const [slave] = row?.DataSet as Record<string, unknown>[];
    assert.deepEqual(
      [row?.OwnSlave, slave?.GroupId, slave?.MasterGroupId, slave?.Role],
      ["Yes", replica.id, demo.healthyGroupId, "slave"],
    );
    assert.ok(slave && !("AutoBackup" in slave) && !("BackupTime" in slave));
    assert.equal(
      (await call(simulator, "DeleteURedisGroup", { GroupId: demo.healthyGroupId })).RetCode,
      20002,
    );
  });

  it("can lack fields of spaces, since the API does not say which rows have them", () =>
    withSimulator({ spaceRowsLack: ["AutoBackup", "BackupTime", "Version"] }, async (simulator) => {
      const fields = ["AutoBackup", "BackupTime", "Version"];
      const [space, group] = [
        await look(simulator, demo.umemSpaceId),
        await look(simulator, demo.healthyGroupId),
      ];
      assert.deepEqual(
        fields.map((field) => field in (space ?? {})),
        [false, false, false],
      );
      assert.deepEqual(
        fields.map((field) => field in (group ?? {})),
        [true, true, true],
      );
    }));

  it("show a space's shards with all slots between them", async () => {
    const query = { SpaceId: demo.healthySpaceId, Zone: demo.slaveZone, Offset: "0", Limit: "100" };
    const { DataSet = [], ...rest } = await succeed(getSimulator(), "DescribeUMemBlockInfo", query);
    assert.equal(DataSet.length, 8);
    assert.deepEqual([DataSet[0]?.BlockSlotBegin, DataSet.at(-1)?.BlockSlotEnd], [0, 16_383]);
    assert.deepEqual(Object.keys(rest).sort(), ["Action", "ReadMode", "RetCode"]);
    const page = await succeed(getSimulator(), "DescribeUMemBlockInfo", {
      ...query,
      Offset: "6",
      Limit: "9",
    });
    assert.equal(page.DataSet?.length, 2);
  });

  it("count one look for a listing of several pages", async () => {
    const simulator = getSimulator();
    simulator.injectFault({ kind: "outcome", takes: { looks: 2 } });
    simulator.injectFault({ kind: "outcome", hiddenLooks: 1 });
    const [group, space] = KINDS;
    assert.ok(group && space);
    const ids = [await create(simulator, group), await create(simulator, space)];
    const states = [];
    for (let number = 0; number < 4; number++) {
      const rows = await listAll(simulator, { ...UMEM, Limit: "2" });
      states.push(ids.map((id) => rows.find(({ ResourceId }) => ResourceId === id)?.State));
    }
    assert.deepEqual(states, [
      ["Creating", undefined],
      ["Creating", "Starting"],
      ["Running", "Running"],
      ["Running", "Running"],
    ]);
  });

  it("count looks of every listing", async () => {
    const simulator = getSimulator();
    const [, space] = KINDS;
    assert.ok(space);
    const id = await create(simulator, space);
    const place = { SpaceId: id, Zone: demo.zone };
    const states = [];
    for (let number = 0; number < 2; number++) {
      states.push((await succeed(simulator, "GetUMemSpaceState", place)).State);
    }
    assert.deepEqual(states, ["Starting", "Running"]);
  });
});

describe("the databases of a fleet", () => {
  it("are those with backups, and some without, unless some were deleted", () => {
    const now = new Date("2026-03-04T05:06:07Z");
    const fleet = createDemoFleet({ now });
    const sources = listSources(fleet).filter(({ regionType }) => regionType === "normal");
    const ids = (fleet.databases ?? []).map(({ id }) => id).sort();
    const without = [
      ...[demo.emptyGroupId, demo.youngGroupId, demo.youngSpaceId, demo.creatingGroupId],
      ...[demo.failedGroupId, demo.replicaId, demo.memcacheGroupId],
    ];
    assert.deepEqual(ids, [...sources.map(({ id }) => id), ...without].sort());
    for (const source of sources) {
      const found = fleet.databases?.find(({ id }) => id === source.id);
      const place = found && { region: found.region, zone: found.zone, projectId: found.projectId };
      assert.deepEqual(place, { region: source.region, zone: source.zone, projectId: source.projectId });
    }
    const fewer = createDemoFleet({ now, deleted: [demo.uredisGroupId, demo.umemSpaceId] });
    const gone = (fewer.databases ?? []).filter(({ isGone }) => isGone).map(({ id }) => id);
    assert.deepEqual(gone, [demo.uredisGroupId, demo.umemSpaceId, demo.deletedGroupId]);
    assert.deepEqual(fewer.uredis, fleet.uredis);
  });

  it("are not listed once deleted", () =>
    withSimulator(
      { fleet: createDemoFleet({ now: new Date(), deleted: [demo.umemSpaceId] }) },
      async (simulator) => {
        assert.equal(await look(simulator, demo.umemSpaceId), undefined);
        assert.ok(simulator.databases.every(({ id }) => id !== demo.umemSpaceId));
      },
    ));

  it("are none for a fleet that does not name them, and can be derived from its backups", () =>
    withSimulator({ fleet: createFleet({ umem: { backupsPerSpace: 2, shards: 3 } }) }, async (simulator) => {
      assert.deepEqual(simulator.databases, []);
      const databases = createDatabases(simulator.fleet);
      simulator.fleet = { ...simulator.fleet, databases };
      assert.deepEqual(simulator.databases, databases);
      const [space] = databases;
      assert.deepEqual([space?.kind, space?.blocks.length, space?.size], ["umem", 3, 12]);
      assert.equal((await look(simulator, space?.id ?? ""))?.State, "Running");
    }));

  for (const kind of KINDS) {
    it(`are replaced with the fleet, except a ${kind.title} that a request created`, () =>
      withSimulator({}, async (simulator) => {
        const Password = encode("secret-Pass1");
        const id = await create(simulator, kind, { Password });
        simulator.fleet = { ...simulator.fleet, uredis: [] };
        assert.ok(simulator.databases.length > 9, "the same databases");
        simulator.fleet = createFleet({});
        assert.deepEqual(
          simulator.databases.map((each) => each.id),
          [id],
        );
        assert.deepEqual(await watch(simulator, { id, looks: 2 }), [kind.pending, "Running"]);
      }));
  }
});
