/** Pins of backups that were chosen elsewhere: imported, or read with `get`. */
import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { createTwinStack, type Exports, type Outcome, TIMEOUT_MS, type TwinStack } from "./twinStack";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

/** Ids that are none, or of nothing, and what is said of them. */
const wrongIds: readonly [id: string, pattern: RegExp][] = [
  ["1a2b3c", /\[InvalidArgument\] The id of a pin is REGION\/GROUPID\/BACKUPID, and `1a2b3c` is not/],
  [
    `${demo.region}/${demo.uredisGroupId}/gone`,
    /\[NotFound\] There is no backup `cn-bj2\/uredis-w4fz2kqp\/gone` in project org-demo01/,
  ],
];

for (const entryPoint of BOTH) {
  describe(`adoption (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    let simulator: Simulator;
    let stack: TwinStack;
    let uredisId = "";
    let umemId = "";
    let first: Outcome;

    const get = (twin: Twin): Exports => {
      const uredis = twin.URedisBackupPin.get("uredisGot", uredisId);
      const umem = twin.UMemBackupPin.get("umemGot", umemId);
      return { got: [uredis.backupId, umem.backupId], ids: [uredis.id, umem.id] };
    };

    before(requireEngine);
    before(async () => {
      simulator = await startSimulator({ publicKey: "a-public-key", privateKey: "a-private-key" });
      const { uredis, umem } = simulator.fleet;
      // Not the newest, so that it is not what a lookup would choose.
      const isOwn = ({ row, regionType }: (typeof uredis)[number]): boolean =>
        row.GroupId === demo.uredisGroupId && regionType === "normal";
      const uredisRow = uredis.findLast(isOwn)?.row;
      const umemRow = umem.findLast(({ row }) => row.SpaceId === demo.umemSpaceId)?.row;
      uredisId = `${demo.region}/${demo.uredisGroupId}/${uredisRow?.BackupId ?? ""}`;
      umemId = `${demo.region}/${demo.zone}/${demo.umemSpaceId}/${umemRow?.BackupId ?? ""}`;
      stack = await createTwinStack(entryPoint, simulator);
      first = await stack.run({ command: "up", program: get });
    });
    after(async () => {
      stack.remove();
      await simulator.close();
    });

    it("get reads the backup of an id", () => {
      assert.equal(first.failed, false, first.text);
      assert.deepEqual(first.operations, { uredisGot: ["read"], umemGot: ["read"] });
      assert.deepEqual(first.outputs["ids"]?.value, [uredisId, umemId]);
      assert.deepEqual(
        first.outputs["got"]?.value,
        [uredisId, umemId].map((id) => id.split("/").at(-1)),
      );
    });

    for (const [id, pattern] of wrongIds) {
      it(`get of ${id} fails the preview`, async () => {
        const { failed, text } = await stack.run({
          command: "preview",
          program: (twin) => ({ got: twin.URedisBackupPin.get("got", id).backupId }),
        });
        assert.equal(failed, true);
        assert.match(text, pattern);
      });
    }

    if (entryPoint === "plugin") {
      it("import takes a backup over, is unchanged after that, and can be destroyed", async () => {
        const create = (twin: Twin, isImport: boolean): Exports => {
          new twin.URedisBackupPin("uredis", group, isImport ? { import: uredisId } : {});
          new twin.UMemBackupPin("umem", space, isImport ? { import: umemId } : {});
          return {};
        };
        const imported = await stack.run({ command: "up", program: (twin) => create(twin, true) });
        assert.equal(imported.failed, false, imported.text);
        assert.deepEqual(
          [imported.operations["uredis"], imported.operations["umem"]],
          [["import"], ["import"]],
        );
        const { uredis, umem } = stack.readResources();
        assert.deepEqual([uredis?.id, umem?.id], [uredisId, umemId]);
        assert.deepEqual(
          [uredis?.outputs["groupId"], umem?.outputs["spaceId"]],
          [demo.uredisGroupId, demo.umemSpaceId],
        );
        const next = await stack.run({ command: "preview", program: (twin) => create(twin, false) });
        assert.deepEqual([next.operations, next.requests], [{}, 0]);
        const { failed, operations } = await stack.run({ command: "destroy" });
        assert.deepEqual([failed, operations["uredis"], operations["umem"]], [false, ["delete"], ["delete"]]);
      });

      it("the documented program keeps what the import option took over, and is unchanged after that", async () => {
        const args = { maxAge: "1h", triggers: { restore: "1" } };
        const create = (twin: Twin, isImport: boolean): Exports => {
          const selection = { ...group, regionType: "normal" as const, backupTypes: ["AUTO", "manual"] };
          new twin.URedisBackupPin("uredis", { ...selection, ...args }, isImport ? { import: uredisId } : {});
          new twin.UMemBackupPin("umem", { ...space, ...args }, isImport ? { import: umemId } : {});
          return {};
        };
        const kept = await stack.run({ command: "up", program: (twin) => create(twin, true) });
        assert.equal(kept.failed, false, kept.text);
        const operations = ["import", "update"];
        assert.deepEqual([kept.operations["uredis"], kept.operations["umem"]], [operations, operations]);
        const { uredis, umem } = stack.readResources();
        assert.deepEqual([uredis?.id, umem?.id], [uredisId, umemId]);
        for (const each of [uredis, umem])
          assert.deepEqual([each?.outputs["maxAge"], each?.outputs["triggers"]], ["1h", { restore: "1" }]);
        for (const isImport of [true, false]) {
          const next = await stack.run({ command: "up", program: (twin) => create(twin, isImport) });
          assert.deepEqual([next.failed, next.operations, next.requests], [false, {}, 0], next.text);
        }
        await stack.run({ command: "destroy" });
      });

      for (const [id, pattern] of wrongIds) {
        it(`import of ${id} fails the preview`, async () => {
          const { failed, text } = await stack.run({
            command: "preview",
            program: (twin) => ({ got: new twin.URedisBackupPin("got", group, { import: id }).backupId }),
          });
          assert.equal(failed, true);
          assert.match(text, pattern);
        });
      }
    } else {
      it("import is refused, which Pulumi does not offer for dynamic resources", async () => {
        const { failed, text } = await stack.run({
          command: "preview",
          program: (twin) => ({ got: new twin.URedisBackupPin("got", group, { import: uredisId }).backupId }),
        });
        assert.equal(failed, true);
        assert.match(text, /\[InvalidArgument\] import/);
      });
    }

    it("neither state nor `pulumi stack export` holds a key or a signature", () =>
      stack.assertNothingSecret());
  });
}
