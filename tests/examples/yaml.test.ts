import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { checkout, runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";

describe("the YAML example, on Pulumi's YAML host", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  it("previews both backups", async () => {
    const running = await start({
      layOut: checkout("examples/yaml"),
      config: { groupId: demo.uredisGroupId, zone: demo.zone, spaceId: demo.umemSpaceId },
    });
    const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /uredisBackupId *: "[0-9a-f-]{36}"/);
    assert.match(stdout, /umemBackupIsWhole *: true/);
  });
});
