import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { LINK_MARK } from "../../simulator/linkQueries";
import { call, findUsable, succeed, useSimulator } from "./calls";

const UREDIS = "DescribeURedisBackupURL";
const UMEM = "DescribeUMemBackupURL";
const SPACE = { Zone: demo.zone, SpaceId: demo.umemSpaceId };

describe("the simulator's links", () => {
  const simulator = useSimulator();
  const findGroupBackup = (wanted: { State: string; regionType?: string }): string => {
    const { regionType = "normal", State } = wanted;
    const found = simulator().fleet.uredis.find(
      (each) =>
        each.regionType === regionType &&
        each.projectId === demo.projectId &&
        each.region === (regionType === "target" ? demo.otherRegion : demo.region) &&
        each.row.State === State,
    );
    return found?.row.BackupId ?? assert.fail();
  };

  it("lead to a group's usable backup, the same each time, and another one inside the networks", async () => {
    const BackupId = findGroupBackup({ State: "Success" });
    const answers = [1, 2].map(() => succeed(simulator(), UREDIS, { BackupId, Zone: demo.zone }));
    const [first, second] = (await Promise.all(answers)) as { BackupPath?: string }[];
    assert.match(
      first?.BackupPath ?? "",
      new RegExp(
        `^https://backups\\.ucloud\\.test/${BackupId}\\.rdb\\?.*Expires=\\d+&Signature=${LINK_MARK}`,
      ),
    );
    assert.equal(first?.BackupPath, second?.BackupPath);
    const { BackupURL, InnerBackupPath } = first as Record<string, string>;
    assert.equal(BackupURL, first?.BackupPath);
    assert.match(InnerBackupPath ?? "", /^https:\/\/backups-inner\./);
  });

  it("lead to copies only if IsCrossRegion says so", async () => {
    for (const [regionType, Region] of [
      ["source", demo.region],
      ["target", demo.otherRegion],
    ] as const) {
      const query = { Region, BackupId: findGroupBackup({ State: "Success", regionType }) };
      await succeed(simulator(), UREDIS, { ...query, IsCrossRegion: "true" });
      assert.equal((await call(simulator(), UREDIS, query)).RetCode, 230);
    }
  });

  it("are one for each shard of a space's whole backup", async () => {
    const { id: BackupId, count } = findUsable(simulator(), demo.umemSpaceId);
    const answer = await succeed(simulator(), UMEM, { ...SPACE, BackupId });
    const { BackupURL } = answer as { BackupURL?: string[] };
    assert.equal(new Set(BackupURL).size, count);
    assert.ok(BackupURL?.every((link) => link.includes(LINK_MARK)));
  });

  it("are refused for backups that are unknown, elsewhere or not usable", async () => {
    const usable = findGroupBackup({ State: "Success" });
    const shards = simulator().fleet.umem.map(({ row }) => row);
    const half = shards.find((row) => row.SpaceId === demo.umemSpaceId && row.State === "Starting");
    const whole = findUsable(simulator(), demo.umemSpaceId).id;
    for (const [action, query] of [
      [UREDIS, { BackupId: "unknown" }],
      [UREDIS, { BackupId: findGroupBackup({ State: "Error" }) }],
      [UREDIS, { BackupId: usable, GroupId: "uredis-other" }],
      [UREDIS, { BackupId: usable, Region: demo.otherRegion }],
      [UREDIS, { BackupId: usable, Zone: demo.slaveZone }],
      [UREDIS, { BackupId: usable, ProjectId: demo.otherProjectId }],
      [UMEM, { ...SPACE, BackupId: "unknown" }],
      [UMEM, { ...SPACE, BackupId: half?.BackupId }],
      [UMEM, { ...SPACE, BackupId: whole, Zone: demo.slaveZone }],
      [UMEM, { ...SPACE, BackupId: whole, SpaceId: demo.healthySpaceId }],
    ] as const) {
      const { RetCode, Message = "" } = await call(simulator(), action, query);
      assert.equal(RetCode, 230, JSON.stringify(query));
      assert.match(Message, /^Backup \[.+\] is /);
    }
  });

  it("need the parameters of the API's pages, and no others", async () => {
    for (const [action, query, retCode] of [
      [UREDIS, {}, 220],
      [UREDIS, { BackupId: "b", SpaceId: "s" }, 230],
      [UREDIS, { BackupId: "b", IsCrossRegion: "maybe" }, 230],
      [UREDIS, { BackupId: "b", Zone: "us-ca-01" }, 230],
      [UMEM, { BackupId: "b", SpaceId: "s" }, 220],
      [UMEM, { BackupId: "b", Zone: demo.zone }, 220],
      [UMEM, SPACE, 220],
      [UMEM, { ...SPACE, BackupId: "b", GroupId: "g" }, 230],
    ] as const) {
      const { RetCode, Message = "" } = await call(simulator(), action, query);
      assert.equal(RetCode, retCode, JSON.stringify(query));
      assert.match(Message, /params/i);
    }
  });
});
