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
  /** Called with each request that has arrived. */
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
    // No time limit of its own ends a request in these tests.
    await plugin.configure(createSettings(simulator, { timeoutSeconds: 600, maxRetries: 10 }));
  });
  afterEach(() => simulator.clearFaults());

  /** Resolves when so many requests are at the simulator. */
  function waitForRequests(count: number): Promise<void> {
    return new Promise((resolve) => {
      onArrival = () => {
        if (--count === 0) resolve();
      };
    });
  }

  for (const afterHeaders of [false, true]) {
    it(`aborts a request at once that is ${afterHeaders ? "half" : "not"} answered`, async () => {
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

  it("aborts every call under way, and may come more than once", async () => {
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

  it("ends the wait before another attempt", async () => {
    simulator.injectFault({ kind: "status", status: 503, retryAfter: "50", times: Infinity });
    const arrived = waitForRequests(1);
    const refused = assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
    await arrived;
    await until(() => simulator.requests.at(-1)?.status === 503);
    // The answer is on its way before this call is, and so the plugin has it by the end of this one.
    await plugin.getSchema();
    await plugin.cancel();
    await refused;
  });

  it("aborts what an earlier configuration of the same process still asks", async () => {
    simulator.injectFault({ kind: "hang" });
    const arrived = waitForRequests(1);
    const refused = assert.rejects(plugin.invoke("getURedisBackups", GROUP), CANCELLED);
    await arrived;
    await plugin.configure(createSettings(simulator));
    assert.equal((await plugin.invokeResult("getLatestUMemBackup", SPACE)).usable, true);
    await plugin.cancel();
    await refused;
  });

  it("refuses lookups that come after it, without a request", async () => {
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

/** Lets the event loop turn until something has happened; the test's own time limit ends the waiting. */
async function until(hasHappened: () => boolean): Promise<void> {
  while (!hasHappened()) await new Promise((resolve) => setImmediate(resolve));
}
