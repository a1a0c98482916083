/** Creations whose answer is lost, and that do not show at once. */

import assert from "node:assert/strict";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./restoreFaultCase";
import { decideCreation } from "./waits";
import type { World } from "./world";

export const lateRows: readonly RestoreFault[] = [
  {
    name: "creation: answer lost, and its row appears late",
    outcome: "is found by the name of the attempt",
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 8 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await up(stack, world.program(kind), "created");
      assert.equal(world.countSent(kind.create), 1);
    }),
  },
  {
    name: "creation: answer lost, and its row appears after 120 s",
    outcome: "`[OutcomeUnknown]`; the next `up` finds it by the name of the attempt",
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 40 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
      world.clock.pass(600);
      hurry(world);
      await up(stack, world.program(kind), "updated");
      assert.equal(world.countSent(kind.create), 1);
    }),
  },
  {
    name: "creation: answer lost, and its row appears after 30 min",
    outcome: "another one was made; the message of the first `up` names this one",
    expected: { made: 2, adopted: 0, leftOver: 1 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 1000 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
      world.clock.pass(31 * 60);
      await up(stack, world.program(kind), "replaced");
      hurry(world);
    }),
  },
  {
    name: "creation: answer lost, and `destroy` before its row appears",
    outcome: "a warning names it; nothing is deleted",
    expected: { made: 1, adopted: 0, leftOver: 1 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 1000 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
      const told = world.messages.length;
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
      assert.match(world.messages.slice(told).join("\n"), new RegExp(world.only.name));
      hurry(world);
    }),
  },
  {
    name: "creation: answer lost, and `destroy` after its row appears",
    outcome: "is found by the name of the attempt, and deleted",
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 40 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
      hurry(world);
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
      assert.deepEqual(world.existing, []);
    }),
  },
  {
    name: "creation: answer lost, and `refresh` after its row appears",
    outcome: "is found by the name of the attempt; it stays unfinished, and the next `up` goes on",
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 40 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
      await stack.refresh();
      assert.match(stack.current?.id ?? "", /name=/);
      hurry(world);
      await stack.refresh();
      assert.ok(stack.current?.id.endsWith(world.only.id));
      await up(stack, world.program(kind), "updated");
    }),
  },
  {
    name: "a hook of the program repeats a creation that failed",
    outcome: "finds what the first one made",
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 40 });
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      await up(stack, world.program(kind), "created", { repeats: 4 });
      assert.equal(world.countSent(kind.create), 1);
    }),
  },
];

/** Lets what is hidden appear. */
function hurry(world: World): void {
  for (const { id } of world.existing) world.simulator.changeDatabase(id, { hiddenLooks: 0 });
}
