/** Faults while one database replaces another, whose data must not be lost. */

import assert from "node:assert/strict";
import { fillManualBackups } from "./backups";
import { breakCreation, forEachKind } from "./creations";
import { fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import type { Kind } from "./kinds";
import type { UpOptions } from "./stack";
import type { World } from "./world";

const two = { made: 2, adopted: 0, leftOver: 0 };
const three = { made: 3, adopted: 0, leftOver: 0 };
const KEPT = { continuesOnError: true } as const;

/** A restored database, and the program whose trigger restores it anew. */
function forEachTrigger(
  run: (scene: {
    readonly world: World;
    readonly kind: Kind;
    readonly stack: ReturnType<World["addStack"]>;
    readonly program: ReturnType<World["program"]>;
    /** The id of the database that is replaced. */
    readonly old: string;
  }) => Promise<void>,
): Variant[] {
  return forEachKind(async (world, kind, stack) => {
    const more = { finalBackup: true };
    await up(stack, world.program(kind, { ...more, triggers: { drill: "1" } }), "created");
    const old = world.only.id;
    await run({
      world,
      kind,
      stack,
      old,
      program: world.program(kind, { ...more, triggers: { drill: "2" } }),
    });
  });
}

/** A replacement that fails, and what becomes of the old one under these options. */
function failReplacement(options?: UpOptions): Variant[] {
  return forEachTrigger(async ({ world, kind, stack, program, old }) => {
    breakCreation(world, kind, { kind: "retCode", retCode: 20013 });
    await fail(stack, program, /RetCode 20013/, options);
    assert.equal(world.only.id, old);
    assert.ok(stack.current?.id.endsWith(old));
    await up(stack, program, "replaced");
    assert.notEqual(world.only.id, old);
  });
}

/** A replacement that is made and never runs. */
function failNew(options?: UpOptions): Variant[] {
  return forEachTrigger(async ({ world, kind, stack, program, old }) => {
    const state = kind.title === "group" ? "CreateFail" : "Fail";
    breakCreation(world, kind, { kind: "outcome", state });
    await fail(stack, program, /\[CreateFailed\]/, options);
    assert.ok(world.existing.some(({ id }) => id === old));
    assert.equal(stack.held.length, 2);
    await up(stack, program, "replaced");
    assert.notEqual(world.only.id, old);
  });
}

export const replacements: readonly RestoreFault[] = [
  {
    name: "replacement fails",
    outcome: "the old one is kept; the next `up` goes on",
    expected: two,
    variants: failReplacement(),
  },
  {
    name: "replacement fails under --continue-on-error",
    outcome: "the old one is kept, although it is to be deleted; the next `up` goes on",
    expected: two,
    variants: failReplacement(KEPT),
  },
  {
    name: "replacement ends in CreateFail",
    outcome: "the old one is kept; the next `up` makes another one, and deletes both",
    expected: three,
    variants: failNew(),
  },
  {
    name: "replacement ends in CreateFail under --continue-on-error",
    outcome: "the old one is kept, although it is to be deleted; the next `up` goes on",
    expected: three,
    variants: failNew(KEPT),
  },
  {
    name: "replacement: answer lost after it took effect",
    outcome: "is found by the name of the attempt; then the old one is deleted",
    expected: { made: 2, adopted: 1, leftOver: 0 },
    variants: forEachTrigger(async ({ world, kind, stack, program, old }) => {
      breakCreation(world, kind, { kind: "lostAnswer", effect: "after" });
      await up(stack, program, "replaced");
      assert.notEqual(world.only.id, old);
    }),
  },
  {
    name: "replacement: Ctrl-C during the wait",
    outcome: "the old one is kept; the next `up` goes on, and deletes it then",
    expected: two,
    variants: forEachTrigger(async ({ world, kind, stack, program, old }) => {
      breakCreation(world, kind, { kind: "outcome", takes: { seconds: 600 } });
      world.onRequest = ({ parameters }) => {
        const made = world.existing.find(({ id }) => id !== old);
        if (made !== undefined && parameters.ResourceId === made.id) world.cancel();
      };
      await fail(stack, program, /\[Cancelled\]/);
      world.onRequest = () => undefined;
      assert.equal(world.existing.length, 2);
      await up(stack, program, "updated");
      assert.notEqual(world.only.id, old);
    }),
  },
  {
    name: "no usable backup is left when `triggers` change",
    outcome: "the comparison fails, before anything is made or deleted",
    expected: { made: 1, adopted: 0, leftOver: 0 },
    variants: forEachTrigger(async ({ world, kind, stack, program, old }) => {
      for (const id of world.backupsOf(kind)) world.simulator.expireBackup(id);
      const writes = world.countWrites();
      await fail(stack, program, /\[No(UsableBackup|Backups)\]/);
      await fail(stack, program, /\[No(UsableBackup|Backups)\]/, KEPT);
      assert.equal(world.countWrites(), writes);
      assert.equal(world.only.id, old);
      await up(stack, world.program(kind, { finalBackup: true, triggers: { drill: "1" } }), "same");
    }),
  },
  {
    name: "--replace with a name given",
    outcome: "a new one is made, and the old one deleted after it",
    expected: two,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const old = world.only.id;
      await up(stack, world.program(kind), "replaced", { isReplaced: true });
      assert.notEqual(world.only.id, old);
      assert.ok(stack.current?.id.endsWith(world.only.id));
    }),
  },
  {
    name: "--replace with a name given, and the answer is lost",
    outcome: "the new one is found by the name of the attempt, never the old one by its name",
    expected: { made: 2, adopted: 1, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const old = world.only.id;
      breakCreation(world, kind, { kind: "lostAnswer", effect: "after" });
      await up(stack, world.program(kind), "replaced", { isReplaced: true });
      assert.notEqual(world.only.id, old);
    }),
  },
  {
    name: "final backup refused while a replacement is pending",
    outcome: "`[FinalBackupFailed]`; the variable that it prints gets past it",
    expected: two,
    variants: forEachTrigger(async ({ world, kind, stack, program, old }) => {
      fillManualBackups(world.simulator, kind, old);
      await fail(stack, program, /\[FinalBackupFailed\][\s\S]*20208/);
      assert.equal(world.existing.length, 2);
      // The resource's arguments in state are old: a changed program does not help.
      const later = { ...program, finalBackup: false };
      await fail(stack, later, /\[FinalBackupFailed\]/);
      const line = /UCLOUD_REDIS_SKIP_FINAL_BACKUP=(\S+) pulumi up/.exec(world.messages.at(-1) ?? "");
      assert.equal(line?.[1], old);
      world.env["UCLOUD_REDIS_SKIP_FINAL_BACKUP"] = old;
      await up(stack, later, "same");
      assert.notEqual(world.only.id, old);
    }),
  },
  {
    name: "deletion of the replaced one fails",
    outcome: "state keeps it; the next `up` deletes it",
    expected: two,
    variants: forEachTrigger(async ({ world, kind, stack, program, old }) => {
      world.simulator.injectFault({ kind: "retCode", retCode: 20004, action: kind.delete });
      await fail(stack, program, /RetCode 20004/);
      assert.equal(stack.held.length, 2);
      await up(stack, program, "same");
      assert.notEqual(world.only.id, old);
    }),
  },
];
