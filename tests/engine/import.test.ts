/** Backups that `pulumi import` takes over, and the program that is written for them afterwards. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { demo } from "../../simulator";
import { runCommand } from "../../tools/childProcess";
import { writeYamlProject } from "../support/yamlProject";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { requireEngine } from "../support/requireEngine";

const TIMEOUT_MS = 120_000;

/** As the README has it. */
const pin = {
  type: "ucloud-redis:URedisBackupPin",
  properties: { groupId: demo.uredisGroupId, maxAge: "1h", regionType: "normal", triggers: { restore: "1" } },
};

describe("an imported pin", function () {
  this.timeout(TIMEOUT_MS);
  before(requireEngine);
  let running: SimulatedStack;
  let id: string;

  beforeEach(async () => {
    const project = writeYamlProject({});
    running = await startSimulatedStack({ projectFolder: project.folder });
    project.remove();
    // Not the newest, so that it is not what a lookup would choose.
    const { uredis } = running.simulator.fleet;
    const old = uredis.findLast(
      ({ row, regionType }) => row.GroupId === demo.uredisGroupId && regionType === "normal",
    );
    id = `${demo.region}/${demo.uredisGroupId}/${old?.row.BackupId ?? ""}`;
    await importPin();
  });
  afterEach(() => running.close());

  async function importPin(): Promise<void> {
    const { stack, folder } = running;
    const { pulumiCommand, envVars, pulumiHome = "" } = stack.workspace;
    const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome };
    const what = ["ucloud-redis:index:URedisBackupPin", "orders", id, "--stack", stack.name];
    const how = ["--yes", "--protect=false", "--generate-code=false", "--non-interactive"];
    const args = ["import", ...what, ...how];
    const { code, stdout, stderr } = await runCommand(pulumiCommand.command, args, { cwd: folder, env });
    assert.equal(code, 0, stdout + stderr);
  }

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

  it("is replaced where the program asks for what its backup is not", async () => {
    writeProgram({
      ...pin,
      properties: { groupId: demo.uredisGroupId, createdAfter: "2020-01-01T00:00:00Z", states: ["Expired"] },
    });
    await assert.rejects(running.stack.up(), /\[NoUsableBackup\]/);
  });
});
