/** Runs that are cancelled, lose their state, or run at the same time as another. */

import assert from "node:assert/strict";
import { expectFinalBackup } from "./backups";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./restoreFaultCase";
import type { Kind } from "./kinds";
import { otherWrites, takeOver } from "./kills";
import type { Stack } from "./stack";
import type { World } from "./world";

const one = { made: 1, adopted: 0, leftOver: 0 };
const taken = { made: 1, adopted: 1, leftOver: 0 };

export const interruptions: readonly RestoreFault[] = [
  {
    name: "Ctrl-C during the wait",
    outcome: "is kept in state; the next `up` goes on",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      await cancelWait(world, kind, stack);
      await up(stack, world.program(kind), "updated");
      assert.equal(world.countSent(kind.create), 1);
    }),
  },
  {
    name: "Ctrl-C before the request is sent",
    outcome: "nothing is made",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.onRequest = ({ action }) => {
        if (action === "DescribeUMem") world.cancel();
      };
      await fail(stack, world.program(kind), /\[Cancelled\]/);
      world.onRequest = () => undefined;
      assert.deepEqual([world.countWrites(), stack.held], [0, []]);
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "Ctrl-C while the request is under way",
    outcome: "its answer is awaited, and kept in state; the next `up` goes on",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.onRequest = ({ action }) => {
        if (action === kind.create) world.cancel();
      };
      await fail(stack, world.program(kind), /\[Cancelled\]/);
      world.onRequest = () => undefined;
      assert.ok(stack.current?.id.endsWith(world.only.id));
      await up(stack, world.program(kind), "updated");
    }),
  },
  {
    name: "Ctrl-C while the request is under way, and its answer is lost",
    outcome: "one look finds it; the next `up` goes on",
    expected: taken,
    variants: forEachKind(async (world, kind, stack) => {
      world.simulator.injectFault({ kind: "lostAnswer", effect: "after", action: kind.create });
      world.onRequest = ({ action }) => {
        if (action === kind.create) world.cancel();
      };
      await fail(stack, world.program(kind), /\[Cancelled\]/);
      world.onRequest = () => undefined;
      assert.ok(stack.current?.id.endsWith(world.only.id));
      await up(stack, world.program(kind), "updated");
    }),
  },
  {
    name: "Ctrl-C while a change is under way",
    outcome: "its answer is awaited; the next `up` compares with the cloud, and goes on",
    expected: one,
    variants: otherWrites.map(({ title, kind, action, more }) => ({
      title,
      async run(world) {
        const stack = world.addStack(kind.type);
        await up(stack, world.program(kind), "created");
        world.onRequest = (request) => {
          if (request.action === action) world.cancel();
        };
        const program = world.program(kind, more);
        await stack.up(program);
        world.onRequest = () => undefined;
        assert.equal(world.simulator.requests.findLast((each) => each.action === action)?.retCode, 0);
        world.clock.pass(60);
        const { did, error } = await stack.up(program);
        assert.ok(["updated", "same"].includes(did), error);
        await up(stack, program, "same");
      },
    })),
  },
  {
    name: "Ctrl-C while a deletion is under way",
    outcome: "its answer is awaited; the next `destroy` waits until it is gone",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind, { finalBackup: false }), "created");
      world.simulator.injectFault({ kind: "outcome", action: kind.delete, takes: { seconds: 600 } });
      world.onRequest = ({ action }) => {
        if (action === kind.delete) world.cancel();
      };
      const { error } = await stack.destroy();
      assert.match(error, /\[Cancelled\]/);
      world.onRequest = () => undefined;
      assert.equal(stack.held.length, 1);
      const again = await stack.destroy();
      assert.equal(again.did, "deleted", again.error);
      assert.equal(world.countSent(kind.delete), 1);
    }),
  },
  {
    name: "Ctrl-C while the final backup runs",
    outcome: "nothing is deleted; the next `destroy` waits for that backup",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind, { finalBackup: true }), "created");
      const { id } = world.only;
      world.simulator.injectFault({ kind: "outcome", action: kind.backUp, takes: { seconds: 600 } });
      world.onRequest = ({ action }) => {
        if (action === kind.listBackups && world.countSent(kind.backUp) > 0) world.cancel();
      };
      const { error } = await stack.destroy();
      assert.match(error, /\[FinalBackupFailed\]/);
      world.onRequest = () => undefined;
      assert.equal(world.countSent(kind.delete), 0);
      const again = await stack.destroy();
      assert.equal(again.did, "deleted", again.error);
      expectFinalBackup(world, stack, id);
    }),
  },
  {
    name: "state file lost while the database was being made",
    outcome: "`[AlreadyExists]` names it, and how to take it over",
    expected: taken,
    variants: forEachKind(async (world, kind, stack) => {
      await cancelWait(world, kind, stack);
      stack.loseState();
      await takeOver(world, kind, stack);
    }),
  },
  {
    name: "state file lost after the restore",
    outcome: "a warning names it; another one is made",
    expected: { made: 2, adopted: 0, leftOver: 1 },
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const { id } = world.only;
      stack.loseState();
      await up(stack, world.program(kind), "created");
      assert.match(
        world.messages.join("\n"),
        new RegExp(`${id} in .* If a state that was lost made it, import it`),
      );
    }),
  },
  {
    name: "two stacks restore the same source at once",
    outcome: "each makes its own",
    expected: { made: 2, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      const other = world.addStack(kind.type, "staging");
      world.isConcurrent = true;
      await Promise.all([
        up(stack, world.program(kind), "created"),
        up(other, world.program(kind), "created"),
      ]);
      world.isConcurrent = false;
      world.audit();
      assert.notEqual(stack.current?.id, other.current?.id);
    }),
  },
];

/** Runs `up`, and cancels it while the database is being made. */
async function cancelWait(world: World, kind: Kind, stack: Stack): Promise<void> {
  world.simulator.injectFault({ kind: "outcome", action: kind.create, takes: { seconds: 600 } });
  let looks = 0;
  world.onRequest = ({ parameters }) => {
    const [database] = world.existing;
    if (database !== undefined && parameters.ResourceId === database.id && ++looks === 3) world.cancel();
  };
  await fail(stack, world.program(kind), /\[Cancelled\]/);
  world.onRequest = () => undefined;
  assert.equal(looks, 3);
  assert.equal(stack.held.length, 1);
}
