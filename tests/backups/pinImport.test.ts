import assert from "node:assert/strict";
import { pinOperations } from "../../provider/backups/pins";
import { createShards, createURedisRow, FakeCloud } from "./fakeCloud";

const uredis = pinOperations["ucloud-redis:index:URedisBackupPin"];
const umem = pinOperations["ucloud-redis:index:UMemBackupPin"];

describe("importing a backup by its id", () => {
  for (const [found, asked] of [
    [undefined, [undefined]],
    ["target", [undefined, "target"]],
    ["source", [undefined, "target", "source"]],
  ] as const) {
    const types = asked.map((each) => each ?? "normal");
    it(`asks for the region types ${types.join(", then ")}, until it is found`, async () => {
      const cloud = new FakeCloud(({ regionType }) =>
        regionType === found ? [createURedisRow("b", 1)] : [],
      );
      const { args, state } = await uredis.import("hk/g/b", cloud);
      assert.deepEqual(
        cloud.asked.map(({ regionType }) => regionType),
        asked,
      );
      assert.deepEqual(args, { groupId: "g", region: "hk", ...(found && { regionType: found }) });
      assert.deepEqual([state["backupId"], state["stale"], state["skipped"]], ["b", false, []]);
      assert.equal(uredis.formatId(state), "hk/g/b");
    });
  }

  it("reads everything after the last known slash as the backup's id", async () => {
    const ofGroup = await uredis.import("hk/g/a/b//c", new FakeCloud([createURedisRow("a/b//c", 1)]));
    const ofSpace = await umem.import("hk/z/s/a/b", new FakeCloud(createShards("a/b", ["Done"])));
    assert.deepEqual([ofGroup.state["backupId"], ofSpace.state["backupId"]], ["a/b//c", "a/b"]);
    assert.deepEqual(
      [uredis.formatId(ofGroup.state), umem.formatId(ofSpace.state)],
      ["hk/g/a/b//c", "hk/z/s/a/b"],
    );
    assert.deepEqual(ofSpace.args, { zone: "z", spaceId: "s", region: "hk" });
  });

  it("asks for each region type by name if the id has no group", async () => {
    const cloud = new FakeCloud();
    await assert.rejects(uredis.import("hk//b", cloud), { code: "NotFound" });
    assert.deepEqual(
      cloud.asked,
      ["normal", "target", "source"].map((regionType) => ({ region: "hk", regionType, backupId: "b" })),
    );
  });

  it("refuses the backup of another group than the id names", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    await assert.rejects(uredis.import("hk/mine/b", cloud), { code: "AmbiguousSource", message: /`g`/ });
  });

  it("asks the settings' project, and stores it for the next refresh", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1)]);
    cloud.projectId = "org";
    const { args, state } = await uredis.import("hk/g/b", cloud);
    assert.deepEqual(
      [cloud.asked[0]?.projectId, state["projectId"], args["projectId"]],
      ["org", "org", undefined],
    );
  });

  it("imports an unusable one too, with a warning", async () => {
    const cloud = new FakeCloud([createURedisRow("b", 1, "Error")]);
    const { state } = await uredis.import("hk/g/b", cloud);
    assert.equal(state["usable"], false);
    assert.match(cloud.warnings.join(), /hk\/g\/b cannot be restored: failed/);
  });

  it("fails with NotFound if it is nowhere", async () => {
    const cloud = new FakeCloud([createURedisRow("other", 1)]);
    await assert.rejects(uredis.import("hk/g/b", cloud), { code: "NotFound", message: /`hk\/g\/b`/ });
    assert.equal(cloud.asked.length, 3);
    await assert.rejects(umem.import("hk/z/s/b", new FakeCloud()), { code: "NotFound" });
  });

  for (const { name, pin, format, ids } of [
    {
      name: "URedis",
      pin: uredis,
      format: /REGION\/GROUPID\/BACKUPID/,
      ids: ["", "b", "hk/g", "hk/g/", "/g/b", "//b"],
    },
    {
      name: "UMem",
      pin: umem,
      format: /REGION\/ZONE\/SPACEID\/BACKUPID/,
      ids: ["", "b", "hk/z/b", "hk/z/s/", "hk//s/b"],
    },
  ]) {
    for (const id of ids) {
      it(`refuses the id "${id}" of ${name} without asking, and names the format`, async () => {
        const cloud = new FakeCloud();
        await assert.rejects(pin.import(id, cloud), { code: "InvalidArgument", message: format });
        assert.deepEqual(cloud.asked, []);
      });
    }
  }
});
