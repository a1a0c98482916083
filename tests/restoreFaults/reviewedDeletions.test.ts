/** Deletions: of what is not seen running, of what is gone already, and of what somebody else deletes. */

import assert from "node:assert/strict";
import { demo, startSimulator } from "../../simulator";
import { group } from "./kinds";
import { emptyRegion, expectEnd, expectFailure, openWorlds, readState } from "./reviewedWorld";
import type { Stack } from "./stack";
import type { World } from "./world";

const FORBIDDEN = { kind: "retCode", retCode: 299, times: Infinity } as const;

describe("a final backup of a database that no run saw ready", () => {
  const world = openWorlds();

  it("is taken of one that was imported while it was being resized", async () => {
    const stack = await restore(world());
    const { id } = world().only;
    world().simulator.setState(id, "Resizing");
    stack.loseState();
    await expectEnd(stack.takeOver(`${demo.region}/${id}`), "read");
    assert.equal(readState(stack)["readyAt"], undefined);
    // Its backup can only be taken when that is done.
    world().onRequest = ({ action }) => {
      if (action === group.backUp) world().simulator.setState(id, "Running");
    };
    await expectEnd(stack.destroy(), "deleted");
    assert.equal(world().countSent(group.backUp), 1);
  });

  it("is taken of one whose pending creation was imported, and an `up` makes that one ready", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, takes: { seconds: 600 } });
    await expectFailure(stack.up(world().program(group), { timeoutSeconds: 1 }), /Creating/);
    stack.pendingCreation = stack.current?.inputs;
    stack.current = undefined;
    await expectEnd(stack.takeOver(`${demo.region}/${world().only.id}`), "read");
    await expectEnd(stack.up(world().program(group)), "updated");
    assert.notEqual(readState(stack)["readyAt"], undefined);
    await expectEnd(stack.destroy(), "deleted");
    assert.equal(world().countSent(group.backUp), 1);
  });

  it("is taken of one that ran and could not be renamed", async () => {
    const stack = await restoreWithoutName(world());
    await expectEnd(stack.destroy(), "deleted");
    assert.equal(world().countSent(group.backUp), 1);
  });

  it("is taken of one that came to run after the run that made it ended", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, takes: { seconds: 600 } });
    await expectFailure(stack.up(world().program(group), { timeoutSeconds: 1 }), /Creating/);
    world().clock.pass(700);
    await expectEnd(stack.destroy(), "deleted");
    assert.equal(world().countSent(group.backUp), 1);
  });
});

describe("a database that ran and could not be renamed", () => {
  const world = openWorlds();

  it("is not replaced when its state is `Fail`, and no message says that it will be", async () => {
    const stack = await restoreWithoutName(world());
    const { id } = world().only;
    world().clock.pass(30 * 24 * 3600);
    world().simulator.setState(id, "Fail");
    world().simulator.clearFaults();
    for (let run = 1; run <= 2; run++) {
      const error = await expectFailure(stack.up(world().program(group)), /Its state is `Fail`/);
      assert.doesNotMatch(error, /another one/);
    }
    const read = await stack.refresh();
    assert.doesNotMatch(read.error, /another one/);
    assert.equal(world().only.id, id);
    assert.equal(world().countSent(group.delete), 0);
  });
});

describe("a final backup of a deletion that failed", () => {
  const world = openWorlds();

  for (const [minutes, taken] of [
    [4, 1],
    [6, 2],
  ] as const) {
    it(`is ${taken === 1 ? "used" : "taken again"} ${minutes} minutes later`, async () => {
      const stack = await restore(world());
      world().simulator.injectFault({ kind: "retCode", retCode: 20104, action: group.delete });
      await expectFailure(stack.destroy(), /renew it in the console/);
      world().clock.pass(minutes * 60);
      await expectEnd(stack.destroy(), "deleted");
      assert.equal(world().countSent(group.backUp), taken);
    });
  }
});

describe("a deletion of what is gone, or is going", () => {
  const world = openWorlds();

  it("is only waited for if the database is `Deleting` already", async () => {
    const stack = await restore(world());
    const { id } = world().only;
    world().simulator.setState(id, "Deleting");
    let looks = 0;
    world().onRequest = ({ action }) => {
      if (action === "DescribeUMem" && ++looks === 6) void world().remove(id);
    };
    await expectEnd(stack.destroy(), "deleted");
    assert.ok(looks >= 6);
    assert.deepEqual([world().countSent(group.backUp), world().countSent(group.delete)], [0, 0]);
  });

  it("is done with a warning if nothing is listed, for the keys that it was last seen with", async () => {
    const stack = await restore(world());
    const { id } = world().only;
    await emptyRegion(world());
    await expectEnd(stack.destroy(), "deleted");
    assert.match(world().messages.at(-1) ?? "", new RegExp(`^${id} .*taken for deleted`));
    assert.equal(world().countSent(group.delete), 0);
  });

  it("is refused if nothing is listed for the keys of another account", async () => {
    const stack = await restore(world());
    const { id } = world().only;
    const fleet = { ...world().simulator.fleet, uredis: [], umem: [], databases: [] };
    const other = await startSimulator({ publicKey: "other-public-key", fleet });
    try {
      world().target = other;
      await expectFailure(stack.destroy(), new RegExp(`${id} .*so nothing was deleted`));
      assert.deepEqual(
        other.requests.filter(({ action = "" }) => !action.startsWith("Describe")),
        [],
      );
      assert.equal(readState(stack)["groupId"], id);
    } finally {
      await other.close();
    }
  });

  it("ends at once where the right to list is missing after it was accepted", async () => {
    const stack = await restore(world(), { finalBackup: false });
    world().simulator.injectFault({ ...FORBIDDEN, action: "DescribeUMem", skip: 1 });
    const startedAt = world().clock.elapsed();
    await expectFailure(stack.destroy(), /\[Forbidden\].*RetCode 299/);
    assert.ok(world().clock.elapsed() - startedAt < 60_000);
    assert.equal(world().countSent(group.delete), 1);
  });
});

async function restore(world: World, more = {}): Promise<Stack> {
  const stack = world.addStack(group.type);
  await expectEnd(stack.up(world.program(group, more)), "created");
  return stack;
}

/** A restore that ran, and whose renaming the account has no right to. */
async function restoreWithoutName(world: World): Promise<Stack> {
  const stack = world.addStack(group.type);
  world.simulator.injectFault({ ...FORBIDDEN, action: group.rename });
  await expectFailure(stack.up(world.program(group)), /\[Forbidden\]/);
  return stack;
}
