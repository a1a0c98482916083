/** What the mends of earlier findings opened: rows that are listed late, and databases that ran unseen. */

import assert from "node:assert/strict";
import { createAttemptName, createMark } from "../../provider/restore/names";
import { demo } from "../../simulator";
import { group } from "./kinds";
import { expectEnd, expectFailure, openWorlds, readState } from "./reviewedWorld";
import type { Stack } from "./stack";
import type { World } from "./world";

describe("a database that was made and is not listed yet", () => {
  const world = openWorlds();

  it("is waited for by the next `up`, and not made twice", async () => {
    const stack = await restoreHidden(world(), 40);
    await expectEnd(stack.up(world().program(group)), "updated");
    assert.equal(readState(stack)["groupId"], world().only.id);
  });

  it("is kept in state by a refresh", async () => {
    const stack = await restoreHidden(world(), 1000);
    await expectFailure(stack.refresh(), /not listed yet/);
    assert.equal(readState(stack)["groupId"], world().only.id);
  });

  for (const minutes of [1, 31]) {
    it(`is named by \`destroy\` ${minutes} minutes later`, async () => {
      const stack = await restoreHidden(world(), 1000);
      world().clock.pass(minutes * 60);
      await expectEnd(stack.destroy(), "deleted");
      assert.match(
        world().messages.at(-1) ?? "",
        new RegExp(`^${world().only.id} .*delete it in the console`),
      );
    });
  }
});

describe("a database that may have run unseen", () => {
  const world = openWorlds();

  for (const state of ["ResizeFail", "Restarting"]) {
    it(`gets a final backup in the state \`${state}\``, async () => {
      const stack = world().addStack(group.type);
      world().simulator.injectFault({ kind: "outcome", action: group.create, takes: { seconds: 600 } });
      await expectFailure(stack.up(world().program(group), { timeoutSeconds: 1 }), /Creating/);
      world().clock.pass(700);
      await expectFinalBackup(world(), stack, state);
    });
  }

  it("gets a final backup if it was imported in the state `Fail`", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id } = world().only;
    world().simulator.setState(id, "Fail");
    stack.loseState();
    await expectEnd(stack.takeOver(`${demo.region}/${id}`), "read");
    await expectFinalBackup(world(), stack, "Fail");
  });
});

describe("a database whose password could not be set", () => {
  const world = openWorlds();

  it("is not ready where the program gives none", async () => {
    const stack = world().addStack(group.type);
    const program = Object.entries(world().program(group)).filter(([name]) => name !== "password");
    world().simulator.injectFault({ kind: "outcome", action: group.create, state: "SetPasswordFail" });
    await expectFailure(stack.up(Object.fromEntries(program)), /Its state is `SetPasswordFail`/);
    assert.equal(readState(stack)["readyAt"], undefined);
  });

  it("is not ready while it shows that, although it shows a password and the request was accepted", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, state: "SetPasswordFail" });
    const accepted = { RetCode: 0, Action: `${group.setPassword}Response` };
    world().simulator.injectFault({ kind: "json", body: accepted, action: group.setPassword });
    await expectFailure(stack.up(world().program(group), { timeoutSeconds: 120 }), /did not take effect/);
    assert.equal(readState(stack)["readyAt"], undefined);
  });

  it("is not ready where that shows together with its new name", async () => {
    const stack = world().addStack(group.type);
    world().onRequest = ({ action }) => {
      const isRenamed = world().existing.some(({ name }) => name === "orders-restored");
      if (action === "DescribeUMem" && isRenamed)
        world().simulator.setState(world().only.id, "SetPasswordFail");
    };
    await expectFailure(stack.up(world().program(group)), /SetPasswordFail/);
    assert.equal(readState(stack)["readyAt"], undefined);
  });
});

describe("an attempt's name", () => {
  const world = openWorlds();

  it("does not make an import differ, which the engine would refuse", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id } = world().only;
    const name = createAttemptName({ name: "orders", mark: createMark(stack.urn, demo.projectId) });
    world().simulator.changeDatabase(id, { name });
    stack.loseState();
    const { urn } = stack;
    await world().operate(stack, async (calls) => {
      const read = await calls.read({ urn, id: `${demo.region}/${id}`, properties: {}, inputs: {} });
      const checked = await calls.check({ urn, news: read.inputs, olds: read.inputs });
      const olds = { olds: read.properties, oldInputs: read.inputs };
      const diff = await calls.diff({ urn, id: read.id, ...olds, news: checked.inputs });
      assert.deepEqual(diff, { replaces: [], updates: [] });
      stack.current = { ...read, inputs: checked.inputs, initErrors: [] };
      return { did: "read", error: "" };
    });
    await expectEnd(stack.up({ ...stack.current?.inputs }), "updated");
    assert.equal(world().only.name, stack.current?.inputs["name"]);
  });

  it("that nothing has after 30 minutes is given up, although `--replace` replaces a young database", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id } = world().only;
    world().clock.pass(120);
    world().simulator.injectFault({ kind: "lostAnswer", effect: "before", action: group.create });
    await expectFailure(stack.up(world().program(group), { isReplaced: true }), /is not known/);
    world().clock.pass(31 * 60);
    await expectEnd(stack.up(world().program(group)), "replaced");
    assert.notEqual(world().only.id, id);
  });
});

/** A restore whose database does not appear in so many looks, and that was not waited for long. */
async function restoreHidden(world: World, hiddenLooks: number): Promise<Stack> {
  const stack = world.addStack(group.type);
  world.simulator.injectFault({ kind: "outcome", action: group.create, hiddenLooks });
  await expectFailure(stack.up(world.program(group), { timeoutSeconds: 60 }), /not listed yet/);
  return stack;
}

/** Destroys a database in a state. The cloud takes its backup nevertheless. */
async function expectFinalBackup(world: World, stack: Stack, state: string): Promise<void> {
  const { id } = world.only;
  world.simulator.setState(id, state);
  world.onRequest = ({ action }) => {
    if (action === group.backUp) world.simulator.setState(id, "Running");
  };
  await expectEnd(stack.destroy(), "deleted");
  assert.equal(world.countSent(group.backUp), 1);
}
