/** What can happen to a database while it comes up, and to the backup that it is made from. */

import assert from "node:assert/strict";
import type { Outcome } from "../../simulator";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./faultCase";
import type { Kind } from "./kinds";
import type { World } from "./world";

const one = { made: 1, adopted: 0, leftOver: 0 };
const two = { made: 2, adopted: 0, leftOver: 0 };

/** Says what becomes of the next database that is created. */
function decideCreation({ simulator }: World, { create: action }: Kind, outcome: Outcome): void {
  simulator.injectFault({ kind: "outcome", action, ...outcome });
}

/** The state of a database that could not be created. */
const failState = (kind: Kind): string => (kind.title === "group" ? "CreateFail" : "Fail");

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
  {
    name: "backup expires between preview and up",
    outcome: "the next usable one is chosen, or `[NoUsableBackup]`",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      const [newest = "", older = ""] = world.backupsOf(kind);
      const { did, error } = await stack.preview(world.program(kind));
      assert.equal(did, "same", error);
      world.simulator.expireBackup(newest);
      world.simulator.expireBackup(older);
      await fail(stack, world.program(kind), /\[No(UsableBackup|Backups)\]/);
      assert.equal(world.countWrites(), 0);
      world.simulator.fleet = { ...world.simulator.fleet, ...world.backupsAtFirst };
      world.simulator.expireBackup(newest);
      await up(stack, world.program(kind), "created");
      assert.equal(world.only.sourceBackupId, older);
    }),
  },
  {
    name: "backup expires between choice and creation, and the API refuses",
    outcome: "fails with the API's code; the next `up` chooses again",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      const [newest = "", older = ""] = world.backupsOf(kind);
      world.onRequest = ({ action }) => {
        if (action === kind.create) world.simulator.expireBackup(newest);
      };
      await fail(stack, world.program(kind), /RetCode 20207/);
      assert.deepEqual(stack.held, []);
      await up(stack, world.program(kind), "created");
      assert.equal(world.only.sourceBackupId, older);
    }),
  },
  {
    name: "backup expires between choice and creation, and the database fails",
    outcome: "`[CreateFailed]`; the next `up` chooses again, and deletes this one",
    expected: two,
    variants: forEachKind(async (world, kind, stack) => {
      const [newest = "", older = ""] = world.backupsOf(kind);
      decideCreation(world, kind, { state: failState(kind) });
      await fail(stack, world.program(kind), /\[CreateFailed\]/);
      world.simulator.expireBackup(newest);
      await up(stack, world.program(kind), "replaced");
      assert.equal(world.only.sourceBackupId, older);
    }),
  },
  {
    name: "the list of databases is not complete before a creation",
    outcome: "fails, and nothing is sent",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.isListIncomplete = true;
      await fail(stack, world.program(kind), /could not be listed completely[\s\S]*Nothing was created/);
      assert.equal(world.countWrites(), 0);
      world.isListIncomplete = false;
      await up(stack, world.program(kind), "created");
    }),
  },
];

/** Lets what is hidden appear. */
function hurry(world: World): void {
  for (const { id } of world.existing) world.simulator.changeDatabase(id, { hiddenLooks: 0 });
}
