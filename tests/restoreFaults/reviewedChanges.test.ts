/** Changes in place whose state is a failure, or of which only a part succeeds, and backups with a name twice. */

import assert from "node:assert/strict";
import { Secret } from "../../provider/plugin/codec";
import { group, PASSWORD, space } from "./kinds";
import { expectEnd, expectFailure, openWorlds, readState } from "./reviewedWorld";

describe("a change in place", () => {
  const world = openWorlds();

  it("sends the password last, so that a refused size leaves the old one", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    world().simulator.injectFault({ kind: "retCode", retCode: 20101, action: group.resize });
    const more = { password: new Secret("second-Password-2"), size: 8 };
    await expectFailure(stack.up(world().program(group, more)), /RetCode 20101/);
    assert.equal(world().countSent(group.setPassword), 0);
    await expectEnd(stack.up(world().program(group)), "same");
    assert.deepEqual([readState(stack)["password"], world().only.password], [PASSWORD, PASSWORD]);
  });

  it("is refused before anything is sent if a shard is larger than its share", async () => {
    const stack = world().addStack(space.type);
    await expectEnd(stack.up(world().program(space)), "created");
    const { id, blocks } = world().only;
    const sizes = [4, 16];
    const uneven = blocks.map((block, index) => ({ ...block, size: sizes[index] ?? 0 }));
    world().simulator.changeDatabase(id, { blocks: uneven, size: 20 });
    await expectFailure(stack.up(world().program(space, { size: 24 })), /has 16 GB already.*does not shrink/);
    assert.equal(world().countSent(space.resize), 0);
  });

  it("holds although an earlier one failed, where the database shows it", async () => {
    const stack = world().addStack(group.type);
    await expectEnd(stack.up(world().program(group)), "created");
    world().simulator.setState(world().only.id, "ConfigFail");
    await expectEnd(stack.up(world().program(group, { name: "orders-renamed" })), "updated");
    assert.equal(world().only.name, "orders-renamed");
  });
});

describe("a backup whose request was lost", () => {
  const world = openWorlds();

  it("is never an older one of the same name", async () => {
    const stack = world().addStack(group.backupType, "other");
    const program = { groupId: world().sourceOf(group), name: "by-hand" };
    await expectEnd(stack.up(program), "created");
    const first = readState(stack)["backupId"];
    world().clock.pass(300);
    world().simulator.injectFault({ kind: "lostAnswer", effect: "before", action: group.backUp });
    const triggered = { ...program, triggers: { before: "migration" } };
    await expectFailure(stack.up(triggered), /none is listed/);
    await expectFailure(stack.up(triggered), /not listed yet/);
    world().clock.pass(31 * 60);
    await expectEnd(stack.up(triggered), "replaced");
    assert.notEqual(readState(stack)["backupId"], first);
    assert.equal(world().simulator.createdBackups.length, 2);
  });

  it("is found although an older one has its name", async () => {
    const stack = world().addStack(group.backupType, "other");
    const program = { groupId: world().sourceOf(group), name: "by-hand" };
    await expectEnd(stack.up(program), "created");
    const first = readState(stack)["backupId"];
    world().clock.pass(300);
    world().simulator.injectFault({ kind: "lostAnswer", effect: "after", action: group.backUp });
    await expectEnd(stack.up({ ...program, triggers: { before: "migration" } }), "replaced");
    assert.notEqual(readState(stack)["backupId"], first);
    assert.equal(world().simulator.createdBackups.length, 2);
  });
});
