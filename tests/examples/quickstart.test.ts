import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import { checkout, runPulumi } from "../support/projects";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { requireEngine } from "../support/requireEngine";

describe("the quick-start example, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  before(requireEngine);
  let running: SimulatedStack | undefined;

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  for (const [where, project] of [
    ["the repository's root", "."],
    ["its own folder", "examples/quickstart"],
  ] as const) {
    it(`runs from ${where}: says what to set, then pins the newest backup, and keeps it when newer ones appear`, async () => {
      running = await startSimulatedStack({ layOut: checkout(project) });
      const { stack, simulator } = running;
      const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /error: Say what to look up: `pulumi config set groupId/);

      await stack.setConfig("groupId", { value: demo.uredisGroupId });
      const { outputs: first } = await stack.up();
      assert.deepEqual(Object.keys(first), ["uredis"]);
      addNewerBackups(simulator);
      const { outputs: second, summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 2 });
      const [before, after] = [first["uredis"]?.value, second["uredis"]?.value] as Record<string, unknown>[];
      assert.match(String(before?.["pinned"]), /^[0-9a-f-]{36}$/);
      assert.equal(after?.["pinned"], before?.["pinned"]);
      assert.equal(after?.["newest"], NEWER_ID);
    });
  }
});
