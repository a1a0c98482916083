import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };
const CANCELLED = { details: /^\[Cancelled\] / };

describe("Cancel", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;
  /** Called for each request that has arrived. */
  let onArrival: () => void = () => undefined;

  before(async () => {
    simulator = await startSimulator({ onRequest: () => onArrival() });
    plugin = await startPlugin();
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });
  beforeEach(async () => {
    // No request ends by its own time limit in these tests.
    await plugin.configure(createSettings(simulator, { timeoutSeconds: 600, maxRetries: 10 }));
  });
  afterEach(() => simulator.clearFaults());

  /** Resolves when the simulator has received `count` requests. */
  function waitForRequests(count: number): Promise<void> {
    return new Promise((resolve) => {
      onArrival = () => {
        if (--count === 0) resolve();
      };
    });
  }

  for (const afterHeaders of [false, true]) {
    it(`immediately aborts a request that is ${afterHeaders ? "half" : "not"} answered`, async () => {
      simulator.injectFault({ kind: "hang", afterHeaders });
      const arrived = waitForRequests(1);
      const refused = assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
      await arrived;
      const cancelledAt = Date.now();
      await plugin.cancel();
      await refused;
      assert.ok(Date.now() - cancelledAt < 1000);
      const [request] = simulator.requests.slice(-1);
      await until(() => request?.abandoned === true);
    });
  }

  it("aborts all running calls, and may be called twice", async () => {
    simulator.injectFault({ kind: "hang", times: Infinity });
    const arrived = waitForRequests(3);
    const refused = [
      plugin.invoke("getURedisBackups", GROUP),
      plugin.invoke("getLatestUMemBackup", SPACE),
      plugin.invoke("getLatestURedisBackup", { regionType: "normal" }),
    ].map((call) => assert.rejects(call, CANCELLED));
    await arrived;
    await Promise.all([plugin.cancel(), plugin.cancel()]);
    await Promise.all(refused);
  });

  it("ends the wait before a retry", async () => {
    simulator.injectFault({ kind: "status", status: 503, retryAfter: "50", times: Infinity });
    const arrived = waitForRequests(1);
    const refused = assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
    await arrived;
    await until(() => simulator.requests.at(-1)?.status === 503);
    // The answer was sent before this call, so the plugin has received it after this call.
    await plugin.getSchema();
    await plugin.cancel();
    await refused;
  });

  it("aborts requests of an earlier configuration", async () => {
    simulator.injectFault({ kind: "hang" });
    const arrived = waitForRequests(1);
    const refused = assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
    await arrived;
    await plugin.configure(createSettings(simulator));
    assert.equal((await plugin.invokeResult("getLatestUMemBackup", SPACE)).usable, true);
    await plugin.cancel();
    await refused;
  });

  it("refuses later lookups, without a request", async () => {
    await plugin.cancel();
    const seen = simulator.requests.length;
    await assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
    assert.equal(simulator.requests.length, seen);
  });

  for (const [title, begin] of [
    ["Configure", () => plugin.configure(createSettings(simulator))],
    ["Handshake", () => plugin.handshake("127.0.0.1:1")],
    ["Attach", () => plugin.attach("127.0.0.1:1")],
  ] as const) {
    it(`ends with the next ${title}, as a process may serve one run after the other`, async () => {
      await plugin.cancel();
      await begin();
      assert.equal((await plugin.invokeResult("getLatestURedisBackup", GROUP)).usable, true);
    });
  }
});

/** Waits for a condition, at most until the test's own time limit. */
async function until(hasHappened: () => boolean): Promise<void> {
  while (!hasHappened()) await new Promise((resolve) => setImmediate(resolve));
}
