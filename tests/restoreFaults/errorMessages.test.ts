/** The messages of docs/errors.md that only writes lead to. */

import assert from "node:assert/strict";
import { expectOnPage, writeCodes } from "../support/errorsPage";
import { fillManualBackups } from "./backups";
import { breakCreation } from "./creations";
import { group } from "./kinds";
import type { Stack } from "./stack";
import { World } from "./world";

/** Leads to a failure, and returns its message. */
type Failure = (world: World, stack: Stack) => Promise<string>;

const cases: Readonly<Record<(typeof writeCodes)[number], Failure>> = {
  async AlreadyExists(world, stack) {
    await cancelWait(world, stack);
    stack.loseState();
    world.onRequest = () => undefined;
    return (await stack.up(world.program(group))).error;
  },
  async OutcomeUnknown(world, stack) {
    breakCreation(world, group, { kind: "lostAnswer", effect: "before" });
    return (await stack.up(world.program(group))).error;
  },
  async CreateFailed(world, stack) {
    world.simulator.injectFault({ kind: "outcome", action: group.create, state: "CreateFail" });
    return (await stack.up(world.program(group))).error;
  },
  async FinalBackupFailed(world, stack) {
    await stack.up(world.program(group, { finalBackup: true }));
    fillManualBackups(world.simulator, group, world.only.id);
    return (await stack.destroy()).error;
  },
  Cancelled: cancelWait,
};

/** Presses Ctrl-C while the new group is waited for. */
async function cancelWait(world: World, stack: Stack): Promise<string> {
  world.simulator.injectFault({ kind: "outcome", action: group.create, takes: { seconds: 600 } });
  let looks = 0;
  world.onRequest = ({ parameters }) => {
    const [database] = world.existing;
    if (database !== undefined && parameters.ResourceId === database.id && ++looks === 3) world.cancel();
  };
  return (await stack.up(world.program(group))).error;
}

describe("the page of errors, about writes", () => {
  for (const code of writeCodes) {
    it(`shows what [${code}] looks like`, async () => {
      const world = await World.open();
      try {
        const message = await cases[code](world, world.addStack(group.type));
        assert.match(message, new RegExp(`\\[${code}\\] `));
        expectOnPage(code, message);
      } finally {
        await world.close();
      }
    });
  }
});
