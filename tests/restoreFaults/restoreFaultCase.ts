/** A row of the fault table, and how it is run. */

import assert from "node:assert/strict";
import { revealProperties } from "../../provider/plugin/codec";
import type { PropertyMap } from "../../provider/plugin/codec";
import type { Fault, FaultScope, SimulatorOptions } from "../../simulator";
import type { Ending, Stack } from "./stack";
import { type Counts, World } from "./world";

/** A fault without the requests that it hits. */
export type BareFault = Fault extends infer Each
  ? Each extends Fault
    ? Omit<Each, keyof FaultScope>
    : never
  : never;

/** One of the runs of a row, for one of the writes that it is about. */
export interface Variant {
  /** Such as `group`; empty if the row has one variant only. */
  readonly title: string;
  readonly options?: SimulatorOptions;
  /** The fault, and the operations until the next `up` is done. It adds its stacks to the world. */
  run(world: World): Promise<void>;
}

/** A row of the table. Every variant has the same figures. */
export interface RestoreFault {
  /** As in the first column of the page's table. */
  readonly name: string;
  /** As in its second column. */
  readonly outcome: string;
  readonly expected: Counts;
  /** @default databases */
  readonly counts?: "backups";
  readonly variants: readonly Variant[];
}

/** What a run came to. */
export interface RunResult extends Counts {
  readonly tooMany: number;
  readonly lost: number;
}

/** The last line of the table. */
export function sumUp(results: readonly RunResult[]): string {
  const sum = (name: "tooMany" | "lost"): number => results.reduce((all, each) => all + each[name], 0);
  return `${results.length} faults, ${sum("tooMany")} databases too many, ${sum("lost")} lost`;
}

/** Runs one variant: the fault, a second `up` that must change nothing, and `destroy`. */
export async function runVariant(fault: RestoreFault, variant: Variant): Promise<RunResult> {
  const world = await World.open(variant.options);
  try {
    await variant.run(world);
    for (const stack of world.stacks) await expectSteady(world, stack);
    const counts = fault.counts === "backups" ? world.countBackups() : world.countDatabases();
    const { leftOver } = world.countDatabases();
    for (const stack of world.stacks) {
      if (stack.held.length === 0) continue;
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
    }
    assert.equal(world.existing.length, leftOver, "databases that nobody's state held");
    return { ...counts, tooMany: world.tooMany, lost: world.lost };
  } catch (error) {
    if (error instanceof Error) error.message += `\nMessages:\n${world.messages.join("\n")}`;
    throw error;
  } finally {
    await world.close();
  }
}

const programs = new WeakMap<Stack, PropertyMap>();

/** Runs `up`, which must end as expected. The last program of a stack is what the second `up` runs again. */
export async function up(
  stack: Stack,
  program: PropertyMap,
  expected: Ending["did"],
  options?: Parameters<Stack["up"]>[1],
): Promise<Ending> {
  programs.set(stack, program);
  const ending = await stack.up(program, options);
  assert.equal(ending.did, expected, ending.error);
  return ending;
}

/** Runs `up`, which must fail and say so. */
export async function fail(
  stack: Stack,
  program: PropertyMap,
  pattern: RegExp,
  options?: Parameters<Stack["up"]>[1],
): Promise<void> {
  const { error } = await up(stack, program, "failed", options);
  assert.match(error, pattern);
}

/** What a stack holds must be ready, and another `up` must send no write. */
async function expectSteady(world: World, stack: Stack): Promise<void> {
  const { current } = stack;
  const program = programs.get(stack);
  if (current === undefined || program === undefined) return;
  assert.deepEqual(stack.replaced, []);
  assert.deepEqual(current.initErrors, []);
  const { groupId, spaceId, readyAt, name } = revealProperties(current.properties);
  if (readyAt !== undefined) {
    const database = world.existing.find(({ id }) => id === groupId || id === spaceId);
    assert.ok(database, "what is in state does not exist");
    const wanted = revealProperties(program);
    assert.deepEqual([database.name, name], [wanted["name"], wanted["name"]]);
    assert.deepEqual([database.state, database.password], ["Running", wanted["password"]]);
  }
  const writes = world.countWrites();
  const { did, error } = await stack.up(program);
  assert.equal(did, "same", error);
  assert.equal(world.countWrites(), writes, "a second `up` wrote");
}
