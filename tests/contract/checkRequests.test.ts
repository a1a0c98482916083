import assert from "node:assert/strict";
import { expectations } from "../../provider/contract/expectations";
import { createUMemLister, createURedisLister } from "../../provider/ucloud/actions";
import { createBackupLinks } from "../../provider/ucloud/backupLinks";
import { createDatabaseReader } from "../../provider/ucloud/databaseReader";
import { allDifferences, demo, type RecordedRequest, type Simulator } from "../../simulator/index";
import { connect } from "../support/loopback";
import { withSimulator } from "../support/withSimulator";
import { runCheck } from "./checkRuns";

/** What a request asks for, without what signs it. */
function describeRequest({ parameters }: RecordedRequest): string {
  const asked = Object.entries(parameters).filter(([name]) => name !== "Signature");
  return JSON.stringify(asked.sort());
}

/** Asks for the same with the package's own readers. */
async function askAsThePackageDoes(simulator: Simulator): Promise<void> {
  const client = connect(simulator);
  const reader = createDatabaseReader(client);
  const scope = { region: demo.region, projectId: undefined };
  const [group, space] = [demo.uredisGroupId, demo.healthySpaceId];
  await reader.list(scope);
  const row = await reader.find(scope, group);
  const spaceRow = await reader.find(scope, space);
  assert.ok(row?.zone !== undefined && row.size !== undefined && spaceRow?.size !== undefined);
  const place = { ...scope, zone: row.zone };
  const spacePlace = { ...scope, zone: demo.slaveZone };
  const listGroup = createURedisLister(client, (each) => each);
  const { rows } = await listGroup({ ...scope, groupId: group });
  for (const regionType of ["normal", "source", "target"])
    await listGroup({ ...scope, groupId: group, regionType });
  const listSpace = createUMemLister(client, (each) => each);
  const { rows: shards } = await listSpace({ ...spacePlace, spaceId: space });
  await reader.listVersions(place);
  await reader.listConfigs({ ...place, version: row.version });
  await reader.listBlocks({ ...spacePlace, kind: "umem", id: space });
  const terms = { chargeType: row.chargeType, quantity: 1 };
  await reader.countRoom({ ...place, kind: "uredis", size: row.size, slaveZone: row.slaveZone });
  await reader.countRoom({ ...spacePlace, kind: "umem", size: spaceRow.size });
  await reader.listPrices({ ...place, ...terms, kind: "uredis", size: row.size });
  await reader.listPrices({ ...spacePlace, ...terms, kind: "umem", size: spaceRow.size, blockCount: 8 });
  const links = createBackupLinks(client);
  for (const { BackupId: id } of rows.filter(({ State }) => State === "Success")) {
    const { slaveZone } = row;
    const where = { ...place, groupId: group, slaveZone, isCrossRegion: false };
    await links.findURedisLink({ ...where, backupId: String(id) });
  }
  for (const id of new Set(shards.map(({ BackupId }) => String(BackupId)))) {
    await links.listUMemLinks({ ...spacePlace, spaceId: space, backupId: id });
  }
}

describe("the requests of the check", () => {
  it("are those that the package itself sends, one for each of its read actions", () =>
    withSimulator({}, async (simulator) => {
      await runCheck(simulator, { groupId: demo.uredisGroupId, spaceId: demo.healthySpaceId });
      const checked = simulator.requests.length;
      await askAsThePackageDoes(simulator);
      const own = new Set(simulator.requests.slice(checked).map(describeRequest));
      const shared = simulator.requests.slice(0, checked).filter((each) => own.has(describeRequest(each)));
      const actions = new Set(shared.map(({ action }) => action));
      assert.deepEqual([...actions].sort(), Object.keys(expectations).sort());
      const regionTypes = new Set(shared.map(({ parameters }) => parameters.RegionType));
      assert.deepEqual([...regionTypes].sort(), ["normal", "source", "target", undefined]);
    }));

  for (const differs of [[], allDifferences]) {
    it(`are reads ${differs.length === 0 ? "" : "where the API differs "}and nothing else`, () =>
      withSimulator({ differs }, async (simulator) => {
        await runCheck(simulator);
        const actions = new Set(simulator.requests.map(({ action }) => action ?? ""));
        assert.deepEqual(
          [...actions].filter((action) => !Object.hasOwn(expectations, action)),
          [],
        );
        assert.ok(Object.keys(expectations).every((action) => /^(?:Describe|Check)/.test(action)));
      }));
  }
});
