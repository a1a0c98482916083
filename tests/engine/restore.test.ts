/** The life of resources that restore, run as users run it: preview, up, refresh, a changed trigger, destroy. */
import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { group, PASSWORD, type RestoredStack, useRestoredStacks } from "./restoredStack";

const secret = { "fn::secret": PASSWORD };
const BASE64 = Buffer.from(PASSWORD).toString("base64");

describe("resources that restore, on the real engine", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useRestoredStacks();

  /** Fails if the password, or its base64, is anywhere in clear. */
  async function assertHidden(stack: RestoredStack, printed: readonly string[]): Promise<void> {
    const exported = await stack.run("stack", "export");
    const state = stack.running.readState();
    for (const text of [...printed, exported, state]) {
      assert.ok(!text.includes(PASSWORD) && !text.includes(BASE64));
    }
  }

  it("restore a group, keep it through further runs, and restore it anew for a changed trigger", async () => {
    const stack = await start({ simulator: { provisioning: { create: { looks: 1 } } } });
    const args = { ...group, password: secret, finalBackup: true };
    stack.writeGroup(args);
    const [newest] = stack.simulator.fleet.uredis.filter(({ row }) => row.GroupId === demo.healthyGroupId);
    const backupId = newest?.row.BackupId ?? "";

    const printed = [await stack.run("preview")];
    assert.match(
      printed.join("\n"),
      new RegExp(`Would restore backup \`${backupId}\` of URedis group .* ago into a new URedis group`),
    );
    assert.deepEqual(stack.writes, []);

    printed.push(await stack.up("--skip-preview"));
    assert.match(printed.join("\n"), new RegExp(`Restored backup \`${backupId}\` .* 834 MB used, in \\d+s`));
    const [first] = stack.alive;
    const { backup, ...outputs } = await stack.readOutputs();
    assert.equal((backup as { backupId: string }).backupId, backupId);
    assert.equal(outputs["groupId"], first);
    assert.equal(outputs["state"], "Running");
    assert.equal(outputs["size"], 2);
    assert.match(String(outputs["address"]), /^10\.9\..*:6379$/);
    assert.match(String(outputs["readyAt"]), /^\d{4}-.*Z$/);
    const [made] = stack.simulator.created;
    assert.ok(made);
    assert.equal(made.password, PASSWORD);
    assert.equal(made.name, outputs["name"]);
    assert.match(made.name, /^orders-[0-9a-f]{7}$/);
    assert.equal(made.sourceBackupId, backupId);

    const sent = stack.writes.length;
    printed.push(await stack.up("--skip-preview"), await stack.up("--refresh"));
    for (const text of printed.slice(2)) assert.match(text, /Resources:\n {4}2 unchanged\n/);
    assert.equal(stack.writes.length, sent);

    stack.writeGroup({ ...args, triggers: { restore: "2" } });
    printed.push(await stack.run("preview"));
    assert.match(
      printed.at(-1) ?? "",
      new RegExp(`warning: URedis group \`${first ?? ""}\` is to be replaced`),
    );
    printed.push(await stack.up("--skip-preview"));
    const [second] = stack.alive;
    assert.notEqual(second, first);
    assert.deepEqual(stack.alive, [second]);
    assert.match(printed.at(-1) ?? "", new RegExp(`Final backup of ${first ?? ""}: `));
    const order = stack.writes.slice(sent).map(({ action }) => action);
    assert.deepEqual(order, [
      "CreateURedisGroup",
      "ModifyURedisGroupName",
      "CreateURedisBackup",
      "DeleteURedisGroup",
    ]);

    await assertHidden(stack, printed);
    const destroyed = await stack.run("destroy", "--yes", "--skip-preview");
    assert.match(destroyed, new RegExp(`Final backup of ${second ?? ""}: `));
    assert.deepEqual(stack.alive, []);
    await assertHidden(stack, [destroyed]);
  });

  it("restore a space, enlarge it, take backups by hand of both kinds, and are unchanged by a refresh", async () => {
    const stack = await start();
    const { region, zone, umemSpaceId, healthyGroupId } = demo;
    const dependsOn = ["${sessions}"];
    const createProgram = (trigger: string, size: object = {}): object => ({
      resources: {
        sessions: {
          type: "ucloud-redis:RestoredUMemSpace",
          properties: {
            source: { zone, spaceId: umemSpaceId },
            chargeType: "Dynamic",
            password: secret,
            triggers: { restore: "1" },
            ...size,
          },
        },
        group: {
          type: "ucloud-redis:URedisBackup",
          properties: { groupId: healthyGroupId, name: "before-release", triggers: { take: trigger } },
        },
        space: {
          type: "ucloud-redis:UMemBackup",
          properties: { zone, spaceId: "${sessions.spaceId}", name: "after-restore" },
          options: { dependsOn },
        },
      },
    });
    stack.write({ ...createProgram("1") });
    const printed = [await stack.run("preview")];
    assert.deepEqual(stack.writes, []);
    printed.push(await stack.up("--skip-preview"));
    const [space] = stack.simulator.created;
    assert.ok(space);
    assert.equal(space.blocks.length, 4);
    assert.equal(space.size, 16);
    assert.equal(space.password, PASSWORD);
    const outputs = await stack.readOutputs("sessions");
    assert.equal(outputs["spaceId"], space.id);
    const [restored] = (await stack.readResources()).filter(({ urn }) => urn.endsWith("::sessions"));
    assert.equal(restored?.id, `${region}/${zone}/${space.id}`);
    const taken = stack.simulator.createdBackups.map(({ databaseId }) => databaseId);
    assert.deepEqual(taken.sort(), [healthyGroupId, space.id].sort());

    const sent = stack.writes.length;
    assert.match(await stack.up("--refresh", "--skip-preview"), /Resources:\n {4}4 unchanged\n/);
    assert.equal(stack.writes.length, sent);

    stack.write({ ...createProgram("1", { size: 24 }) });
    const refused = await stack.fail("up", "--yes", "--skip-preview");
    assert.match(
      refused,
      /size: 24 GB is 6 GB for each of the 4 shards, and UCloud names sizes for 16, 32, 48, 64, 80 GB/,
    );
    stack.write({ ...createProgram("2", { size: 32 }) });
    printed.push(await stack.up("--skip-preview"));
    assert.equal(stack.simulator.createdBackups.length, 3);
    assert.equal((await stack.readOutputs("sessions"))["size"], 32);
    printed.push(await stack.run("destroy", "--yes", "--skip-preview"));
    assert.deepEqual(stack.alive, []);
    await assertHidden(stack, printed);
  });

  it("follow the project's `autonaming` settings", async () => {
    const stack = await start();
    const resources = { orders: { type: "ucloud-redis:RestoredURedisGroup", properties: group } };
    const write = (settings: object): void =>
      stack.write({ config: { "pulumi:autonaming": { value: settings } }, resources });
    write({ mode: "disabled" });
    assert.match(await stack.fail("preview"), /\[InvalidArgument\] name is required, as .*`autonaming`/);
    write({ pattern: "prod-${name}-${hex(4)}", enforce: true });
    await stack.up("--skip-preview");
    assert.match(stack.simulator.created[0]?.name ?? "", /^prod-orders-[0-9a-f]{4}$/);
  });
});
