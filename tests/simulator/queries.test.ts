import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { listAll, sortRows } from "./client";

describe("simulator queries", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  const base = { Action: "DescribeURedisBackup", Region: demo.region };

  /** Query, and which records of the fleet it must bring. */
  const cases: [string, Record<string, string>, (record: Simulator["fleet"]["uredis"][number]) => boolean][] =
    [
      [
        "GroupId brings that group's own backups",
        { GroupId: demo.uredisGroupId },
        ({ regionType, row }) => regionType === "normal" && row.GroupId === demo.uredisGroupId,
      ],
      [
        "RegionType normal brings every group of the region and the default project",
        { RegionType: "normal" },
        ({ regionType, region, projectId }) =>
          regionType === "normal" && region === demo.region && projectId === demo.projectId,
      ],
      [
        "RegionType source brings what the region copied elsewhere",
        { RegionType: "source" },
        ({ regionType, row }) => regionType === "source" && row.SrcRegionName === demo.region,
      ],
      [
        "RegionType target brings what was copied to the region",
        { RegionType: "target", Region: demo.otherRegion },
        ({ regionType, row }) => regionType === "target" && row.DstRegionName === demo.otherRegion,
      ],
      [
        "SlaveZone brings only groups with a replica there",
        { RegionType: "normal", SlaveZone: demo.slaveZone },
        ({ regionType, slaveZone }) => regionType === "normal" && slaveZone === demo.slaveZone,
      ],
      [
        "ProjectId brings another project's backups",
        { RegionType: "normal", ProjectId: demo.otherProjectId },
        ({ projectId }) => projectId === demo.otherProjectId,
      ],
      [
        "Region brings another region's backups",
        { GroupId: demo.otherRegionGroupId, Region: demo.otherRegion },
        ({ row }) => row.GroupId === demo.otherRegionGroupId,
      ],
    ];
  for (const [title, query, belongs] of cases) {
    it(title, async () => {
      const expected = simulator.fleet.uredis.filter(belongs).map(({ row }) => row);
      assert.ok(expected.length > 0);
      assert.deepEqual(sortRows((await listAll(simulator, { ...base, ...query })).rows), sortRows(expected));
    });
  }

  it("BackupId brings that one backup", async () => {
    const wanted = simulator.fleet.uredis[3]?.row;
    assert.ok(wanted);
    const query = { ...base, GroupId: wanted.GroupId, BackupId: wanted.BackupId };
    assert.deepEqual((await listAll(simulator, query)).rows, [wanted]);
  });

  it("a space brings all its shards", async () => {
    const query = {
      Action: "DescribeUMemBackup",
      Region: demo.region,
      Zone: demo.slaveZone,
      SpaceId: demo.healthySpaceId,
    };
    const expected = simulator.fleet.umem
      .map(({ row }) => row)
      .filter(({ SpaceId }) => SpaceId === demo.healthySpaceId);
    assert.equal(expected.length, 14 * 8);
    assert.deepEqual(sortRows((await listAll(simulator, query)).rows), sortRows(expected));
  });

  const empty: [string, Record<string, string>][] = [
    ["a group without backups", { GroupId: demo.emptyGroupId }],
    ["a group of another region", { GroupId: demo.otherRegionGroupId }],
    ["a group of another project", { GroupId: demo.otherProjectGroupId }],
    ["a region without backups", { GroupId: demo.uredisGroupId, Region: "us-ca" }],
    ["another group's BackupId", { GroupId: demo.healthyGroupId, BackupId: "nothing-like-it" }],
    ["a slave zone without replicas", { GroupId: demo.healthyGroupId, SlaveZone: demo.slaveZone }],
    [
      "a space asked for in the wrong zone",
      { Action: "DescribeUMemBackup", Zone: demo.slaveZone, SpaceId: demo.umemSpaceId },
    ],
  ];
  for (const [title, query] of empty) {
    it(`${title} brings an empty list`, async () => {
      assert.deepEqual((await listAll(simulator, { ...base, ...query })).rows, []);
    });
  }
});
