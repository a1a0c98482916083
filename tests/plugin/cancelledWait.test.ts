/** Cancelling while a database is waited for. */
import assert from "node:assert/strict";
import type { DatabaseApi, RestoreContext } from "../../provider/restore/resource";
import { UnfinishedError } from "../../provider/restore/resource";
import type { Client } from "../../provider/ucloud/client";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { FAKE_TYPE, FakeResource } from "../support/fakeResource";
import { PinClient } from "../support/pinClient";
import { type ServedProvider, serveProvider } from "../support/servedProvider";

const KEYS = { publicKey: "public", privateKey: "private", region: "cn-bj2" };
const UNFINISHED = { details: "[Cancelled] The resource is not ready." };

describe("cancelling while a database is waited for", () => {
  let fake: FakeResource;
  let served: ServedProvider;
  let database: PinClient;
  /** How many of the provider's clients are cancelled: those for reads, and those that settle writes. */
  let cancelled: { reads: number; settling: number };
  /** Resolves when a Create waits. */
  let waiting: Promise<RestoreContext>;

  beforeEach(async () => {
    fake = new FakeResource();
    cancelled = { reads: 0, settling: 0 };
    const createClient = (kind: keyof typeof cancelled): Client => ({
      maxConcurrency: 1,
      call: () => Promise.resolve({}),
      cancel: () => cancelled[kind]++,
    });
    served = await serveProvider({
      resources: fake.table,
      createClient: () => createClient("reads"),
      openDatabases: () => ({ lastLook: createClient("settling") }) as unknown as DatabaseApi,
    });
    await served.client.configure(KEYS);
    database = new PinClient(served.client, FAKE_TYPE.split(":").at(-1) ?? "");
    waiting = new Promise((resolve) => {
      fake.onCreate = async (args, context) => {
        context.openDatabases();
        resolve(context);
        await context.clock.sleep(3_600_000, context.signal).catch(() => undefined);
        // What settles a write that was sent.
        context.openDatabases();
        throw new UnfinishedError("Cancelled", "cancelled.", { id: "g", outputs: args });
      };
    });
  });
  afterEach(() => served.close());

  it("ends the wait at once, keeps the state, and leaves what settles a write", async () => {
    const refused = assert.rejects(database.create({ name: "n" }, false), UNFINISHED);
    await waiting;
    const cancelledAt = Date.now();
    await served.client.cancel();
    await served.client.cancel();
    await refused;
    assert.ok(Date.now() - cancelledAt < 1000);
    assert.deepEqual(cancelled, { reads: 1, settling: 0 });
  });

  it("refuses resources that come later, and serves the next run", async () => {
    await served.client.cancel();
    fake.onCreate = (_args, context) => {
      if (!context.signal.aborted) context.openDatabases();
      const failure = new RedisBackupError("Cancelled", "as the signal said");
      return context.signal.aborted ? Promise.reject(failure) : Promise.resolve({ id: "g", outputs: {} });
    };
    await assert.rejects(database.create({}, false), { details: "[Cancelled] as the signal said" });
    await served.client.configure(KEYS);
    assert.equal((await database.create({}, false)).id, "g");
  });

  it("answers the calls that are running before the process ends on a signal", async () => {
    const refused = assert.rejects(database.create({ name: "n" }, false), UNFINISHED);
    await waiting;
    await Promise.all([served.drain(), refused]);
  });
});
