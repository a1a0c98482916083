import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { call, CONFIG_6, findUsable, NEW_GROUP, NEW_SPACE } from "./calls";
import type { Query } from "./client";

describe("the simulator's checks of a restore", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  const restore = (): Query => ({
    ...NEW_GROUP,
    BackupId: findUsable(simulator, demo.healthyGroupId).id,
    ConfigId: CONFIG_6,
    Version: "6.0",
    Size: "2",
  });
  const restoreSpace = (): Query => ({
    ...NEW_SPACE,
    BackupId: findUsable(simulator, demo.healthySpaceId).id,
    SpaceId: demo.healthySpaceId,
    Version: "6.0",
    Size: "32",
  });
  const idOf = (groupId: string, state: string): string =>
    simulator.fleet.uredis.find(({ row }) => row.GroupId === groupId && row.State === state)?.row.BackupId ??
    assert.fail();
  const idOfSpace = (spaceId: string): string =>
    simulator.fleet.umem.find(({ row }) => row.SpaceId === spaceId)?.row.BackupId ?? assert.fail();

  const cases: [title: string, action: string, query: () => Query, retCode: number][] = [
    ["no ConfigId", "CreateURedisGroup", () => ({ ...restore(), ConfigId: undefined }), 220],
    ["an unknown backup", "CreateURedisGroup", () => ({ ...restore(), BackupId: "nothing" }), 20207],
    ...["Backuping", "Error", "Expired"].map((state): (typeof cases)[number] => [
      `a backup in the state ${state}`,
      "CreateURedisGroup",
      () => ({ ...restore(), BackupId: idOf(demo.uredisGroupId, state) }),
      20207,
    ]),
    [
      "a backup of another project",
      "CreateURedisGroup",
      () => ({ ...restore(), BackupId: idOf(demo.otherProjectGroupId, "Success") }),
      20207,
    ],
    [
      "a backup of another region",
      "CreateURedisGroup",
      () => ({ ...restore(), BackupId: idOf(demo.otherRegionGroupId, "Success") }),
      20207,
    ],
    ["no SpaceId", "CreateUMemSpace", () => ({ ...restoreSpace(), SpaceId: undefined }), 220],
    ["no BackupId", "CreateUMemSpace", () => ({ ...restoreSpace(), BackupId: undefined }), 220],
    [
      "another space's backup",
      "CreateUMemSpace",
      () => ({ ...restoreSpace(), BackupId: idOfSpace(demo.umemSpaceId) }),
      20207,
    ],
    [
      "a backup that lacks shards",
      "CreateUMemSpace",
      () => ({
        ...restoreSpace(),
        SpaceId: demo.unusableSpaceId,
        BackupId: idOfSpace(demo.unusableSpaceId),
      }),
      20207,
    ],
  ];
  for (const [title, action, query, retCode] of cases) {
    it(`refuse ${title}`, async () => {
      const made = simulator.created.length;
      assert.equal((await call(simulator, action, query())).RetCode, retCode);
      assert.equal(simulator.created.length, made);
    });
  }

  const failing: [title: string, action: string, query: () => Query, state: string][] = [
    ["a size below the backup's", "CreateURedisGroup", () => ({ ...restore(), Size: "1" }), "CreateFail"],
    ["the default size", "CreateURedisGroup", () => ({ ...restore(), Size: undefined }), "CreateFail"],
    [
      "the default version",
      "CreateURedisGroup",
      () => ({ ...restore(), Version: undefined, ConfigId: "6c9298a3-9d7f-428c-b1d0-e87ab3b8a1ea" }),
      "CreateFail",
    ],
    ["a size below the space's", "CreateUMemSpace", () => ({ ...restoreSpace(), Size: "24" }), "Fail"],
    ["a version below the space's", "CreateUMemSpace", () => ({ ...restoreSpace(), Version: "5.0" }), "Fail"],
    ["other shards", "CreateUMemSpace", () => ({ ...restoreSpace(), BlockCnt: "4" }), "Fail"],
  ];
  for (const [title, action, query, state] of failing) {
    it(`let a restore fail with ${title}`, async () => {
      const { RetCode, GroupId, SpaceId } = await call(simulator, action, query());
      assert.equal(RetCode, 0);
      const protocol = { Protocol: "redis", ResourceId: GroupId ?? SpaceId };
      await call(simulator, "DescribeUMem", protocol);
      assert.equal((await call(simulator, "DescribeUMem", protocol)).DataSet?.[0]?.State, state);
    });
  }
});
