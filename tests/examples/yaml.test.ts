import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { checkout, runPulumi } from "../support/projects";
import { startSimulatedStack } from "../support/simulatedStack";
import { requireEngine } from "../support/requireEngine";

describe("the YAML example, on Pulumi's YAML host", function () {
  this.timeout(240_000);
  before(requireEngine);

  it("previews both backups", async () => {
    const running = await startSimulatedStack({
      layOut: checkout("examples/yaml"),
      config: { groupId: demo.uredisGroupId, zone: demo.zone, spaceId: demo.umemSpaceId },
    });
    try {
      const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /uredisBackupId *: "[0-9a-f-]{36}"/);
      assert.match(stdout, /umemBackupIsWhole *: true/);
    } finally {
      await running.close();
    }
  });
});
