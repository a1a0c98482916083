/** What can happen to a database while it comes up. */

import assert from "node:assert/strict";
import type { Outcome } from "../../simulator";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./restoreFaultCase";
import type { Kind } from "./kinds";
import type { World } from "./world";

const one = { made: 1, adopted: 0, leftOver: 0 };
const two = { made: 2, adopted: 0, leftOver: 0 };

/** Says what becomes of the next database that is created. */
export function decideCreation({ simulator }: World, { create: action }: Kind, outcome: Outcome): void {
  simulator.injectFault({ kind: "outcome", action, ...outcome });
}

/** The state of a database that could not be created. */
export const failState = (kind: Kind): string => (kind.title === "group" ? "CreateFail" : "Fail");

export const waits: readonly RestoreFault[] = [
  {
    name: "creation: the state ends in CreateFail",
    outcome: "`[CreateFailed]`; the next `up` makes another one, and deletes this one",
    expected: two,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { state: failState(kind) });
      await fail(stack, world.program(kind), /\[CreateFailed\]/);
      await up(stack, world.program(kind), "replaced");
    }),
  },
  {
    name: "creation: stays in Creating",
    outcome: "`[Timeout]`; the next `up` goes on waiting",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { isStuck: true });
      const startedAt = world.clock.elapsed();
      await fail(stack, world.program(kind), /\[Timeout\]/, { timeoutSeconds: 600 });
      const waited = (world.clock.elapsed() - startedAt) / 1000;
      assert.ok(waited >= 600 && waited < 700, `waited ${waited} s`);
      await fail(stack, world.program(kind), /\[Timeout\]/);
      world.simulator.setState(world.only.id, "Running");
      await up(stack, world.program(kind), "updated");
      assert.equal(world.countSent(kind.create), 1);
    }),
  },
  {
    name: "creation: a state that nobody knows",
    outcome: "is waited for",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { state: "Meditating" });
      let looks = 0;
      world.onRequest = ({ parameters }) => {
        const [database] = world.existing;
        if (parameters.ResourceId === database?.id && database?.state === "Meditating" && ++looks === 4) {
          world.simulator.setState(database.id, "Running");
        }
      };
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "creation: a state that nobody knows, for ever",
    outcome: "`[Timeout]`; the next `up` goes on waiting",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { state: "Meditating" });
      await fail(stack, world.program(kind), /\[Timeout\][\s\S]*Meditating/);
      world.simulator.setState(world.only.id, "Running");
      await up(stack, world.program(kind), "updated");
    }),
  },
  {
    name: "creation: its row appears late",
    outcome: "is waited for",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { hiddenLooks: 8 });
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "database vanishes while it is waited for",
    outcome: "`[CreateFailed]`; the next `up` makes another one",
    expected: two,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { isStuck: true });
      let looks = 0;
      world.onRequest = ({ parameters }) => {
        const [database] = world.existing;
        if (database !== undefined && parameters.ResourceId === database.id && ++looks === 3) {
          void world.remove(database.id);
        }
      };
      await fail(stack, world.program(kind), /\[CreateFailed\][\s\S]*no longer listed/);
      world.onRequest = () => undefined;
      await up(stack, world.program(kind), "replaced");
    }),
  },
  {
    name: "a hook of the program repeats a creation that ended in CreateFail",
    outcome: "`[CreateFailed]` again; the next `up` makes another one, and deletes this one",
    expected: two,
    variants: forEachKind(async (world, kind, stack) => {
      decideCreation(world, kind, { state: failState(kind) });
      await fail(stack, world.program(kind), /\[CreateFailed\]/, { repeats: 2 });
      assert.equal(world.countSent(kind.create), 1);
      await up(stack, world.program(kind), "replaced");
    }),
  },
];
