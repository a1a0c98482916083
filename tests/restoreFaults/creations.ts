/** Faults of the request that creates a database. */

import assert from "node:assert/strict";
import { type BareFault, fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import { type Kind, kinds } from "./kinds";
import type { Stack } from "./stack";
import type { World } from "./world";

type Scene = (world: World, kind: Kind, stack: Stack) => Promise<void>;

/** A variant for each kind of database. */
export function forEachKind(run: Scene, options?: (kind: Kind) => Variant["options"]): Variant[] {
  return kinds.map((kind) => {
    const own = options?.(kind);
    return {
      title: kind.title,
      ...(own === undefined ? {} : { options: own }),
      run: (world: World) => run(world, kind, world.addStack(kind.type)),
    };
  });
}

/** Lets the next creation meet a fault. */
export function breakCreation(world: World, kind: Kind, fault: BareFault, times = 1): void {
  world.simulator.injectFault({ ...fault, times, action: kind.create });
}

/** The creation takes effect, and its answer does not arrive. */
function createFound(fault: BareFault): Variant[] {
  return forEachKind(async (world, kind, stack) => {
    breakCreation(world, kind, fault);
    await up(stack, world.program(kind), "created");
    assert.equal(world.countSent(kind.create), 1);
  });
}

/** The creation never takes effect, and nobody can know. */
function createPending(fault: BareFault): Variant[] {
  return forEachKind(async (world, kind, stack) => {
    breakCreation(world, kind, fault);
    await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
    await fail(stack, world.program(kind), /\[OutcomeUnknown\]/);
    assert.equal(world.countSent(kind.create), 1);
    world.clock.pass(31 * 60);
    await up(stack, world.program(kind), "replaced");
    assert.equal(world.countSent(kind.create), 2);
  });
}

const FOUND = "is found by the name of the attempt";
const UNKNOWN = "`[OutcomeUnknown]` after a search of 120 s; made anew from 30 min after the sending";

export const creations: readonly RestoreFault[] = [
  {
    name: "creation: answer lost before it took effect",
    outcome: UNKNOWN,
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: createPending({ kind: "lostAnswer", effect: "before" }),
  },
  {
    name: "creation: answer lost after it took effect",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "lostAnswer", effect: "after" }),
  },
  {
    name: "creation: HTTP 502 before it took effect",
    outcome: "`[OutcomeUnknown]`, as after a lost answer",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: createPending({ kind: "status", status: 502, effect: "before" }),
  },
  {
    name: "creation: HTTP 502 after it took effect",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "status", status: 502, effect: "after" }),
  },
  {
    name: "creation: RetCode 110 before it took effect",
    outcome: "`[OutcomeUnknown]`, as after a lost answer",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: createPending({ kind: "retCode", retCode: 110, effect: "before" }),
  },
  {
    name: "creation: RetCode 110 after it took effect",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "retCode", retCode: 110, effect: "after" }),
  },
  {
    name: "creation: RetCode 153",
    outcome: "is sent again",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      breakCreation(world, kind, { kind: "retCode", retCode: 153 });
      await up(stack, world.program(kind), "created");
      assert.equal(world.countSent(kind.create), 2);
    }),
  },
  {
    name: "creation: refused",
    outcome: "fails with the API's code; nothing is in state",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      breakCreation(world, kind, { kind: "retCode", retCode: 20013, message: "balance too low" });
      await fail(stack, world.program(kind), /RetCode 20013/);
      assert.deepEqual(stack.held, []);
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "creation: refused with a code of its own, after it took effect",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "retCode", retCode: 20200, effect: "after" }),
  },
  {
    name: "creation: empty answer",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "raw", body: "", effect: "after" }),
  },
  {
    name: "creation: id missing in the answer",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: createFound({ kind: "answerWithoutId" }),
  },
  {
    name: "creation: RetCode 153 without an end",
    outcome: "fails; nothing was made, and nothing is in state",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      breakCreation(world, kind, { kind: "retCode", retCode: 153 }, Infinity);
      await fail(stack, world.program(kind), /\[Throttled\]/);
      assert.deepEqual([world.existing, stack.held], [[], []]);
      world.simulator.clearFaults();
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "creation: the id of another database in the answer",
    outcome: FOUND,
    expected: { made: 1, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      const id = world.sourceOf(kind);
      const body = { RetCode: 0, Action: `${kind.create}Response`, GroupId: id, SpaceId: id };
      breakCreation(world, kind, { kind: "json", body, effect: "after" });
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "creation: one request makes two databases, and the answer is lost",
    outcome: "`[OutcomeUnknown]` names both, until one of them is deleted in the console",
    expected: { made: 2, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      breakCreation(world, kind, { kind: "lostAnswer", effect: "after" });
      world.onRequest = () => {
        const [made, ...others] = world.existing;
        if (made === undefined || others.length > 0) return;
        world.simulator.addDatabase({ ...made, id: `${made.id}-again` });
      };
      await fail(stack, world.program(kind), /\[OutcomeUnknown\][\s\S]*-again/);
      world.onRequest = () => undefined;
      const [{ id } = { id: "" }] = world.existing;
      await fail(stack, world.program(kind), new RegExp(`${id}[\\s\\S]*${id}-again`));
      await world.remove(`${id}-again`);
      await up(stack, world.program(kind), "updated");
    }),
  },
];
