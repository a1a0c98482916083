/** The plugin's process is killed in the middle of a write. */

import assert from "node:assert/strict";
import { type PropertyMap, Secret } from "../../provider/plugin/codec";
import { writeBackupProgram } from "./backups";
import { breakCreation, forEachKind } from "./creations";
import { fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import { group, type Kind, kinds, SET_STRATEGY } from "./kinds";
import type { Stack } from "./stack";
import type { KillMoment, World } from "./world";

const one = { made: 1, adopted: 0, leftOver: 0 };
const taken = { made: 1, adopted: 1, leftOver: 0 };

/** Runs `up`, which says that an interrupted run made something, and takes that over as the message says. */
export async function takeOver(world: World, kind: Kind, stack: Stack): Promise<void> {
  const program = world.program(kind);
  const { id } = world.only;
  await fail(stack, program, /\[AlreadyExists\][\s\S]*pulumi import/);
  assert.equal(world.countSent(kind.create), 1);
  const text = world.messages.at(-1) ?? "";
  const named = /pulumi import \S+ orders (\S+)/.exec(text)?.[1] ?? "";
  assert.ok(named.endsWith(id), named);
  const { did, error } = await stack.takeOver(named);
  assert.equal(did, "read", error);
  await up(stack, program, "updated");
}

function killCreation(moment: (kind: Kind) => KillMoment): Variant[] {
  return forEachKind(async (world, kind, stack) => {
    world.killAt(moment(kind));
    await up(stack, world.program(kind), "killed");
    await takeOver(world, kind, stack);
  });
}

/** A write other than a creation, and the program that brings it about. */
interface OtherWrite {
  readonly title: string;
  readonly kind: Kind;
  readonly action: string;
  readonly more: PropertyMap;
}

/** The writes that change a database. */
export const otherWrites: readonly OtherWrite[] = [
  ...kinds.flatMap((kind): OtherWrite[] => [
    { title: `name of a ${kind.title}`, kind, action: kind.rename, more: { name: "orders-renamed" } },
    {
      title: `password of a ${kind.title}`,
      kind,
      action: kind.setPassword,
      more: { password: new Secret("second-Password-2") },
    },
    { title: `size of a ${kind.title}`, kind, action: kind.resize, more: { size: kind.doubleSize } },
  ]),
  { title: "backup strategy of a group", kind: group, action: SET_STRATEGY, more: { backupHour: 0 } },
];

/** The plugin is killed while it changes, deletes or backs up, and the same command is run again. */
function killOthers(moment: (action: string, look: string) => KillMoment): Variant[] {
  const changes = otherWrites.map(({ title, kind, action, more }) => ({
    title,
    async run(world: World) {
      const stack = world.addStack(kind.type);
      await up(stack, world.program(kind), "created");
      world.killAt(moment(action, "DescribeUMem"));
      const program = { ...world.program(kind), ...more };
      await up(stack, program, "killed");
      await up(stack, program, "updated");
      const { size, backupHour } = world.only;
      assert.equal(size, more["size"] ?? kind.doubleSize / 2);
      assert.equal(backupHour, more["backupHour"] ?? backupHour);
    },
  }));
  const deletions = kinds.map((kind) => ({
    title: `deletion of a ${kind.title}`,
    async run(world: World) {
      const stack = world.addStack(kind.type);
      await up(stack, world.program(kind, { finalBackup: false }), "created");
      world.killAt(moment(kind.delete, "DescribeUMem"));
      assert.equal((await stack.destroy()).did, "killed");
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
    },
  }));
  const finalBackups = kinds.map((kind) => ({
    title: `final backup of a ${kind.title}`,
    async run(world: World) {
      const stack = world.addStack(kind.type);
      await up(stack, world.program(kind, { finalBackup: true }), "created");
      world.killAt(moment(kind.backUp, kind.listBackups));
      assert.equal((await stack.destroy()).did, "killed");
      assert.equal(world.existing.length, 1);
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
      assert.equal(world.countSent(kind.backUp), 1);
    },
  }));
  return [...changes, ...deletions, ...finalBackups];
}

export const kills: readonly RestoreFault[] = [
  {
    name: "plugin killed before the request took effect",
    outcome: "nothing was made; the next `up` starts anew",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      world.killAt({ action: kind.create, effect: "before" });
      await up(stack, world.program(kind), "killed");
      await up(stack, world.program(kind), "created");
    }),
  },
  {
    name: "plugin killed between request and answer",
    outcome: "`[AlreadyExists]` names it, and how to take it over",
    expected: taken,
    variants: killCreation(({ create }) => ({ action: create, effect: "after" })),
  },
  {
    name: "plugin killed between answer and state",
    outcome: "`[AlreadyExists]` names it, and how to take it over",
    expected: taken,
    variants: killCreation(({ create }) => ({
      action: "DescribeUMem",
      effect: "before",
      following: create,
    })),
  },
  {
    name: "plugin killed after the restore, before state is written",
    outcome: "a warning names it; another one is made",
    expected: { made: 2, adopted: 0, leftOver: 1 },
    variants: forEachKind(
      async (world, kind, stack) => {
        world.killAt({ action: kind.rename, effect: "after" });
        await up(stack, world.program(kind), "killed");
        const { id } = world.only;
        await up(stack, world.program(kind), "created");
        assert.match(
          world.messages.join("\n"),
          new RegExp(`${id} in .* If a state that was lost made it, import it`),
        );
      },
      () => ({ provisioning: { create: { looks: 0 } } }),
    ),
  },
  {
    name: "plugin killed between request and answer of another write",
    outcome: "the same command goes on",
    expected: one,
    variants: killOthers((action) => ({ action, effect: "after" })),
  },
  {
    name: "plugin killed between answer and state of another write",
    outcome: "the same command goes on",
    expected: one,
    variants: killOthers((following, action) => ({ action, effect: "before", following })),
  },
  {
    name: "plugin killed while a resource takes a backup",
    outcome: "a warning names it; another one is taken",
    counts: "backups",
    expected: { made: 2, adopted: 0, leftOver: 1 },
    variants: kinds.map((kind) => ({
      title: kind.title,
      async run(world) {
        const stack = world.addStack(kind.backupType);
        world.killAt({ action: kind.backUp, effect: "after" });
        await up(stack, writeBackupProgram(world, kind), "killed");
        await up(stack, writeBackupProgram(world, kind), "created");
      },
    })),
  },
  {
    name: "plugin killed while a replacement is made",
    outcome: "`[AlreadyExists]` names the new one; once it is deleted in the console, the next `up` goes on",
    expected: { made: 3, adopted: 0, leftOver: 0 },
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind, { triggers: { drill: "1" } }), "created");
      const old = world.only.id;
      const program = world.program(kind, { triggers: { drill: "2" } });
      world.killAt({ action: kind.create, effect: "after" });
      await up(stack, program, "killed");
      await fail(stack, program, /\[AlreadyExists\][\s\S]*delete it in the console/);
      const made = world.existing.find(({ id }) => id !== old);
      assert.match(world.messages.at(-1) ?? "", new RegExp(made?.id ?? "none"));
      await world.remove(made?.id ?? "");
      await up(stack, program, "replaced");
    }),
  },
  {
    name: "plugin killed while it goes on with an unfinished restore",
    outcome: "the next `up` goes on",
    expected: one,
    variants: forEachKind(async (world, kind, stack) => {
      breakCreation(world, kind, { kind: "outcome", takes: { seconds: 7200 } });
      await fail(stack, world.program(kind), /\[Timeout\]/, { timeoutSeconds: 60 });
      world.simulator.setState(world.only.id, "Running");
      world.killAt({ action: "DescribeUMem", effect: "after" });
      await up(stack, world.program(kind), "killed");
      await up(stack, world.program(kind), "updated");
    }),
  },
];
