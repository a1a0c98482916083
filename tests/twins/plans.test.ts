/** Updates that follow the plan of a preview. */
import assert from "node:assert/strict";
import path from "node:path";
import { demo } from "../../simulator";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import type { Twin } from "../support/installedPackage";
import { describeOnStacks, type Exports } from "./twinStack";

const program = (twin: Twin): Exports => {
  const uredis = new twin.URedisBackupPin("uredis", { groupId: demo.uredisGroupId, maxAge: "2d" });
  const umem = new twin.UMemBackupPin("umem", { zone: demo.zone, spaceId: demo.umemSpaceId });
  return { ids: [uredis.backupId, umem.backupId] };
};

describeOnStacks(
  "an update with a plan",
  (test) => {
    let plan: string;

    beforeEach(async () => {
      plan = path.join(test.stack.folder, "plan.json");
      const { failed, text } = await test.stack.run({ command: "preview", program, plan });
      assert.equal(failed, false, text);
    });

    it("pins the backup of the preview, with the outputs that a plan does not keep", async () => {
      const { failed, text } = await test.stack.run({ command: "up", plan });
      assert.equal(failed, false, text);
      const { uredis, umem } = test.stack.readResources();
      for (const each of [uredis, umem]) {
        const { ageSeconds, stale, skipped } = each?.outputs ?? {};
        assert.ok((ageSeconds as number) > 24 * 3600);
        assert.deepEqual([stale, (skipped as object[]).length > 1], [false, true]);
      }
      const next = await test.stack.run({ command: "up" });
      assert.deepEqual([next.operations, next.requests], [{}, 0]);
    });

    it("fails if another backup is the newest by then, and names it", async () => {
      addNewerBackups(test.simulator);
      const { failed, text } = await test.stack.run({ command: "up", plan });
      assert.equal(failed, true, text);
      assert.match(text, new RegExp(`(Chose|Pinned) backup \`${NEWER_ID}\` of (URedis|UMem) `));
      // The twin chooses before Pulumi compares with the plan.
      if (test.entryPoint === "dynamic") {
        assert.match(text, new RegExp(`violates plan: properties changed: \\+\\+backupId.*${NEWER_ID}`));
        const { uredis, umem } = test.stack.readResources();
        assert.deepEqual([uredis, umem], [undefined, undefined]);
      }
    });
  },
  { isFresh: true },
);
