/** Waiting for a running backup: both entry points do the same, also where updates follow a plan. */
import assert from "node:assert/strict";
import path from "node:path";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { findNewest, finishBackup, isLook } from "../support/runningBackups";
import { createTwinStack, type Exports, TIMEOUT_MS, type TwinStack } from "./twinStack";

const { uredisGroupId: groupId } = demo;
const args = { groupId, maxAge: "24h", waitForRunning: "20m" };

const callFunction = async (twin: Twin): Promise<Exports> => ({
  id: (await twin.getLatestURedisBackup(args)).backupId,
});
const createPin =
  (more: object = {}) =>
  (twin: Twin): Exports => ({ id: new twin.URedisBackupPin("pin", { ...args, ...more }).backupId });

for (const entryPoint of BOTH) {
  describe(`waitForRunning (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    let simulator: Simulator;
    let stack: TwinStack;
    let newest: string;
    let looks: number;
    /** The look at which the running backup is done. */
    let finishesAt: number;

    before(requireEngine);
    beforeEach(async () => {
      [looks, finishesAt] = [0, Infinity];
      simulator = await startSimulator({
        onRequest: (request, running) => {
          if (isLook(request, groupId) && ++looks === finishesAt) finishBackup(running, newest);
        },
      });
      newest = findNewest(simulator, groupId);
      stack = await createTwinStack(entryPoint, simulator);
    });
    afterEach(async () => {
      stack.remove();
      await simulator.close();
    });

    it("is announced by a function in a preview, and waited for in the update", async () => {
      const preview = await stack.run({ command: "preview", program: callFunction });
      assert.equal(preview.failed, false, preview.text);
      assert.match(preview.text, new RegExp(`The update will wait for running backup \`${newest}\``));
      assert.match(preview.text, /This preview goes on with it/);
      finishesAt = looks + 3;
      // `up` previews first: one look. The update looks twice.
      const { failed, text, outputs } = await stack.run({ command: "up" });
      assert.equal(failed, false, text);
      assert.match(text, new RegExp(`Waits for running backup \`${newest}\``));
      assert.deepEqual([outputs["id"]?.value, looks], [newest, finishesAt]);
    });

    it("is announced for a pin in a preview, and waited for in the update, which leaves no trace of that", async () => {
      const preview = await stack.run({ command: "preview", program: createPin() });
      assert.equal(preview.failed, false, preview.text);
      assert.match(preview.text, new RegExp(`The update will wait for running backup \`${newest}\``));
      assert.notEqual(preview.resources["pin"]?.["backupId"], newest);
      finishesAt = looks + 3;
      const { failed, text, outputs } = await stack.run({ command: "up" });
      assert.equal(failed, false, text);
      assert.match(text, new RegExp(`Waits for running backup \`${newest}\``));
      assert.deepEqual([outputs["id"]?.value, looks], [newest, finishesAt]);
      const { pin } = stack.readResources();
      assert.ok(pin);
      for (const values of [pin.inputs, pin.outputs]) assert.ok(!Object.hasOwn(values, "__waits"));
      assert.deepEqual([pin.inputs["waitForRunning"], pin.outputs["stale"]], ["20m", false]);

      const again = await stack.run({ command: "up" });
      assert.deepEqual([again.failed, again.operations, again.requests], [false, {}, 0], again.text);
    });

    it("does not keep an update from following its plan", async () => {
      finishBackup(simulator, newest);
      const plan = path.join(stack.folder, "plan.json");
      const preview = await stack.run({ command: "preview", program: createPin(), plan });
      assert.equal(preview.failed, false, preview.text);
      const { failed, text, outputs } = await stack.run({ command: "up", plan });
      assert.equal(failed, false, text);
      assert.equal(outputs["id"]?.value, newest);
    });

    it("is waited for once by a pin that is replaced", async () => {
      const first = await stack.run({
        command: "up",
        program: createPin({ maxAge: "9d", waitForRunning: "1s" }),
      });
      assert.equal(first.failed, false, first.text);
      assert.notEqual(first.outputs["id"]?.value, newest);
      const more = { maxAge: "9d", waitForRunning: "1s", triggers: { a: "1" } };
      const second = await stack.run({ command: "up", program: createPin(more) });
      assert.equal(second.failed, false, second.text);
      assert.ok((second.operations["pin"] ?? []).includes("replace"), second.text);
      // Before that, Pulumi shows each message while it runs.
      const messages = second.text.slice(second.text.indexOf("Diagnostics:"));
      assert.equal([...messages.matchAll(/Waits for running backup/g)].length, 1, second.text);
      assert.equal([...messages.matchAll(/not waited for any longer/g)].length, 1, second.text);
    });
  });
}
