import assert from "node:assert/strict";
import { openEngineLog } from "../../provider/plugin/engineLog";
import { takeStarterId, watchParent } from "../../provider/plugin/parentWatch";
import { Provider } from "../../provider/plugin/provider";
import { serveHere } from "../support/ownService";
import { PluginClient } from "../support/pluginClient";
import { type StandInEngine, startEngine } from "../support/standInEngine";

describe("the watch on the parent process", () => {
  for (const [title, parentage] of [
    ["has a new parent, as on Unix", { getParentId: sequence(7, 7, 1), isAlive: () => true }],
    ["has one that is gone, as on Windows", { getParentId: () => 7, isAlive: sequence(true, false) }],
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

  it("can be ended", async () => {
    const looks: number[] = [];
    const parentage = { getParentId: () => looks.push(1), isAlive: () => true };
    const stop = watchParent(() => assert.fail("orphaned"), { parentage });
    stop();
    const other = new Promise<void>((resolve) => {
      watchParent(resolve, { parentage: { getParentId: sequence(7, 1), isAlive: () => true } });
    });
    await other;
    assert.deepEqual(looks, [1]);
  });

  for (const [title, parentId, isOrphaned] of [
    ["reports at once that the parent is already another one than who started the process", 1, true],
    ["stays with the parent who started the process", 7, false],
  ] as const) {
    it(title, () => {
      let calls = 0;
      const parentage = { getParentId: () => parentId, isAlive: () => true };
      watchParent(() => calls++, { starterId: 7, parentage })();
      assert.equal(calls, isOrphaned ? 1 : 0);
    });
  }

  for (const id of [0, 1]) {
    it(`stays with a parent whose id is ${id}, as in containers`, () => {
      const parentage = { getParentId: () => id, isAlive: () => true };
      watchParent(() => assert.fail("orphaned"), { starterId: id, parentage })();
    });
  }

  for (const [title, value, starterId] of [
    ["takes from the launcher who started the process", "40 7", 7],
    ["knows nobody without the launcher", undefined, undefined],
    ["knows nobody where the launcher was another process", "39 7", undefined],
    ["knows nobody where the variable is not the launcher's", "?", undefined],
  ] as const) {
    it(title, () => {
      const env: NodeJS.ProcessEnv = { PATH: "/bin" };
      if (value !== undefined) env["UCLOUD_REDIS_PLUGIN_PARENT"] = value;
      assert.equal(takeStarterId(env, 40), starterId);
      assert.deepEqual(env, { PATH: "/bin" });
    });
  }
});

describe("the engine's log", () => {
  let engine: StandInEngine;

  beforeEach(async () => (engine = await startEngine()));
  afterEach(() => engine.close());

  it("shows warnings as warnings, in their order", async () => {
    const log = openEngineLog(engine.address);
    await log.warn("first ☂");
    await log.warn("second");
    log.close();
    assert.deepEqual(engine.messages, [
      ["warning", "first ☂"],
      ["warning", "second"],
    ]);
  });

  it("shows what is only to be known as such, at the resource it is about", async () => {
    const log = openEngineLog(engine.address);
    await log.info("known", "urn:pulumi:a::b::c::d");
    log.close();
    assert.deepEqual(engine.messages, [["info", "known"]]);
    assert.deepEqual(engine.urns, ["urn:pulumi:a::b::c::d"]);
  });

  it("loses warnings quietly where there is no engine any more, or never was", async () => {
    engine.close();
    for (const address of [engine.address, "9", ":::", "no such host"]) {
      const log = openEngineLog(address);
      await log.warn("lost");
      log.close();
    }
  });

  it("loses warnings quietly that come after it was closed", async () => {
    const log = openEngineLog(engine.address);
    await log.warn("shown");
    log.close();
    await log.warn("lost");
    assert.equal(engine.messages.length, 1);
  });
});

describe("the plugin's service", () => {
  it("answers on the port it says, until it is stopped", async () => {
    const { port, stop } = await serveHere(new Provider());
    const client = new PluginClient(port);
    try {
      assert.equal((await client.getPluginInfo()).getVersion(), "0.1.0");
      stop();
      await assert.rejects(client.getPluginInfo());
    } finally {
      stop();
      client.close();
    }
  });
});

/** Answers with each value in turn, the last one for ever. */
function sequence<T>(...values: [T, ...T[]]): () => T {
  return () => (values.length > 1 ? values.shift() : values[0]) as T;
}
