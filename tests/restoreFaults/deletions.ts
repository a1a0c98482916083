/** Faults of the request that deletes a database. */

import assert from "node:assert/strict";
import { forEachKind } from "./creations";
import { type BareFault, type RestoreFault, up, type Variant } from "./restoreFaultCase";

const once = { made: 1, adopted: 0, leftOver: 0 };

/** `destroy` survives the fault. */
function survive(fault: BareFault, sendings: number): Variant[] {
  return forEachKind(async (world, kind, stack) => {
    await up(stack, world.program(kind), "created");
    world.simulator.injectFault({ ...fault, action: kind.delete });
    const { did, error } = await stack.destroy();
    assert.equal(did, "deleted", error);
    assert.deepEqual([world.existing, stack.held], [[], []]);
    assert.equal(world.countSent(kind.delete), sendings);
  });
}

const AGAIN_IF_LISTED = "is looked for, and sent again if the row does not show it";

export const deletions: readonly RestoreFault[] = [
  {
    name: "deletion: answer lost before it took effect",
    outcome: "is sent again",
    expected: once,
    variants: survive({ kind: "lostAnswer", effect: "before" }, 2),
  },
  {
    name: "deletion: answer lost after it took effect",
    outcome: "is seen in the row, and waited for",
    expected: once,
    variants: survive({ kind: "lostAnswer", effect: "after" }, 1),
  },
  {
    name: "deletion: HTTP 502 before it took effect",
    outcome: AGAIN_IF_LISTED,
    expected: once,
    variants: survive({ kind: "status", status: 502, effect: "before" }, 2),
  },
  {
    name: "deletion: HTTP 502 after it took effect",
    outcome: AGAIN_IF_LISTED,
    expected: once,
    variants: survive({ kind: "status", status: 502, effect: "after" }, 1),
  },
  {
    name: "deletion: RetCode 110 before it took effect",
    outcome: AGAIN_IF_LISTED,
    expected: once,
    variants: survive({ kind: "retCode", retCode: 110, effect: "before" }, 2),
  },
  {
    name: "deletion: RetCode 110 after it took effect",
    outcome: AGAIN_IF_LISTED,
    expected: once,
    variants: survive({ kind: "retCode", retCode: 110, effect: "after" }, 1),
  },
  {
    name: "deletion: RetCode 153",
    outcome: "is sent again",
    expected: once,
    variants: survive({ kind: "retCode", retCode: 153 }, 2),
  },
  {
    name: "deletion: empty answer",
    outcome: AGAIN_IF_LISTED,
    expected: once,
    variants: survive({ kind: "raw", body: "", effect: "after" }, 1),
  },
  {
    name: "deletion: refused for a while",
    outcome: "is sent again until the time is up",
    expected: once,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const retCode = kind.title === "group" ? 20002 : 20103;
      world.simulator.injectFault({ kind: "retCode", retCode, action: kind.delete, times: 5 });
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
      assert.equal(world.countSent(kind.delete), 6);
    }),
  },
  {
    name: "deletion: refused for good",
    outcome: "fails with the API's code, and state keeps it; the next `destroy` tries again",
    expected: once,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      world.simulator.injectFault({ kind: "retCode", retCode: 20004, action: kind.delete });
      const { did, error } = await stack.destroy();
      assert.equal(did, "failed");
      assert.match(error, /RetCode 20004/);
      assert.equal(stack.held.length, 1);
    }),
  },
  {
    name: "deletion: accepted, and then it fails (DeleteFail)",
    outcome: "fails, and state keeps it; the next `destroy` tries again",
    expected: once,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind, { finalBackup: false }), "created");
      world.simulator.injectFault({ kind: "outcome", state: "DeleteFail", action: kind.delete });
      const { did, error } = await stack.destroy();
      assert.equal(did, "failed");
      assert.match(error, /DeleteFail/);
      const again = await stack.destroy();
      assert.equal(again.did, "deleted", again.error);
    }),
  },
  {
    name: "deletion: the database has expired (20104)",
    outcome: "fails, and says to renew it",
    expected: once,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      const { id } = world.only;
      world.simulator.changeDatabase(id, { isExpired: true });
      const { did, error } = await stack.destroy();
      assert.equal(did, "failed");
      assert.match(error, /20104[\s\S]*renew it in the console/);
      world.simulator.changeDatabase(id, { isExpired: false });
    }),
  },
  {
    name: "deletion: it was deleted by hand",
    outcome: "is done: two complete lists lack it",
    expected: once,
    variants: forEachKind(async (world, kind, stack) => {
      await up(stack, world.program(kind), "created");
      await world.remove(world.only.id);
      const { did, error } = await stack.destroy();
      assert.equal(did, "deleted", error);
      assert.equal(world.countSent(kind.delete), 0);
    }),
  },
];
