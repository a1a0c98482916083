/** Pins that name no region, where the settings' region changes. */
import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH } from "../support/installedPackage";
import { createTwinStack, TIMEOUT_MS, type TwinStack } from "./twinStack";
import { requireEngine } from "../support/requireEngine";

for (const entryPoint of BOTH) {
  describe(`a changed default region (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    before(requireEngine);
    let simulator: Simulator;
    let stack: TwinStack;

    before(async () => {
      simulator = await startSimulator();
      stack = await createTwinStack(entryPoint, simulator);
    });
    after(async () => {
      stack.remove();
      await simulator.close();
    });

    it("moves no pin, and Pulumi's output says so and how to move it", async () => {
      const first = await stack.run({
        command: "up",
        program: (twin) => ({ id: new twin.URedisBackupPin("pin", { groupId: demo.uredisGroupId }).id }),
      });
      assert.equal(first.failed, false, first.text);
      assert.doesNotMatch(first.text, /This pin keeps/);
      await stack.stack.setConfig("ucloud-redis:region", { value: "hk" });
      const { failed, operations, requests, text } = await stack.run({ command: "up" });
      assert.deepEqual([failed, operations, requests], [false, {}, 0], text);
      assert.match(
        text,
        /keeps its backup of region `cn-bj2`, although the settings now name `hk`\. .* change its `triggers`/,
      );
    });
  });
}
