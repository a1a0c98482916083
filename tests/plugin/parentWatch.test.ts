import assert from "node:assert/strict";
import { takeStarterId, watchParent } from "../../provider/plugin/parentWatch";

describe("the watch on the parent process", () => {
  for (const [title, parentage] of [
    ["has a new parent, as on Unix", { getParentId: sequence(7, 7, 1), isAlive: () => true }],
    ["has a parent that is gone, as on Windows", { getParentId: () => 7, isAlive: sequence(true, false) }],
  ] as const) {
    it(`reports once that the process ${title}`, async () => {
      let calls = 0;
      await new Promise<void>((resolve) => {
        watchParent(
          () => {
            calls++;
            resolve();
          },
          { parentage },
        );
      });
      assert.equal(calls, 1);
    });
  }

  it("can be stopped", async () => {
    const checks: number[] = [];
    const parentage = { getParentId: () => checks.push(1), isAlive: () => true };
    const stop = watchParent(() => assert.fail("orphaned"), { parentage });
    stop();
    const other = new Promise<void>((resolve) => {
      watchParent(resolve, { parentage: { getParentId: sequence(7, 1), isAlive: () => true } });
    });
    await other;
    assert.deepEqual(checks, [1]);
  });

  for (const [title, parentId, isOrphaned] of [
    ["reports immediately that the parent has changed before the watch", 1, true],
    ["accepts the parent that started the process", 7, false],
  ] as const) {
    it(title, () => {
      let calls = 0;
      const parentage = { getParentId: () => parentId, isAlive: () => true };
      watchParent(() => calls++, { starterId: 7, parentage })();
      assert.equal(calls, isOrphaned ? 1 : 0);
    });
  }

  for (const id of [0, 1]) {
    it(`accepts a parent with the id ${id}, as in containers`, () => {
      const parentage = { getParentId: () => id, isAlive: () => true };
      watchParent(() => assert.fail("orphaned"), { starterId: id, parentage })();
    });
  }

  for (const [title, value, starterId] of [
    ["reads the starter's id from the launcher's variable", "40 7", 7],
    ["has no starter's id without the launcher", undefined, undefined],
    ["has no starter's id if the launcher was another process", "39 7", undefined],
    ["has no starter's id if the variable has another form", "?", undefined],
  ] as const) {
    it(title, () => {
      const env: NodeJS.ProcessEnv = { PATH: "/bin" };
      if (value !== undefined) env["UCLOUD_REDIS_PLUGIN_PARENT"] = value;
      assert.equal(takeStarterId(env, 40), starterId);
      assert.deepEqual(env, { PATH: "/bin" });
    });
  }
});

/** Returns a function that returns the values in turn, and then the last one. */
function sequence<T>(...values: [T, ...T[]]): () => T {
  return () => (values.length > 1 ? values.shift() : values[0]) as T;
}
