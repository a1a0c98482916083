import assert from "node:assert/strict";
import { Connections } from "../../provider/engine/connections";
import { LookupLines } from "../../provider/engine/lookupLines";
import { type EngineLog, runLookup } from "../../provider/engine/lookupSession";
import type { ClientOptions } from "../../provider/ucloud/client";
import { resolveSettings } from "../../provider/ucloud/settings";

const ENVIRONMENT = { env: {}, home: "/home/nobody", readFile: () => undefined };
const KEYS = { publicKey: "a", privateKey: "b" };

describe("a lookup session", () => {
  const settings = resolveSettings({ ...KEYS, baseUrl: "http://plain.example" }, ENVIRONMENT);
  let shown: string[];
  let opened: ClientOptions[];
  let cancelled: number;
  let connections: Connections;

  const log: EngineLog = {
    async warn(text, urn = "stack") {
      await Promise.resolve();
      shown.push(`warn ${urn} ${text}`);
    },
    async info(text, urn = "stack") {
      await Promise.resolve();
      shown.push(`info ${urn} ${text}`);
    },
  };

  beforeEach(() => {
    [shown, opened, cancelled] = [[], [], 0];
    connections = new Connections((options) => {
      opened.push(options);
      return { maxConcurrency: 1, call: () => Promise.resolve({}), cancel: () => cancelled++ };
    });
  });

  it("shows the task's messages before it returns or fails", async () => {
    const session = { settings, connections, log, urn: "urn" };
    const result = await runLookup(session, ({ warn, inform }) => {
      warn("one");
      inform("two");
      return 1;
    });
    assert.deepEqual([result, shown], [1, ["warn urn one", "info urn two"]]);
    const failing = runLookup(session, ({ warn }) => {
      warn("three");
      throw new RangeError("odd");
    });
    await assert.rejects(failing, RangeError);
    assert.deepEqual(shown.slice(2), ["warn urn three"]);
  });

  it("does not wait for the engine to take a line while another lookup runs, which waits for both", async () => {
    const taken: (() => void)[] = [];
    const slow: EngineLog = { ...log, info: () => new Promise((resolve) => taken.push(resolve)) };
    const session = { settings, connections, log: slow, lines: new LookupLines() };
    const events: string[] = [];
    let finish = (): void => undefined;
    const last = runLookup(session, ({ tell }) => {
      tell?.("last");
      return new Promise<void>((resolve) => (finish = resolve));
    }).then(() => events.push("last"));
    await runLookup(session, ({ tell }) => tell?.("first")).then(() => events.push("first"));
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    events.push("taken");
    taken.forEach((take) => take());
    await last;
    assert.deepEqual(events, ["first", "taken", "last"]);
  });

  it("returns the result although the log fails to take a line", async () => {
    const failing: EngineLog = { ...log, info: () => Promise.reject(new Error("closed")) };
    const session = { settings, connections, log: failing, lines: new LookupLines() };
    assert.equal(
      await runLookup(session, ({ tell }) => {
        tell?.("lost");
        return 1;
      }),
      1,
    );
  });

  it("begins in a turn of its own while requests wait, so that answers are read in between", async () => {
    const busy = new Connections(() => ({
      maxConcurrency: 1,
      isBusy: true,
      call: () => Promise.resolve({}),
      cancel: () => undefined,
    }));
    busy.open(settings);
    const events: string[] = [];
    const begin = (name: string): Promise<unknown> =>
      runLookup({ settings, connections: busy }, () => {
        events.push(name);
        if (name === "first") setImmediate(() => events.push("answer"));
      });
    await Promise.all(["first", "second", "third"].map(begin));
    assert.deepEqual(events, ["first", "second", "answer", "third"]);
  });

  it("shows the settings' messages when it opens their connection, and shares that afterwards", async () => {
    await runLookup({ settings, connections, log }, () => undefined);
    assert.equal(shown.length, 0);
    for (let run = 0; run < 2; run++) {
      await runLookup({ settings: { ...settings }, connections, log }, ({ openApi }) => openApi());
    }
    assert.match(shown.join("\n"), /^info stack Requests go to .*\nwarn stack `baseUrl` has no TLS.*$/);
    assert.equal(opened.length, 1);
  });

  it("makes only brief requests where there is another region to ask", async () => {
    const briefs: (boolean | undefined)[] = [];
    const own = new Connections(() => ({
      maxConcurrency: 1,
      call(_action, _parameters, options) {
        briefs.push(options?.isBrief);
        return Promise.resolve({ RetCode: 0, DataSet: [] });
      },
      cancel: () => undefined,
    }));
    const scope = { region: "hk", projectId: undefined };
    await runLookup({ settings, connections: own, log }, async ({ openApi }) => {
      await openApi({ isBrief: true }).listDatabases(scope);
      await openApi({ isBrief: true }).listURedisBackups(scope);
    });
    assert.deepEqual(briefs, [true, true]);
  });

  it("opens a connection for each pair of keys", () => {
    const others = resolveSettings({ ...KEYS, privateKey: "c", region: "hk" }, ENVIRONMENT);
    for (const each of [settings, others]) connections.open(each);
    assert.equal(opened.length, 2);
  });

  it("refuses lookups after a cancellation, until the next run", () => {
    connections.open(settings);
    connections.cancel();
    connections.cancel();
    assert.equal(cancelled, 1);
    assert.throws(() => connections.open(settings), { code: "Cancelled" });
    connections.resume();
    assert.equal(connections.open(settings).isNew, true);
  });
});
