import assert from "node:assert/strict";
import { once } from "node:events";
import { createInstantClock } from "../support/fakeClock";
import { type Loopback, serveBytes, serveHttp, useServers } from "../support/loopback";
import { startSilentProxy } from "../support/silentProxy";
import { withProxyVariables } from "../support/proxy";
import { until } from "../support/until";
import { describeOutcome, openWriter } from "./openWriter";

const ACTION = "CreateURedisGroup";

/** A server that answers once it is told to. */
async function serveLater(): Promise<Loopback & { asked: () => number; answer: () => void }> {
  const answers: (() => void)[] = [];
  const server = await serveHttp((request, response) => {
    request.resume();
    answers.push(() => response.end('{"RetCode":0,"GroupId":"g"}'));
  });
  return {
    ...server,
    asked: () => answers.length,
    answer: () => {
      for (const each of answers.splice(0)) each();
    },
  };
}

describe("writer: cancelling", () => {
  const open = useServers();

  it("refuses a write that was not sent, without a connection", async () => {
    const server = await open(serveLater());
    const outcome = await openWriter(server.url).send(ACTION, {}, { signal: AbortSignal.abort() });
    assert.equal(describeOutcome(outcome), "refused Cancelled");
    assert.equal(
      (outcome as { error: Error }).error.message,
      "[Cancelled] CreateURedisGroup was cancelled before it was sent.",
    );
    assert.equal(server.connections(), 0);
  });

  it("refuses a write whose connection is being opened", async () => {
    const server = await open(serveBytes("", { isEnding: false }));
    const stop = new AbortController();
    const url = server.url.replace("http:", "https:");
    const sending = openWriter(url, { maxRetries: 3 }).send(ACTION, {}, { signal: stop.signal });
    await until(() => server.connections() === 1);
    stop.abort();
    assert.equal(describeOutcome(await sending), "refused Cancelled");
  });

  it("refuses a write whose tunnel is being opened", async () => {
    const proxy = await open(startSilentProxy());
    const stop = new AbortController();
    await withProxyVariables({ HTTPS_PROXY: proxy.url }, async () => {
      const sending = openWriter("https://api.invalid").send(ACTION, {}, { signal: stop.signal });
      await proxy.firstRequest;
      stop.abort();
      assert.equal(describeOutcome(await sending), "refused Cancelled");
    });
  });

  it("waits for the answer of a write that was sent", async () => {
    const server = await open(serveLater());
    const stop = new AbortController();
    const sending = openWriter(server.url).send(ACTION, {}, { signal: stop.signal });
    await until(() => server.asked() === 1);
    stop.abort();
    await new Promise(setImmediate);
    server.answer();
    assert.equal(describeOutcome(await sending), "accepted");
  });

  it("leaves the outcome of a write unknown that was sent and never answered", async () => {
    const server = await open(serveLater());
    const stop = new AbortController();
    const writer = openWriter(server.url, { answerSeconds: 0.1 });
    const sending = writer.send(ACTION, {}, { signal: stop.signal });
    await until(() => server.asked() === 1);
    stop.abort();
    assert.equal(describeOutcome(await sending), "unknown Timeout");
  });

  it("ends the wait before a write is sent again", async () => {
    let asked = 0;
    const server = await open(
      serveHttp((_request, response) => {
        asked += 1;
        response.end('{"RetCode":153}');
      }),
    );
    const stop = new AbortController();
    const sleeping = new EventTarget();
    const clock = {
      ...createInstantClock(),
      sleep: (_ms: number, signal: AbortSignal) => {
        sleeping.dispatchEvent(new Event("sleep"));
        return once(signal, "abort").then(() => Promise.reject(new Error("aborted")));
      },
    };
    const began = once(sleeping, "sleep");
    const sending = openWriter(server.url, { maxRetries: 3, clock }).send(
      ACTION,
      {},
      { signal: stop.signal },
    );
    await began;
    stop.abort();
    assert.equal(describeOutcome(await sending), "refused Cancelled");
    assert.equal(asked, 1);
  });

  it("stops no other write", async () => {
    const server = await open(serveLater());
    const stop = new AbortController();
    const writer = openWriter(server.url);
    const other = writer.send(ACTION, {});
    await until(() => server.asked() === 1);
    const sending = writer.send(ACTION, {}, { signal: stop.signal });
    stop.abort();
    assert.equal(describeOutcome(await sending), "refused Cancelled");
    server.answer();
    assert.equal(describeOutcome(await other), "accepted");
  });
});

describe("writer: settling", () => {
  const open = useServers();

  it("waits for every write under way, and for those begun meanwhile", async () => {
    const server = await open(serveLater());
    const writer = openWriter(server.url);
    await writer.settle();
    const ended: string[] = [];
    const note = (name: string) => (): void => {
      ended.push(name);
    };
    const first = writer.send(ACTION, {}).then(note("first"));
    const settled = writer.settle().then(note("settled"));
    await until(() => server.asked() === 1);
    const second = writer.send(ACTION, {}).then(note("second"));
    await until(() => server.asked() === 2);
    assert.equal(ended.length, 0);
    server.answer();
    await first;
    await second;
    await settled;
    assert.equal(ended.indexOf("settled"), 2);
  });
});
