/** What becomes impossible between the preview, the choice and the creation. */

import assert from "node:assert/strict";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./restoreFaultCase";
import { decideCreation, failState } from "./waits";

const one = { made: 1, adopted: 0, leftOver: 0 };
const two = { made: 2, adopted: 0, leftOver: 0 };

export const expiries: readonly RestoreFault[] = [
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
