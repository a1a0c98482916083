/** What changed programs, options and clouds do to a restored database, on the real engine. */
import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { group, PASSWORD, type RestoredStack, useRestoredStacks } from "./restoredStack";

const UP = ["up", "--yes", "--skip-preview"];
const again = { ...group, triggers: { restore: "2" } };
const create = "CreateURedisGroup";

describe("a restored group that is to be replaced, on the real engine", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useRestoredStacks();
  let stack: RestoredStack;
  let first: string;

  async function startWith(properties: object, options: object = {}): Promise<void> {
    stack = await start();
    stack.writeGroup(properties, options);
    await stack.up("--skip-preview");
    [first = ""] = stack.alive;
  }

  it("lives on if the replacement fails, also under --continue-on-error", async () => {
    await startWith(group);
    stack.writeGroup(again);
    stack.simulator.injectFault({ kind: "retCode", retCode: 20_001, action: create });
    assert.match(await stack.fail(...UP, "--continue-on-error"), /\[ApiError\] No URedis group was created/);
    assert.deepEqual(stack.alive, [first]);

    stack.simulator.injectFault({ kind: "outcome", action: create, state: "CreateFail", times: 2 });
    for (const failed of [1, 2]) {
      assert.match(await stack.fail(...UP, "--continue-on-error"), /\[CreateFailed\]/);
      assert.equal(stack.alive.length, 1 + failed);
      assert.ok(stack.alive.includes(first));
    }
    await stack.up("--skip-preview");
    const [third, ...others] = stack.alive;
    assert.notEqual(third, first);
    assert.deepEqual(others, []);
  });

  it("lives on if the preflight of the replacement fails, even if it were deleted before", async () => {
    await startWith(group, { deleteBeforeReplace: true });
    stack.writeGroup({ ...again, size: 1 }, { deleteBeforeReplace: true });
    assert.match(await stack.fail(...UP), /\[InvalidArgument\] size: must be at least 2 GB/);
    assert.deepEqual(stack.alive, [first]);
    stack.writeGroup(again, { deleteBeforeReplace: true });
    await stack.up("--skip-preview");
    assert.deepEqual(
      stack.writes.map(({ action }) => action),
      [create, "ModifyURedisGroupName", "DeleteURedisGroup", create, "ModifyURedisGroupName"],
    );
  });

  it("is another one after --replace, whatever its name, and is not replaced if it is protected", async () => {
    await startWith({ ...group, name: "orders-main" });
    await stack.up("--skip-preview", "--replace", stack.urn());
    const [second = "", ...others] = stack.alive;
    assert.notEqual(second, first);
    assert.deepEqual(others, []);
    assert.equal((await stack.readOutputs())["groupId"], second);

    stack.writeGroup({ ...group, name: "orders-main" }, { protect: true });
    await stack.up("--skip-preview");
    stack.writeGroup({ ...again, name: "orders-main" }, { protect: true });
    assert.match(await stack.fail(...UP), /unable to replace resource/);
    stack.writeGroup({ ...again, name: "orders-main" }, { ignoreChanges: ["triggers"] });
    assert.match(await stack.up("--skip-preview"), /2 unchanged/);
    assert.deepEqual(stack.alive, [second]);
  });

  it("is not deleted without its final backup, unless the variable names it", async () => {
    await startWith({ ...group, finalBackup: true });
    stack.writeGroup({ ...again, finalBackup: true });
    const full = { kind: "retCode", retCode: 20_208, action: "CreateURedisBackup", times: Infinity } as const;
    stack.simulator.injectFault(full);
    assert.match(await stack.fail(...UP), new RegExp(`\\[FinalBackupFailed\\] ${first}: its final backup`));
    // The pending deletion keeps the arguments that it began with.
    stack.writeGroup(again);
    const printed = await stack.fail(...UP);
    const [, variable = "", id = ""] = /^ *(\w+)=(\S+) pulumi up/m.exec(printed) ?? [];
    assert.deepEqual([variable, id], ["UCLOUD_REDIS_SKIP_FINAL_BACKUP", first]);
    assert.equal(stack.alive.length, 2);

    stack.setVariable(variable, id);
    assert.match(await stack.up("--skip-preview"), /is deleted without a final backup/);
    assert.ok(!stack.alive.includes(first));
    assert.equal(stack.alive.length, 1);
  });
});

describe("a restored group that is changed, on the real engine", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useRestoredStacks();
  let stack: RestoredStack;
  let id: string;
  const { zone, slaveZone } = demo;
  const args = { ...group, zone, slaveZone, version: "5.0", size: 2, name: "orders-main" };

  beforeEach(async () => {
    stack = await start();
    stack.writeGroup(args);
    await stack.up("--skip-preview");
    [id = ""] = stack.alive;
  });

  it("follows the program in place where an action does that, and refuses the rest by name", async () => {
    const changes = { name: "orders-new", size: 4, autoBackup: false, backupHour: 0 };
    stack.writeGroup({ ...args, ...changes, password: { "fn::secret": PASSWORD } });
    await stack.up("--skip-preview");
    const [changed] = stack.simulator.created;
    assert.ok(changed);
    const { name, size, autoBackup, backupHour } = changed;
    assert.deepEqual({ name, size, autoBackup, backupHour }, changes);
    assert.equal(changed.password, PASSWORD);

    const sent = stack.writes.length;
    const held = { ...args, ...changes };
    const refusals: [object, RegExp][] = [
      [{ ...held, size: 2 }, /\[InvalidArgument\] size: cannot be less than the 4 GB that the database has/],
      [{ ...held, zone: "cn-bj2-03" }, /\[InvalidArgument\] zone cannot be changed .* change `triggers` too/],
      [{ ...held, chargeType: "Month" }, /\[InvalidArgument\] chargeType cannot be changed .*: no action/],
    ];
    for (const [properties, message] of refusals) {
      stack.writeGroup(properties);
      assert.match(await stack.fail("preview"), message);
    }
    stack.writeGroup({ ...held, source: { groupId: demo.uredisGroupId } });
    for (const command of [["preview"], UP, ["preview"]]) {
      assert.match(await stack.run(...command), /warning: `source` was changed, and nothing is restored/);
    }
    assert.equal(stack.writes.length, sent);
  });

  it("shows what was changed in the cloud, replaces nothing for it, and leaves the state when it is gone", async () => {
    const drift = { zone: slaveZone, slaveZone: zone, version: "6.0", size: 8, name: "renamed-there" };
    stack.simulator.changeDatabase(id, drift);
    assert.match(
      await stack.run("refresh", "--yes"),
      /was changed in the cloud: zone `cn-bj2-05`, in the program `cn-bj2-04`; .* Nothing is changed for that/,
    );
    const outputs = await stack.readOutputs();
    assert.deepEqual(
      Object.keys(drift).map((key) => outputs[key]),
      Object.values(drift),
    );
    const sent = stack.writes.length;
    stack.writeGroup({ ...args, size: 8 });
    assert.match(await stack.up("--refresh"), /~ 1 updated/);
    // Its name is set back; the zones and the version stay.
    const actions = stack.writes.slice(sent).map(({ action }) => action);
    assert.deepEqual(actions, ["ModifyURedisGroupName"]);

    await stack.simulator.deleteDatabase(id);
    await stack.run("refresh", "--yes", "--skip-preview");
    assert.deepEqual(await stack.readResources(), []);
  });

  it("is imported as it is, and from then on restored anew by a changed trigger", async () => {
    const other = await start();
    const wanted = { source: group.source, chargeType: "Month", name: "sessions", finalBackup: false };
    const anywhere = `cn-bj2/${demo.healthyGroupId}`;
    other.writeGroup(wanted, { import: anywhere });
    assert.match(await other.up("--skip-preview"), /= 1 imported/);
    other.writeGroup({ ...wanted, triggers: { restore: "1" } });
    assert.match(await other.up("--skip-preview"), /~ 1 updated/);
    assert.match(await other.up("--skip-preview"), /2 unchanged/);
    assert.deepEqual(other.writes, []);
    other.writeGroup({ ...wanted, triggers: { restore: "2" } });
    assert.match(await other.up("--skip-preview"), /\+-1 replaced/);
    assert.equal(other.alive.length, 1);
  });
});
