import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator, type URedisRecord } from "../../simulator";
import { listAll, type Query, sortRows, UMEM_QUERY, UREDIS_QUERY } from "./client";

// Groups and spaces in their regions, zones and projects are listed with the official client: see
// tests/contract.
describe("the simulator's queries", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  const base = { ...UREDIS_QUERY, GroupId: undefined };

  const cases: [title: string, query: Query, belongs: (record: URedisRecord) => boolean][] = [
    [
      "RegionType normal returns every group of the region and the default project",
      { RegionType: "normal" },
      ({ regionType, region, projectId }) =>
        regionType === "normal" && region === demo.region && projectId === demo.projectId,
    ],
    [
      "RegionType source returns the region's copies in other regions",
      { RegionType: "source" },
      ({ regionType, row }) => regionType === "source" && row.SrcRegionName === demo.region,
    ],
    [
      "RegionType target returns the copies stored in the region",
      { RegionType: "target", Region: demo.otherRegion },
      ({ regionType, row }) => regionType === "target" && row.DstRegionName === demo.otherRegion,
    ],
    [
      "SlaveZone returns only groups with a replica there",
      { RegionType: "normal", SlaveZone: demo.slaveZone },
      ({ regionType, slaveZone }) => regionType === "normal" && slaveZone === demo.slaveZone,
    ],
    [
      "ProjectId returns another project's backups",
      { RegionType: "normal", ProjectId: demo.otherProjectId },
      ({ projectId }) => projectId === demo.otherProjectId,
    ],
  ];
  for (const [title, query, belongs] of cases) {
    it(title, async () => {
      const expected = simulator.fleet.uredis.filter(belongs).map(({ row }) => row);
      assert.ok(expected.length > 0);
      assert.deepEqual(sortRows(await listAll(simulator, { ...base, ...query })), sortRows(expected));
    });
  }

  it("BackupId returns that one backup", async () => {
    const wanted = simulator.fleet.uredis[3]?.row;
    assert.ok(wanted);
    const query = { ...base, GroupId: wanted.GroupId, BackupId: wanted.BackupId };
    assert.deepEqual(await listAll(simulator, query), [wanted]);
  });

  const empty: [title: string, query: Query][] = [
    ["a group without backups", { GroupId: demo.emptyGroupId }],
    ["a group of another region", { GroupId: demo.otherRegionGroupId }],
    ["a group of another project", { GroupId: demo.otherProjectGroupId }],
    ["a region without backups", { GroupId: demo.uredisGroupId, Region: "us-ca" }],
    ["another group's BackupId", { GroupId: demo.healthyGroupId, BackupId: "nothing-like-it" }],
    ["a slave zone without replicas", { GroupId: demo.healthyGroupId, SlaveZone: demo.slaveZone }],
    ["a space in the wrong zone", { ...UMEM_QUERY, Zone: demo.slaveZone }],
  ];
  for (const [title, query] of empty) {
    it(`${title} gives an empty list`, async () => {
      assert.deepEqual(await listAll(simulator, { ...base, ...query }), []);
    });
  }
});
