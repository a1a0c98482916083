import assert from "node:assert/strict";
import { demo, type Simulator } from "../../simulator";
import { leaveOut } from "../support/leftOut";
import { withSimulator } from "../support/withSimulator";
import { preparePython, runScript } from "./pythonEnvironment";

/** A call of the client; "{N.Field}" stands for that field of the answer to step N. */
interface Step {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly Count?: number;
  readonly DataSet?: readonly Record<string, unknown>[];
  readonly error?: { readonly type: string; readonly code: number };
}

const PASSWORD = "From-Python_1";
const Region = demo.region;

/** Returns a usable backup of the group or space, and the version and size that it needs. */
function chooseBackup({ fleet, databases }: Simulator, id: string): { BackupId: string; Size: number } {
  const Size = databases.find((each) => each.id === id)?.size ?? assert.fail();
  const group = fleet.uredis.find(({ row }) => row.GroupId === id && row.State === "Success")?.row;
  const space = fleet.umem.find(({ row }) => row.SpaceId === id)?.row;
  return { BackupId: (group ?? space ?? assert.fail()).BackupId, Size };
}

function step(method: string, values: Step["arguments"]): Step {
  return { method, arguments: { Region, ...values } };
}

describe("the official Python client on databases", function () {
  // The first run on a machine installs the client.
  this.timeout(6 * 60_000);

  let python = "";

  before(async function () {
    const environment = await preparePython();
    if ("missing" in environment) {
      leaveOut(this, { need: "the official Python client", why: environment.missing });
    }
    python = environment.python;
  });

  async function run(simulator: Simulator, steps: readonly Step[]): Promise<Answer[]> {
    const { url, publicKey, privateKey } = simulator;
    const config = {
      base_url: url,
      public_key: publicKey,
      private_key: privateKey,
      project_id: demo.projectId,
      max_retries: 0,
    };
    return (await runScript("runLifecycle.py", { python, input: { config, steps } })) as Answer[];
  }

  /** Returns a field of the only row of each listing among the answers; undefined for an empty one. */
  function pick(answers: readonly Answer[], field: string): unknown[] {
    return answers.filter(({ DataSet }) => DataSet).map(({ DataSet }) => DataSet?.[0]?.[field]);
  }

  function assertWhole(answers: readonly Answer[], count: number): void {
    assert.deepEqual(
      answers.filter(({ error }) => error),
      [],
    );
    assert.equal(answers.length, count);
  }

  it("creates a group from a backup, renames, resizes, backs up and deletes it", () =>
    withSimulator({}, async (simulator) => {
      const Zone = demo.zone;
      const backup = chooseBackup(simulator, demo.healthyGroupId);
      const group = { GroupId: "{4.GroupId}", Zone };
      const look = step("describe_umem", { Protocol: "redis", ResourceId: "{4.GroupId}", Limit: 1000 });
      const answers = await run(simulator, [
        step("describe_uredis_version", { Zone }),
        step("describe_uredis_config", { Zone, RegionFlag: false, Version: "5.0" }),
        step("check_uredis_allowance", { Zone, Size: backup.Size, Count: 1 }),
        step("describe_uredis_price", { Zone, Size: backup.Size, ChargeType: "Month" }),
        step("create_uredis_group", {
          ...backup,
          Zone,
          Name: "from-python",
          HighAvailability: "enable",
          Version: "5.0",
          ConfigId: "3cdeeb90-dcbf-46e8-95cd-a05d8860a22c",
          Password: PASSWORD,
          AutoBackup: "enable",
          BackupTime: 0,
          HighPerformance: false,
        }),
        look,
        look,
        step("modify_uredis_group_name", { ...group, Name: "renamed-by-python" }),
        step("resize_uredis_group", { ...group, Size: 8 }),
        look,
        look,
        step("update_uredis_backup_strategy", { ...group, AutoBackup: "enable", BackupTime: "21" }),
        step("create_uredis_backup", { ...group, BackupName: "by-python" }),
        step("describe_uredis_backup", { GroupId: "{4.GroupId}", BackupId: "{12.BackupId}" }),
        step("describe_uredis_backup", { GroupId: "{4.GroupId}", BackupId: "{12.BackupId}" }),
        step("describe_uredis_group", { GroupId: "{4.GroupId}" }),
        step("delete_uredis_group", { GroupId: "{4.GroupId}" }),
        look,
        look,
      ]);
      assertWhole(answers, 19);
      const rows = [answers[5], answers[6], answers[9], answers[10], answers[17], answers[18]];
      const shown = rows.map((answer) => answer ?? {});
      assert.deepEqual(pick(shown, "State"), [
        "Creating",
        "Running",
        "Running",
        "Running",
        "Deleting",
        undefined,
      ]);
      assert.deepEqual(pick(shown, "Size"), [2, 2, 2, 8, 8, undefined]);
      assert.equal(shown[3]?.DataSet?.[0]?.Name, "renamed-by-python");
      assert.equal(shown[3].DataSet[0].HasPassword, true);
      assert.deepEqual(pick(answers.slice(13, 15), "State"), ["Backuping", "Success"]);
      assert.deepEqual(pick(answers.slice(15, 16), "BackupTime"), [21]);
      const [made, ...others] = simulator.created;
      assert.deepEqual(
        [others.length, made?.password, made?.sourceBackupId, made?.isGone],
        [0, PASSWORD, backup.BackupId, true],
      );
    }));

  it("creates a space from a backup, renames, resizes, backs up and deletes it", () =>
    withSimulator({}, async (simulator) => {
      const Zone = demo.slaveZone;
      const SpaceId = demo.healthySpaceId;
      const backup = chooseBackup(simulator, SpaceId);
      const space = { SpaceId: "{2.SpaceId}", Zone };
      const look = step("describe_umem", { Protocol: "redis", ResourceId: "{2.SpaceId}" });
      const answers = await run(simulator, [
        step("check_udredis_space_allowance", { Zone, Size: 32, Count: "1" }),
        step("describe_umem_price", {
          Zone,
          Size: 32,
          Type: "double",
          ChargeType: "Month",
          ProjectId: demo.projectId,
        }),
        step("create_umem_space", {
          ...backup,
          Zone,
          SpaceId,
          Name: "from-python",
          BlockCnt: 8,
          Version: "6.0",
          Password: PASSWORD,
          UlbMode: false,
        }),
        step("describe_umem_space", { SpaceId: "{2.SpaceId}" }),
        step("modify_umem_space_name", { ...space, Name: "renamed-by-python" }),
        step("modify_umem_password", { ...space, Password: Buffer.from("Another-1").toString("base64") }),
        step("resize_umem_space", { ...space, Size: 64 }),
        step("resize_ud_redis_block_size", { ...space, BlockId: "{2.SpaceId}_7", BlockSize: 8 }),
        look,
        step("describe_umem_block_info", { ...space, Offset: 0, Limit: 100 }),
        step("create_umem_backup", { ...space, BackupName: "by-python" }),
        step("describe_umem_backup", { ...space, Limit: 100 }),
        step("describe_umem_backup", { ...space, Limit: 100 }),
        step("delete_umem_space", space),
        look,
        look,
      ]);
      assertWhole(answers, 16);
      assert.deepEqual([answers[0]?.Count, pick(answers.slice(1, 2), "Price")], [1, [256_000]]);
      assert.deepEqual(pick([answers[3] ?? {}, answers[8] ?? {}], "State"), ["Starting", "Running"]);
      assert.equal(answers[9]?.DataSet?.length, 8);
      assert.deepEqual(pick(answers.slice(11, 13), "State"), ["Starting", "Done"]);
      assert.deepEqual(pick(answers.slice(14), "State"), ["Deleting", undefined]);
      const [created, ...others] = simulator.created;
      assert.deepEqual(
        [others.length, created?.name, created?.password, created?.size, created?.isGone],
        [0, "renamed-by-python", "Another-1", 36, true],
      );
    }));

  it("raises its exception for a refused write, and sends it once", () =>
    withSimulator({}, async (simulator) => {
      const wrong = { Zone: demo.zone, Name: "from-python", HighAvailability: "enable", BackupId: "nothing" };
      const [answer] = await run(simulator, [
        step("create_uredis_group", { ...wrong, ConfigId: "6c9298a3-9d7f-428c-b1d0-e87ab3b8a1ea" }),
      ]);
      assert.deepEqual(answer?.error, { type: "RetCodeException", code: 20207 });
      assert.equal(simulator.requests.length, 1);
    }));
});
