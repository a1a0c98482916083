/** Pins of existing backups: imported, or read with `get`. */
import assert from "node:assert/strict";
import { demo } from "../../simulator";
import type { Twin } from "../support/installedPackage";
import { describeOnStacks, type Exports, type Outcome } from "./twinStack";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

/** Ids of a wrong format or without a backup, and their errors. */
const wrongIds: readonly [id: string, pattern: RegExp][] = [
  ["1a2b3c", /\[InvalidArgument\] The id of a pin is REGION\/GROUPID\/BACKUPID, and `1a2b3c` is not/],
  [
    `${demo.region}/${demo.uredisGroupId}/gone`,
    /\[NotFound\] There is no backup `cn-bj2\/uredis-w4fz2kqp\/gone` in project org-demo01/,
  ],
];

describeOnStacks(
  "a backup of a known id",
  (test) => {
    let uredisId = "";
    let umemId = "";
    let first: Outcome;

    const get = (twin: Twin): Exports => {
      const uredis = twin.URedisBackupPin.get("uredisGot", uredisId);
      const umem = twin.UMemBackupPin.get("umemGot", umemId);
      return { got: [uredis.backupId, umem.backupId], ids: [uredis.id, umem.id] };
    };

    before(async () => {
      const { uredis, umem } = test.simulator.fleet;
      // Not the newest, so that a lookup would choose another one.
      const isOwn = ({ row, regionType }: (typeof uredis)[number]): boolean =>
        row.GroupId === demo.uredisGroupId && regionType === "normal";
      const uredisRow = uredis.findLast(isOwn)?.row;
      const umemRow = umem.findLast(({ row }) => row.SpaceId === demo.umemSpaceId)?.row;
      uredisId = `${demo.region}/${demo.uredisGroupId}/${uredisRow?.BackupId ?? ""}`;
      umemId = `${demo.region}/${demo.zone}/${demo.umemSpaceId}/${umemRow?.BackupId ?? ""}`;
      first = await test.stack.run({ command: "up", program: get });
    });

    it("is read by get", () => {
      assert.equal(first.failed, false, first.text);
      assert.deepEqual(first.operations, { uredisGot: ["read"], umemGot: ["read"] });
      assert.deepEqual(first.outputs["ids"]?.value, [uredisId, umemId]);
      assert.deepEqual(
        first.outputs["got"]?.value,
        [uredisId, umemId].map((id) => id.split("/").at(-1)),
      );
    });

    for (const [id, pattern] of wrongIds) {
      it(`is required by get, so that ${id} fails the preview`, async () => {
        const { failed, text } = await test.stack.run({
          command: "preview",
          program: (twin) => ({ got: twin.URedisBackupPin.get("got", id).backupId }),
        });
        assert.equal(failed, true);
        assert.match(text, pattern);
      });
    }

    if (test.entryPoint === "plugin") {
      it("can be imported, is unchanged afterwards, and can be destroyed", async () => {
        const create = (twin: Twin, isImport: boolean): Exports => {
          new twin.URedisBackupPin("uredis", group, isImport ? { import: uredisId } : {});
          new twin.UMemBackupPin("umem", space, isImport ? { import: umemId } : {});
          return {};
        };
        const imported = await test.stack.run({ command: "up", program: (twin) => create(twin, true) });
        assert.equal(imported.failed, false, imported.text);
        assert.deepEqual(
          [imported.operations["uredis"], imported.operations["umem"]],
          [["import"], ["import"]],
        );
        const { uredis, umem } = test.stack.readResources();
        assert.deepEqual([uredis?.id, umem?.id], [uredisId, umemId]);
        assert.deepEqual(
          [uredis?.outputs["groupId"], umem?.outputs["spaceId"]],
          [demo.uredisGroupId, demo.umemSpaceId],
        );
        const next = await test.stack.run({ command: "preview", program: (twin) => create(twin, false) });
        assert.deepEqual([next.operations, next.requests], [{}, 0]);
        const { failed, operations } = await test.stack.run({ command: "destroy" });
        assert.deepEqual([failed, operations["uredis"], operations["umem"]], [false, ["delete"], ["delete"]]);
      });

      it("is imported and kept by the documented program, and is unchanged afterwards", async () => {
        const args = { maxAge: "1h", triggers: { restore: "1" } };
        const create = (twin: Twin, isImport: boolean): Exports => {
          const selection = { ...group, regionType: "normal" as const, backupTypes: ["AUTO", "manual"] };
          new twin.URedisBackupPin("uredis", { ...selection, ...args }, isImport ? { import: uredisId } : {});
          new twin.UMemBackupPin("umem", { ...space, ...args }, isImport ? { import: umemId } : {});
          return {};
        };
        const kept = await test.stack.run({ command: "up", program: (twin) => create(twin, true) });
        assert.equal(kept.failed, false, kept.text);
        const operations = ["import", "update"];
        assert.deepEqual([kept.operations["uredis"], kept.operations["umem"]], [operations, operations]);
        const { uredis, umem } = test.stack.readResources();
        assert.deepEqual([uredis?.id, umem?.id], [uredisId, umemId]);
        for (const each of [uredis, umem])
          assert.deepEqual([each?.outputs["maxAge"], each?.outputs["triggers"]], ["1h", { restore: "1" }]);
        for (const isImport of [true, false]) {
          const next = await test.stack.run({ command: "up", program: (twin) => create(twin, isImport) });
          assert.deepEqual([next.failed, next.operations, next.requests], [false, {}, 0], next.text);
        }
        await test.stack.run({ command: "destroy" });
      });

      for (const [id, pattern] of wrongIds) {
        it(`is required by import, so that ${id} fails the preview`, async () => {
          const { failed, text } = await test.stack.run({
            command: "preview",
            program: (twin) => ({ got: new twin.URedisBackupPin("got", group, { import: id }).backupId }),
          });
          assert.equal(failed, true);
          assert.match(text, pattern);
        });
      }
    } else {
      it("cannot be imported, as Pulumi cannot import dynamic resources", async () => {
        const { failed, text } = await test.stack.run({
          command: "preview",
          program: (twin) => ({ got: new twin.URedisBackupPin("got", group, { import: uredisId }).backupId }),
        });
        assert.equal(failed, true);
        assert.match(text, /\[InvalidArgument\] import/);
      });
    }

    it("leaves no key or signature in state or in `pulumi stack export`", () =>
      test.stack.assertNothingSecret());
  },
  { keys: { publicKey: "a-public-key", privateKey: "a-private-key" } },
);
