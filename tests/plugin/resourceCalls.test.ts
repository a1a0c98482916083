/** What the plugin brings to each call about a resource that writes, and what it remembers. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { RestoreContext } from "../../provider/restore/resource";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { FAKE_TYPE, FakeResource } from "../support/fakeResource";
import { createHostEnvironment } from "../support/hostEnvironment";
import { PinClient } from "../support/pinClient";
import { packProperties } from "../support/pluginClient";
import { type ServedProvider, serveProvider } from "../support/servedProvider";

const KEYS = { publicKey: "public", privateKey: "private", region: "cn-bj2" };

describe("a call about a resource that writes", () => {
  let fake: FakeResource;
  let served: ServedProvider;
  let database: PinClient;
  let env: Record<string, string>;

  beforeEach(async () => {
    fake = new FakeResource();
    env = {};
    served = await serveProvider({
      resources: fake.table,
      environment: () => createHostEnvironment({ env }),
    });
    await served.client.configure(KEYS);
    database = new PinClient(served.client, FAKE_TYPE.split(":").at(-1) ?? "");
  });
  afterEach(() => served.close());

  const urn = (): string => database.urn;
  const lastContext = (): RestoreContext => {
    const context = fake.calls.at(-1)?.context;
    assert.ok(context);
    return context;
  };

  describe("brings", () => {
    it("the user's timeouts, and none where there are none", async () => {
      const properties = packProperties({ size: 8 });
      for (const [seconds, expected] of [
        [420, 420],
        [0, undefined],
      ] as const) {
        const create = new messages.CreateRequest()
          .setUrn(urn())
          .setTimeout(seconds)
          .setProperties(properties);
        await served.client.call("create", create);
        assert.equal(lastContext().timeoutSeconds, expected);
        const update = new messages.UpdateRequest().setId("g").setUrn(urn()).setTimeout(seconds);
        await served.client.call("update", update.setNews(properties));
        assert.equal(lastContext().timeoutSeconds, expected);
      }
    });

    it("the URN, a fingerprint of the account, and the databases to delete without a final backup", async () => {
      env = { UCLOUD_REDIS_SKIP_FINAL_BACKUP: " uredis-1 ,, uredis-2" };
      await database.create({}, false);
      const context = lastContext();
      const fingerprint = createHash("sha256").update("public").digest("hex").slice(0, 12);
      assert.deepEqual([context.urn, context.account], [urn(), fingerprint]);
      assert.deepEqual([...context.skipFinalBackup], ["uredis-1", "uredis-2"]);
      await served.client.configure({ region: "cn-bj2" });
      await database.create({}, false);
      assert.equal(lastContext().account, "");
    });

    it("one memory of attempts for the whole run, and a new one for another engine", async () => {
      await database.create({}, false);
      const first = lastContext().attempts;
      await database.create({}, false);
      assert.equal(lastContext().attempts, first);
      await served.client.attach("127.0.0.1:1");
      await database.create({}, false);
      assert.notEqual(lastContext().attempts, first);
    });
  });

  it("remembers that a creation or update failed until one succeeds, but not in previews", async () => {
    const hasFailed = async (): Promise<boolean> => {
      await database.delete({ id: "g", properties: {}, inputs: {} });
      return lastContext().attempts.hasFailed(urn());
    };
    const fail = (): Promise<never> => Promise.reject(new RedisBackupError("CreateFailed", "no"));
    const state = { id: "g", properties: {}, inputs: {} };
    [fake.onPlan, fake.onCreate, fake.onUpdate] = [fail, fail, fail];
    await assert.rejects(database.create({}, true));
    assert.equal(await hasFailed(), false);
    await assert.rejects(database.create({}, false));
    assert.equal(await hasFailed(), true);
    fake.onCreate = () => Promise.resolve({ id: "g", outputs: {} });
    await database.create({}, false);
    assert.equal(await hasFailed(), false);
    await assert.rejects(database.update(state, {}));
    assert.equal(await hasFailed(), true);
    fake.onUpdate = () => Promise.resolve({});
    await database.update(state, {});
    assert.equal(await hasFailed(), false);
  });
});
