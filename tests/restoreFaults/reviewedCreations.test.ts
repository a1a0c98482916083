/** Creations: what is there already, what a refused or lost one made, and what an unfinished one needs. */

import assert from "node:assert/strict";
import { createAttemptName, createMark } from "../../provider/restore/names";
import { demo } from "../../simulator";
import { group } from "./kinds";
import { emptyRegion, expectEnd, expectFailure, omitName, openWorlds, readState } from "./reviewedWorld";
import type { Stack } from "./stack";

const WAS_LOST = /what became of it is not known/;
/** All that has no default once the source is gone. */
const COMPLETE = {
  size: 8,
  version: "6.0",
  zone: demo.zone,
  vpcId: "vpc-1",
  subnetId: "subnet-1",
  chargeType: "Month",
};

describe("what is there before a restore is sent", () => {
  const world = openWorlds();

  it("serves as defaults after `deleteBeforeReplace` deleted the source that the resource itself is", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id, vpcId, subnetId } = world().only;
    const backup = world().addStack(group.backupType, "other");
    await expectEnd(backup.up({ groupId: id, name: "by-hand" }), "created");
    const news = { ...world().program(group), source: { groupId: id }, triggers: { drill: "1" } };
    const { urn } = stack;
    await world().operate(stack, async (calls) => {
      const old = stack.current ?? assert.fail();
      const { inputs } = await calls.check({ urn, news, olds: old.inputs });
      const { replaces } = await calls.diff({
        urn,
        id: old.id,
        olds: old.properties,
        oldInputs: old.inputs,
        news: inputs,
      });
      assert.deepEqual(replaces, ["triggers"]);
      world().announceDeletion(old, true);
      await calls.delete({ urn, ...old });
      const again = await calls.check({ urn, news, olds: {} });
      const made = await calls.create({ urn, inputs: again.inputs, isPreview: false });
      stack.current = { ...made, inputs: again.inputs, initErrors: [] };
      return { did: "replaced", error: "" };
    });
    assert.notEqual(world().only.id, id);
    assert.deepEqual([world().only.vpcId, world().only.subnetId], [vpcId, subnetId]);
  });

  it("does not block where it has an attempt's name and is to be deleted", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, state: "CreateFail", times: 2 });
    world().simulator.injectFault({ kind: "retCode", retCode: 20204, action: group.rename, times: 2 });
    await expectFailure(stack.up(world().program(group)), /CreateFail/);
    await expectFailure(stack.up(world().program(group)), /CreateFail/);
    assert.equal(stack.replaced.length, 1);
    await expectEnd(stack.up(world().program(group)), "replaced");
    assert.equal(world().only.state, "Running");
  });

  it("gets its own name after an import under an attempt's, and is replaced by `--replace`", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id } = world().only;
    const mark = createMark(stack.urn, demo.projectId);
    const name = createAttemptName({ name: "orders", mark });
    world().simulator.changeDatabase(id, { name });
    stack.loseState();
    await expectEnd(stack.takeOver(`${demo.region}/${id}`), "read");
    const nameless = omitName(world().program(group));
    await expectEnd(stack.up(nameless), "updated");
    assert.notEqual(world().only.name, name);
    await expectEnd(stack.up(nameless, { isReplaced: true }), "replaced");
    assert.notEqual(world().only.id, id);
  });

  it("is named where an automatic name and a lost state made it", async () => {
    const stack = world().addStack(group.type);
    const nameless = omitName(world().program(group));
    await expectEnd(stack.up(nameless), "created");
    const { id } = world().only;
    stack.loseState();
    await expectEnd(stack.up(nameless), "created");
    assert.match(world().messages.at(-1) ?? "", new RegExp(`^${id} .*not taken over.*import it`));
    assert.equal(world().existing.length, 2);
  });
});

describe("a creation that was refused after it took effect", () => {
  const world = openWorlds();

  for (const retCode of [200, 20100]) {
    it(`with RetCode ${retCode} is found`, async () => {
      const stack = world().addStack(group.type);
      world().simulator.injectFault({ kind: "retCode", retCode, action: group.create, effect: "after" });
      await expectEnd(stack.up(world().program(group)), "created");
      assert.equal(readState(stack)["groupId"], world().only.id);
      await expectEnd(stack.up(world().program(group)), "same");
    });
  }

  it("is kept by its attempt's name if the look for it fails", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "retCode", retCode: 20100, action: group.create, effect: "after" });
    world().onRequest = ({ action }) => {
      if (action === group.create) {
        world().simulator.injectFault({ kind: "retCode", retCode: 150, action: "DescribeUMem", times: 40 });
      }
    };
    await expectFailure(stack.up(world().program(group)), WAS_LOST);
    world().simulator.clearFaults();
    assert.match(stack.current?.id ?? "", /\/name=orders-restored-[0-9a-f]{6}-[0-9a-f]{10}$/);
    await expectEnd(stack.up(world().program(group)), "updated");
    assert.equal(readState(stack)["groupId"], world().only.id);
  });
});

describe("a creation of which nothing was seen for 30 minutes", () => {
  const world = openWorlds();

  it("is replaced although the database that it should replace has its name, and is young", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    const { id } = world().only;
    world().clock.pass(120);
    world().simulator.injectFault({ kind: "lostAnswer", effect: "before", action: group.create });
    const triggered = world().program(group, { triggers: { drill: "1" } });
    await expectFailure(stack.up(triggered), WAS_LOST);
    world().clock.pass(31 * 60);
    await expectEnd(stack.up(triggered), "replaced");
    assert.notEqual(world().only.id, id);
    await expectEnd(stack.up(triggered), "same");
  });
});

describe("an unfinished database", () => {
  const world = openWorlds();

  it("that vanished from an empty region is replaced at once", async () => {
    const stack = await restoreStuck();
    const startedAt = world().clock.elapsed();
    await expectEnd(stack.up(world().program(group, COMPLETE)), "replaced");
    assert.ok(world().clock.elapsed() - startedAt < 10 * 60_000);
    assert.equal(world().only.state, "Running");
  });

  it("that vanished from an empty region is destroyed at once", async () => {
    const stack = await restoreStuck();
    const startedAt = world().clock.elapsed();
    await expectEnd(stack.destroy(), "deleted");
    assert.ok(world().clock.elapsed() - startedAt < 60_000);
    assert.equal(world().countSent(group.delete), 0);
  });

  it("whose password could not be set is sent it again", async () => {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, ignoresPassword: true });
    world().simulator.injectFault({ kind: "outcome", action: group.setPassword, state: "SetPasswordFail" });
    await expectFailure(stack.up(world().program(group)), /SetPasswordFail/);
    const { id, password } = world().only;
    assert.equal(password, undefined);
    // The cloud takes it in this state.
    world().onRequest = ({ action }) => {
      if (action === group.setPassword) world().simulator.setState(id, "Running");
    };
    await expectEnd(stack.up(world().program(group)), "updated");
    assert.equal(world().countSent(group.setPassword), 2);
    assert.equal(world().only.password, readState(stack)["password"]);
    assert.equal(world().only.name, readState(stack)["name"]);
  });

  /** A restore that is not done, and whose database vanishes from a region that lists nothing else then. */
  async function restoreStuck(): Promise<Stack> {
    const stack = world().addStack(group.type);
    world().simulator.injectFault({ kind: "outcome", action: group.create, isStuck: true });
    await expectFailure(stack.up(world().program(group, COMPLETE), { timeoutSeconds: 60 }), /Creating/);
    await emptyRegion(world());
    return stack;
  }
});
