import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { call, CONFIG_6, encode, NEW_GROUP, NEW_SPACE } from "./calls";
import type { Query } from "./client";

const GROUP = { GroupId: demo.healthyGroupId };
const SPACE = { SpaceId: demo.healthySpaceId, Zone: demo.slaveZone };
const GROUP_PLACE = { ...GROUP, Zone: demo.zone };
const BACKUP_NAME = "a-backup";
const PASSWORD = encode("Secret-Pass_1");

/** A correct request for each action that the simulator has, besides the listings of backups. */
const CORRECT: Readonly<Record<string, Query>> = {
  DescribeUMem: { Protocol: "redis" },
  DescribeURedisGroup: {},
  DescribeUMemSpace: {},
  GetUMemSpaceState: SPACE,
  DescribeUMemBlockInfo: { ...SPACE, Offset: "0", Limit: "10" },
  CreateURedisGroup: NEW_GROUP,
  CreateUMemSpace: NEW_SPACE,
  ModifyURedisGroupName: { ...GROUP, Name: "a-name" },
  ModifyUMemSpaceName: { ...SPACE, Name: "a-name" },
  ModifyURedisGroupPassword: { ...GROUP, Password: PASSWORD },
  ModifyUMemPassword: { ...SPACE, Password: PASSWORD },
  ResizeURedisGroup: { ...GROUP_PLACE, Size: "4" },
  ResizeUDRedisBlockSize: { ...SPACE, BlockId: `${demo.healthySpaceId}_0`, BlockSize: "8" },
  ResizeUMemSpace: { ...SPACE, Size: "64" },
  UpdateURedisBackupStrategy: GROUP,
  CreateURedisBackup: { ...GROUP, BackupName: BACKUP_NAME },
  CreateUMemBackup: { ...SPACE, BackupName: BACKUP_NAME },
  DescribeURedisVersion: { Zone: demo.zone },
  DescribeURedisConfig: { Zone: demo.zone, RegionFlag: "false" },
  CheckURedisAllowance: { Zone: demo.zone, Size: "1", Count: "1" },
  CheckUDredisSpaceAllowance: { Zone: demo.zone, Size: "8", Count: "1" },
  DescribeURedisPrice: { Zone: demo.zone, Size: "1" },
  DescribeUMemPrice: { Zone: demo.zone, Size: "8", Type: "double" },
  DeleteURedisGroup: GROUP,
  DeleteUMemSpace: SPACE,
};

describe("the simulator's checks of actions", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  const at = <Value>(values: Readonly<Record<string, Value>>, name: string): Value =>
    values[name] ?? assert.fail(name);

  async function refuse(action: string, query: Query): Promise<[retCode: number, message: string]> {
    const before = simulator.databases.length;
    const { RetCode, Message = "" } = await call(simulator, action, query);
    assert.equal(simulator.databases.length, before);
    return [RetCode, Message];
  }

  for (const [action, query] of Object.entries(CORRECT)) {
    for (const name of ["Region", ...Object.keys(query)]) {
      it(`demand ${name} of ${action}`, async () => {
        const refusal = await refuse(action, { ...query, [name]: undefined });
        assert.deepEqual(refusal, [220, `Missing params [${name}]`]);
      });
    }

    it(`refuse a parameter that ${action} does not have`, async () => {
      const refusal = await refuse(action, { ...query, GroupID: "uredis-0" });
      assert.deepEqual(refusal, [230, "Params [GroupID] not available"]);
    });

    it(`refuse an unknown project for ${action}`, async () => {
      assert.equal((await refuse(action, { ...query, ProjectId: "org-nobody" }))[0], 292);
    });

    if ("Zone" in query) {
      it(`refuse a zone of another region for ${action}`, async () => {
        const refusal = await refuse(action, { ...query, Zone: demo.otherZone });
        assert.deepEqual(refusal, [230, "Params [Zone] not available"]);
      });
    }
  }

  const badValues: [action: string, change: Query][] = [
    ...["short", "with space", "x".repeat(64), "中文名字中文"].flatMap((text): typeof badValues => [
      ["CreateURedisGroup", { Name: text }],
      ["CreateUMemSpace", { Name: text }],
      ["ModifyURedisGroupName", { Name: text }],
      ["ModifyUMemSpaceName", { Name: text }],
      ["CreateURedisBackup", { BackupName: text }],
      ["CreateUMemBackup", { BackupName: text }],
    ]),
    ...[
      "Secret-Pass_1",
      encode("short"),
      encode("no space"),
      encode("x".repeat(37)),
      "====",
      "%%%%%%",
    ].flatMap((text): typeof badValues => [
      ["CreateURedisGroup", { Password: text }],
      ["CreateUMemSpace", { Password: text }],
      ["ModifyURedisGroupPassword", { Password: text }],
      ["ModifyUMemPassword", { Password: text }],
    ]),
    ["DescribeUMem", { Protocol: "Redis" }],
    ["DescribeUMem", { Offset: "-1" }],
    ["DescribeUMem", { Limit: "0" }],
    ["CreateURedisGroup", { HighAvailability: "true" }],
    ["CreateURedisGroup", { Size: "0" }],
    ["CreateURedisGroup", { Size: "1.5" }],
    ["CreateURedisGroup", { Size: "65" }],
    ["CreateURedisGroup", { Version: "6" }],
    ["CreateURedisGroup", { Version: "3.2" }],
    ["CreateURedisGroup", { ChargeType: "Monthly" }],
    ["CreateURedisGroup", { BackupTime: "24" }],
    ["CreateURedisGroup", { AutoBackup: "yes" }],
    ["CreateURedisGroup", { HighPerformance: "1" }],
    ["CreateURedisGroup", { SlaveZone: demo.zone }],
    ["CreateURedisGroup", { SlaveZone: demo.otherZone }],
    ["CreateURedisGroup", { ConfigId: "nothing" }],
    ["CreateURedisGroup", { ConfigId: CONFIG_6 }],
    ["CreateURedisGroup", { Port: "65536" }],
    ["CreateUMemSpace", { Size: "1025" }],
    ["CreateUMemSpace", { Size: "9" }],
    ["ResizeUDRedisBlockSize", { BlockSize: "10" }],
    ["UpdateURedisBackupStrategy", { BackupTime: "noon" }],
    ["UpdateURedisBackupStrategy", { OperationType: "open" }],
    ["CheckURedisAllowance", { Count: "11" }],
    ["DescribeURedisConfig", { RegionFlag: "no" }],
    ["DescribeURedisPrice", { ProductType: "Redis" }],
    ["DescribeUMemPrice", { Type: "triple" }],
  ];
  for (const [action, change] of badValues) {
    const [[name, value] = ["", ""]] = Object.entries(change);
    it(`refuse the ${name} "${value}" of ${action}`, async () => {
      const refusal = await refuse(action, { ...at(CORRECT, action), ...change });
      assert.deepEqual(refusal, [230, `Params [${name}] not available`]);
    });
  }

  const unknown: [action: string, change: Query, retCode: number][] = [
    ["ModifyURedisGroupName", { GroupId: "uredis-nobody" }, 20204],
    ["ModifyURedisGroupName", { GroupId: demo.otherProjectGroupId }, 20204],
    ["ModifyURedisGroupName", { GroupId: demo.otherRegionGroupId }, 20204],
    ["ModifyURedisGroupName", { GroupId: demo.healthySpaceId }, 20204],
    ["ModifyUMemSpaceName", { Zone: demo.zone }, 20204],
    ["ModifyURedisGroupPassword", { GroupId: "uredis-nobody" }, 20204],
    ["ModifyUMemPassword", { SpaceId: "udredis-nobody" }, 20204],
    ["ResizeURedisGroup", { GroupId: "uredis-nobody" }, 20011],
    ["ResizeURedisGroup", { Size: "2" }, 20011],
    ["ResizeURedisGroup", { Size: "1" }, 20011],
    ["ResizeUDRedisBlockSize", { SpaceId: "udredis-nobody" }, 20101],
    ["ResizeUDRedisBlockSize", { BlockId: "udredis-nobody_0" }, 20101],
    ["ResizeUDRedisBlockSize", { BlockSize: "4" }, 20101],
    ["ResizeUMemSpace", { SpaceId: "udredis-nobody" }, 20101],
    ["CreateURedisBackup", { GroupId: "uredis-nobody" }, 20200],
    ["CreateUMemBackup", { SpaceId: "udredis-nobody" }, 20200],
    ["DeleteURedisGroup", { GroupId: "uredis-nobody" }, 20002],
    ["DeleteUMemSpace", { SpaceId: "udredis-nobody" }, 20103],
    ["DeleteUMemSpace", { Zone: demo.zone }, 20103],
    ["GetUMemSpaceState", { SpaceId: "udredis-nobody" }, 20202],
    ["DescribeUMemBlockInfo", { SpaceId: "udredis-nobody" }, 20202],
    ["UpdateURedisBackupStrategy", { OperationType: "modify", SaveDays: "7" }, 220],
    ["UpdateURedisBackupStrategy", { OperationType: "modify", DstRegion: "cn-sh2" }, 220],
  ];
  for (const [action, change, retCode] of unknown) {
    it(`answer ${action} with ${JSON.stringify(change)} by ${retCode}`, async () => {
      const [code, message] = await refuse(action, { ...at(CORRECT, action), ...change });
      assert.deepEqual([code, message.length > 5], [retCode, true]);
    });
  }

  it("refuse everything else while a database is not running", async () => {
    simulator.setState(demo.emptyGroupId, "Resizing");
    const group = { GroupId: demo.emptyGroupId, Zone: demo.zone };
    const codes = [
      await call(simulator, "ResizeURedisGroup", { ...group, Size: "8" }),
      await call(simulator, "ModifyURedisGroupPassword", { ...group, Password: PASSWORD }),
      await call(simulator, "CreateURedisBackup", { ...group, BackupName: BACKUP_NAME }),
    ].map(({ RetCode }) => RetCode);
    assert.deepEqual(codes, [20011, 20204, 20200]);
  });
});
