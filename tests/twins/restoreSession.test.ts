import assert from "node:assert/strict";
import { Connections } from "../../provider/engine/connections";
import type { EngineLog } from "../../provider/engine/lookupSession";
import { runRestore, type RestoreSession } from "../../provider/engine/restoreSession";
import { Attempts } from "../../provider/restore/attempts";
import type { DatabaseApi } from "../../provider/restore/resource";
import { resolveSettings } from "../../provider/ucloud/settings";
import { createInstantClock } from "../support/fakeClock";
import { createHostEnvironment } from "../support/hostEnvironment";

const KEYS = { publicKey: "a", privateKey: "b" };

describe("a restore session", () => {
  let shown: string[];
  let opened: number;
  let connections: Connections;
  const clock = createInstantClock();

  const log: EngineLog = {
    warn: (text) => Promise.resolve(void shown.push(`warn ${text}`)),
    info: (text) => Promise.resolve(void shown.push(`info ${text}`)),
    progress: (text, urn) => {
      shown.push(`progress ${urn} ${text}`);
      // The engine may be slow, or gone.
      return text === "lost" ? Promise.reject(new Error("gone")) : new Promise<never>(() => undefined);
    },
  };

  function createSession(more: Partial<RestoreSession> = {}): RestoreSession {
    const environment = createHostEnvironment();
    const settings = resolveSettings({ ...KEYS, baseUrl: "http://plain.example" }, environment);
    return { settings, connections, log, urn: "urn", attempts: new Attempts(), environment, clock, ...more };
  }

  beforeEach(() => {
    [shown, opened] = [[], 0];
    const client = { maxConcurrency: 1, call: () => Promise.resolve({}), cancel: () => undefined };
    const createDatabases = (): DatabaseApi => ({ number: ++opened }) as unknown as DatabaseApi;
    connections = new Connections(() => client, createDatabases);
  });

  it("shows at most one progress text a second, and waits for none", async () => {
    await runRestore(createSession(), async ({ reportProgress, clock: time, signal }) => {
      reportProgress("one");
      reportProgress("too early");
      await time.sleep(999, signal);
      reportProgress("too early");
      await time.sleep(1, signal);
      reportProgress("lost");
      await time.sleep(5000, signal);
      reportProgress("three");
    });
    assert.deepEqual(shown, ["progress urn one", "progress urn lost", "progress urn three"]);
  });

  it("drops progress without a log", async () => {
    await runRestore(createSession({ log: undefined }), ({ reportProgress }) => reportProgress("nowhere"));
  });

  it("shows the settings' messages when the databases are opened, and shares those", async () => {
    const open = (): Promise<DatabaseApi> =>
      runRestore(createSession(), ({ openDatabases }) => openDatabases());
    assert.equal(await open(), await open());
    assert.equal(opened, 1);
    assert.deepEqual(
      shown.map((text) => text.split(" ")[0]),
      ["info", "warn"],
    );
  });

  it("keeps the databases that a task has opened when the run is cancelled, and gives no others", async () => {
    await runRestore(createSession(), ({ openDatabases, signal }) => {
      const before = openDatabases();
      connections.cancel();
      assert.ok(signal.aborted);
      assert.equal(openDatabases(), before);
    });
    const late = runRestore(createSession(), ({ openDatabases }) => openDatabases());
    await assert.rejects(late, { code: "Cancelled" });
  });

  it("has a new signal after the run that was cancelled", async () => {
    connections.cancel();
    connections.resume();
    await runRestore(createSession(), ({ signal }) => assert.ok(!signal.aborted));
  });
});
