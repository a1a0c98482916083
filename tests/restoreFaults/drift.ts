/** What happens to a restored database in the cloud, and lists that do not show it. */

import assert from "node:assert/strict";
import { demo, startSimulator } from "../../simulator";
import { forEachKind } from "./creations";
import { fail, type RestoreFault, up } from "./restoreFaultCase";
import type { Kind } from "./kinds";
import type { Stack } from "./stack";
import type { World } from "./world";

const one = { made: 1, adopted: 0, leftOver: 0 };
const NOTHING = "a warning; nothing is changed";

/** `up --refresh` of what has changed in the cloud: it warns, and sends no write. */
async function expectWarning(
  world: World,
  {
    stack,
    kind,
    program,
    warning,
  }: { stack: Stack; kind: Kind; program: ReturnType<World["program"]>; warning: RegExp },
): Promise<void> {
  const writes = world.countWrites();
  const { did, error } = await stack.refresh();
  assert.equal(did, "read", error);
  const told = world.messages.length;
  const ending = await stack.up(program);
  assert.ok(["same", "updated"].includes(ending.did), ending.error);
  assert.match(world.messages.slice(told).join("\n"), warning);
  assert.equal(world.countWrites(), writes);
  assert.equal(world.countSent(kind.create), 1);
}

/** Runs a task with the keys of another account, which has databases of its own. */
async function asOtherAccount(world: World, task: () => Promise<void>): Promise<void> {
  const other = await startSimulator({ publicKey: "other-public-key", privateKey: "other-private-key" });
  const { target } = world;
  try {
    world.target = other;
    await task();
    assert.equal(other.created.length, 0);
  } finally {
    world.target = target;
    await other.close();
  }
}

export const drift: readonly RestoreFault[] = [
  {
    name: "zones swapped by a failover, then up --refresh",
    outcome: NOTHING,
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      const program = world.program(kind, { zone: demo.zone, slaveZone: demo.slaveZone });
      await up(stack, program, "created");
      world.simulator.changeDatabase(world.only.id, { zone: demo.slaveZone, slaveZone: demo.zone });
      await expectWarning(world, { stack, kind, program, warning: /changed in the cloud[\s\S]*zone/i });
    }),
  },
  {
    name: "version upgraded in the console",
    outcome: NOTHING,
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      const program = world.program(kind, { version: "6.0" });
      await up(stack, program, "created");
      world.simulator.changeDatabase(world.only.id, { version: "7.0" });
      await expectWarning(world, { stack, kind, program, warning: /changed in the cloud[\s\S]*version/i });
    }),
  },
  {
    name: "a database that ran shows Fail",
    outcome: "a warning; nothing is replaced",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      const program = world.program(kind);
      await up(stack, program, "created");
      world.simulator.failDatabase(world.only.id);
      await expectWarning(world, { stack, kind, program, warning: /Fail[\s\S]*Nothing is replaced/ });
      world.simulator.setState(world.only.id, "Running");
      await stack.refresh();
    }),
  },
  {
    name: "keys of another account on refresh",
    outcome: "the refresh fails; the state keeps it",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.settings = {};
      await up(stack, world.program(kind), "created");
      await asOtherAccount(world, async () => {
        const { did, error } = await stack.refresh();
        assert.equal(did, "failed");
        assert.match(error, /state keeps it/);
      });
      assert.equal((await stack.refresh()).did, "read");
      assert.equal(stack.held.length, 1);
    }),
  },
  {
    name: "keys of another account on destroy",
    outcome: "fails; the state keeps it",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.settings = {};
      await up(stack, world.program(kind), "created");
      await asOtherAccount(world, async () => {
        const { did, error } = await stack.destroy();
        assert.equal(did, "failed");
        assert.match(error, new RegExp(world.only.id));
      });
      assert.equal(stack.held.length, 1);
    }),
  },
  {
    name: "keys of another project on refresh",
    outcome: "the project in state is asked; the state keeps it",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const { settings } = world;
      world.settings = { projectId: demo.otherProjectId };
      const { did, error } = await stack.refresh();
      assert.equal(did, "read", error);
      assert.equal(stack.held.length, 1);
      world.settings = settings;
    }),
  },
  {
    name: "database deleted by hand, then up --refresh",
    outcome: "leaves the state after two complete lists; another one is made",
    expected: { made: 2, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      await world.remove(world.only.id);
      assert.equal((await stack.refresh()).did, "read");
      assert.deepEqual(stack.held, []);
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "lists lack a database during a refresh",
    outcome: "the refresh fails unless they are complete; the state keeps it",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const { id } = world.only;
      world.simulator.changeDatabase(id, { hiddenLooks: 2 });
      world.isListIncomplete = true;
      const { did } = await stack.refresh();
      assert.equal(did, "failed");
      assert.equal(stack.held.length, 1);
      world.isListIncomplete = false;
      world.simulator.changeDatabase(id, { hiddenLooks: 1 });
      assert.equal((await stack.refresh()).did, "read");
      assert.equal(stack.held.length, 1);
    }),
  },
  {
    name: "database deleted by hand, then up without a refresh",
    outcome: "a change fails with `[NotFound]`, and says to refresh; nothing is made",
    expected: { made: 2, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      await world.remove(world.only.id);
      await fail(stack, world.program(kind, { name: "orders-renamed" }), /\[NotFound\][\s\S]*pulumi refresh/);
      assert.equal(world.countSent(kind.create), 1);
      await stack.refresh();
      await up(stack, world.program(kind), "created");
    }),
  },
];
