import assert from "node:assert/strict";
import { createRedisBackupApi } from "../../provider/backups/services";
import { createFleet, demo, type Simulator } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import { connect, useSimulator } from "../support/loopback";

const ACTION = "DescribeURedisBackup";
const query = { Region: demo.region, RegionType: "normal" };
const cancelled = {
  code: "Cancelled",
  message: `[Cancelled] ${ACTION} was cancelled before it was answered.`,
};

/** Resolves when the simulator has received `count` requests. */
async function waitForRequests(simulator: Simulator, count: number): Promise<void> {
  while (simulator.requests.length < count) await new Promise(setImmediate);
}

describe("client: cancelling", () => {
  const simulator = useSimulator(() => ({ fleet: createFleet({ uredis: { backupsPerGroup: 900 } }) }));

  it("immediately ends calls that are under way and calls that wait for their turn", async () => {
    simulator().injectFault({ kind: "hang", times: Infinity });
    const client = connect(simulator(), { maxConcurrency: 2, maxRetries: 3 });
    const calls = Array.from({ length: 5 }, () => client.call(ACTION, query));
    const outcomes = Promise.allSettled(calls);
    await waitForRequests(simulator(), 2);
    client.cancel();
    for (const outcome of await outcomes) {
      assert.equal(outcome.status, "rejected");
      assert.equal((outcome.reason as Error).message, cancelled.message);
    }
    assert.equal(simulator().requests.length, 2);
  });

  it("ends reading an answer whose headers have come", async () => {
    simulator().injectFault({ kind: "hang", afterHeaders: true });
    const client = connect(simulator());
    const call = assert.rejects(client.call(ACTION, query), cancelled);
    await waitForRequests(simulator(), 1);
    client.cancel();
    await call;
  });

  it("ends the wait before a retry", async () => {
    simulator().injectFault({ kind: "status", status: 503, times: Infinity });
    const clock = createInstantClock();
    const client = connect(simulator(), {
      maxRetries: 3,
      clock: {
        ...clock,
        sleep: (_ms, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(new Error("aborted")));
            client.cancel();
          }),
      },
    });
    await assert.rejects(client.call(ACTION, query), cancelled);
    assert.equal(simulator().requests.length, 1);
  });

  it("ends later calls before they send a request", async () => {
    const client = connect(simulator());
    client.cancel();
    await assert.rejects(client.call(ACTION, query), cancelled);
    await assert.rejects(client.call(ACTION, query, { signal: new AbortController().signal }), cancelled);
    assert.equal(simulator().requests.length, 0);
  });

  it("closes the connections that were kept open", async () => {
    const client = connect(simulator());
    await client.call(ACTION, query);
    await new Promise(setImmediate);
    const before = countSockets();
    client.cancel();
    while (countSockets() === before) await new Promise(setImmediate);
  });

  it("may be done twice, and before any call", () => {
    const client = connect(simulator());
    client.cancel();
    client.cancel();
  });

  it("ends a listing with all its pages", async () => {
    simulator().injectFault({ kind: "hang", times: Infinity, skip: 1 });
    const client = connect(simulator(), { maxConcurrency: 4 });
    const listing = createRedisBackupApi(client).listURedisBackups({
      region: demo.region,
      regionType: "normal",
    });
    const outcome = assert.rejects(listing, cancelled);
    await waitForRequests(simulator(), 5);
    client.cancel();
    await outcome;
    assert.equal(simulator().requests.length, 5);
  });

  it("of one call by its signal does not affect other calls", async () => {
    simulator().injectFault({ kind: "hang" });
    const client = connect(simulator(), { maxConcurrency: 1 });
    const controller = new AbortController();
    const one = assert.rejects(client.call(ACTION, query, { signal: controller.signal }), cancelled);
    await waitForRequests(simulator(), 1);
    const other = client.call(ACTION, query, { signal: new AbortController().signal });
    controller.abort();
    await one;
    assert.equal((await other).RetCode, 0);
  });

  it("happens before the request if a call's signal is already aborted", async () => {
    const client = connect(simulator());
    await assert.rejects(client.call(ACTION, query, { signal: AbortSignal.abort() }), cancelled);
    assert.equal(simulator().requests.length, 0);
  });
});

/** How many sockets this process has open. */
function countSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}
