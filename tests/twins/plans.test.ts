/** Updates that are held to the plan of a preview. */
import assert from "node:assert/strict";
import path from "node:path";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import { BOTH, type Twin } from "../support/installedPackage";
import { createTwinStack, type Exports, TIMEOUT_MS, type TwinStack } from "./twinStack";
import { requireEngine } from "../support/requireEngine";

const program = (twin: Twin): Exports => {
  const uredis = new twin.URedisBackupPin("uredis", { groupId: demo.uredisGroupId, maxAge: "2d" });
  const umem = new twin.UMemBackupPin("umem", { zone: demo.zone, spaceId: demo.umemSpaceId });
  return { ids: [uredis.backupId, umem.backupId] };
};

for (const entryPoint of BOTH) {
  describe(`an update with a plan (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    before(requireEngine);
    let simulator: Simulator;
    let stack: TwinStack;
    let plan: string;

    beforeEach(async () => {
      simulator = await startSimulator();
      stack = await createTwinStack(entryPoint, simulator);
      plan = path.join(stack.folder, "plan.json");
      const { failed, text } = await stack.run({ command: "preview", program, plan });
      assert.equal(failed, false, text);
    });
    afterEach(async () => {
      stack.remove();
      await simulator.close();
    });

    it("pins the backup of the preview, and knows of it what a preview does not keep", async () => {
      const { failed, text } = await stack.run({ command: "up", plan });
      assert.equal(failed, false, text);
      const { uredis, umem } = stack.readResources();
      for (const each of [uredis, umem]) {
        const { ageSeconds, stale, skipped } = each?.outputs ?? {};
        assert.ok((ageSeconds as number) > 24 * 3600);
        assert.deepEqual([stale, (skipped as object[]).length > 1], [false, true]);
      }
      const next = await stack.run({ command: "up" });
      assert.deepEqual([next.operations, next.requests], [{}, 0]);
    });

    it("fails where another backup is the newest by then, and names it", async () => {
      addNewerBackups(simulator);
      const { failed, text } = await stack.run({ command: "up", plan });
      assert.equal(failed, true, text);
      assert.match(text, new RegExp(`(Chose|Pinned) backup \`${NEWER_ID}\` of (URedis|UMem) `));
      // The twin chooses before Pulumi looks at the plan.
      if (entryPoint === "dynamic") {
        assert.match(text, new RegExp(`violates plan: properties changed: \\+\\+backupId.*${NEWER_ID}`));
        const { uredis, umem } = stack.readResources();
        assert.deepEqual([uredis, umem], [undefined, undefined]);
      }
    });
  });
}
