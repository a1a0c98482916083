/** A world for each test of a file. What was made is audited when it closes. */

import assert from "node:assert/strict";
import type { PropertyMap } from "../../provider/plugin/codec";
import { revealProperties } from "../../provider/plugin/codec";
import type { Ending, Stack } from "./stack";
import { World } from "./world";

/**
 * Opens a world before each test of the surrounding `describe`, and closes it after. A database that nobody
 * names, or that was deleted and should live, fails the test.
 */
export function openWorlds(): () => World {
  let world: World | undefined;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(async () => {
    const { tooMany, lost } = world ?? assert.fail();
    await world?.close();
    assert.deepEqual({ tooMany, lost }, { tooMany: 0, lost: 0 });
  });
  return () => world ?? assert.fail("no test runs");
}

/** Asserts how an operation ended, and shows its error if it ended otherwise. */
export async function expectEnd(ending: Promise<Ending>, did: Ending["did"]): Promise<string> {
  const { did: actual, error } = await ending;
  assert.equal(actual, did, error);
  return error;
}

/** Asserts that an operation fails and says so. */
export async function expectFailure(ending: Promise<Ending>, pattern: RegExp): Promise<string> {
  const error = await expectEnd(ending, "failed");
  assert.match(error, pattern);
  return error;
}

/** The outputs in state, without the marks of secrets. */
export function readState({ current }: Stack): PropertyMap {
  return revealProperties(current?.properties ?? assert.fail("nothing is in state"));
}

/** The program without a name, so that one is made. */
export function omitName(program: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(program).filter(([name]) => name !== "name"));
}

/** Removes all databases, as if in the console, so that nothing is listed. */
export async function emptyRegion(world: World): Promise<void> {
  for (const { id } of world.simulator.databases) await world.remove(id);
}
