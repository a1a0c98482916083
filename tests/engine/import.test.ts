/** Backups that `pulumi import` imports as pins, and the program that is written for them afterwards. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { demo } from "../../simulator";
import { runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { writeYamlProject } from "../support/yamlProject";

/** As documented. */
const pin = {
  type: "ucloud-redis:URedisBackupPin",
  properties: { groupId: demo.uredisGroupId, maxAge: "1h", regionType: "normal", triggers: { restore: "1" } },
};

describe("an imported pin", function () {
  this.timeout(120_000);
  before(requireEngine);
  const start = useSimulatedStacks();
  let running: SimulatedStack;
  let id: string;

  beforeEach(async () => {
    const project = writeYamlProject({});
    running = await start({ projectFolder: project.folder });
    project.remove();
    // The oldest one, which a lookup would not choose.
    const oldest = running.simulator.fleet.uredis.findLast(
      ({ row, regionType }) => row.GroupId === demo.uredisGroupId && regionType === "normal",
    );
    id = `${demo.region}/${demo.uredisGroupId}/${oldest?.row.BackupId ?? ""}`;
    const what = ["ucloud-redis:index:URedisBackupPin", "orders", id];
    const flags = ["--yes", "--protect=false", "--generate-code=false"];
    const { code, stdout, stderr } = await runPulumi(running, ["import", ...what, ...flags]);
    assert.equal(code, 0, stdout + stderr);
  });

  function writeProgram(resource: object): void {
    const file = path.join(running.folder, "Pulumi.yaml");
    const program = { resources: { orders: resource }, outputs: { id: "${orders.id}" } };
    fs.appendFileSync(file, stringify(program));
  }

  it("is updated by the documented program, and unchanged after that", async () => {
    writeProgram(pin);
    const first = await running.stack.up();
    assert.deepEqual(
      [first.summary.resourceChanges?.update, first.summary.resourceChanges?.replace],
      [1, undefined],
    );
    assert.equal(first.outputs["id"]?.value, id);
    const requests = running.simulator.requests.length;
    const second = await running.stack.up();
    assert.equal(second.summary.resourceChanges?.update, undefined);
    assert.equal(second.outputs["id"]?.value, id);
    assert.equal(running.simulator.requests.length, requests);
  });

  it("is replaced if the program's filters exclude its backup", async () => {
    writeProgram({
      ...pin,
      properties: { groupId: demo.uredisGroupId, createdAfter: "2020-01-01T00:00:00Z", states: ["Expired"] },
    });
    await assert.rejects(running.stack.up(), /\[NoUsableBackup\]/);
  });
});
