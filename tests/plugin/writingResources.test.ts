/** The resources that write, over gRPC, as the engine calls them. */
import assert from "node:assert/strict";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { RestoreContext } from "../../provider/restore/resource";
import { InvalidInputError, RedisBackupError } from "../../provider/ucloud/errors";
import { FAKE_OUTPUTS, FAKE_TYPE, FakeResource } from "../support/fakeResource";
import { makeSecret, PinClient, UNKNOWN } from "../support/pinClient";
import { packProperties, unpackProperties } from "../support/pluginClient";
import { type ServedProvider, serveProvider } from "../support/servedProvider";
import { type StandInEngine, startEngine } from "../support/standInEngine";

const PASSWORD = "correct-horse-battery";
const KEYS = { publicKey: "public", privateKey: "private", region: "cn-bj2" };

describe("a resource that writes, over gRPC", () => {
  let fake: FakeResource;
  let engine: StandInEngine;
  let served: ServedProvider;
  let database: PinClient;

  beforeEach(async () => {
    fake = new FakeResource();
    engine = await startEngine();
    served = await serveProvider({ resources: fake.table, engineAddress: engine.address });
    await served.client.configure(KEYS);
    database = new PinClient(served.client, FAKE_TYPE.split(":").at(-1) ?? "");
  });
  afterEach(() => {
    served.close();
    engine.close();
  });

  const urn = (): string => database.urn;
  const lastContext = (): RestoreContext => {
    const context = fake.calls.at(-1)?.context;
    assert.ok(context);
    return context;
  };

  describe("Check", () => {
    async function check(fill: (request: messages.CheckRequest) => void): Promise<messages.CheckResponse> {
      const request = new messages.CheckRequest().setUrn(urn());
      fill(request);
      return served.client.call<messages.CheckResponse>("check", request);
    }

    it("passes what the engine says, and returns the inputs that the resource made of it", async () => {
      const { PROPOSE } = messages.CheckRequest.AutonamingOptions.Mode;
      const response = await check((request) => {
        request.setNews(packProperties({ size: 8 })).setOlds(packProperties({ size: 4 }));
        request.setRandomseed(new Uint8Array([1, 2]));
        const naming = new messages.CheckRequest.AutonamingOptions().setProposedName("db-1234567");
        request.setAutonaming(naming.setMode(PROPOSE));
      });
      const { randomSeed, ...request } = fake.calls[0]?.request as { randomSeed: Uint8Array };
      assert.deepEqual(request, {
        args: { size: 8 },
        unknown: new Set(),
        olds: { size: 4 },
        autonaming: { mode: "propose", proposedName: "db-1234567" },
      });
      assert.deepEqual([...randomSeed], [1, 2]);
      assert.deepEqual(unpackProperties(response.getInputs()), { name: "auto", size: 8 });
    });

    for (const [mode, name] of [
      [messages.CheckRequest.AutonamingOptions.Mode.ENFORCE, "enforce"],
      [messages.CheckRequest.AutonamingOptions.Mode.DISABLE, "disable"],
    ] as const) {
      it(`passes the autonaming mode ${name}`, async () => {
        await check((request) => {
          request.setAutonaming(new messages.CheckRequest.AutonamingOptions().setMode(mode));
        });
        const { autonaming } = fake.calls[0]?.request as { autonaming: { mode: string } };
        assert.equal(autonaming.mode, name);
      });
    }

    it("passes no old inputs, seed or autonaming where the engine sends none", async () => {
      await check((request) => void request.setNews(packProperties({ size: 8 })));
      const { olds, autonaming, randomSeed } = fake.calls[0]?.request as Record<string, unknown>;
      assert.deepEqual([olds, autonaming, randomSeed], [undefined, undefined, undefined]);
    });

    it("keeps the marks of secrets and unknowns, and marks a plain password", async () => {
      const news = {
        password: PASSWORD,
        size: UNKNOWN,
        source: { groupId: makeSecret("g-1") },
        triggers: makeSecret({ a: "1" }),
      };
      const { inputs, failures } = await database.check(news);
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs, { ...news, name: "auto", password: makeSecret(PASSWORD) });
      const { args, unknown } = fake.calls[0]?.request as { args: object; unknown: ReadonlySet<string> };
      assert.deepEqual(args, { password: PASSWORD, source: { groupId: "g-1" }, triggers: { a: "1" } });
      assert.deepEqual([...unknown], ["size"]);
    });

    it("marks an input as secret that the resource derived from a secret one", async () => {
      fake.onCheck = () => Promise.resolve({ version: "6.0" });
      const { inputs } = await database.check({ version: makeSecret(6) });
      assert.deepEqual(inputs, { version: makeSecret("6.0") });
    });

    it("never names the password or a secret, nor quotes it", async () => {
      fake.onCheck = () =>
        Promise.reject(
          new InvalidInputError("InvalidArgument", [
            { property: "password", reason: `\`${PASSWORD}\` is too short` },
            { property: "source.groupId", reason: "g-12345 is malformed" },
            { property: "size", reason: "must be even" },
          ]),
        );
      const source = { groupId: makeSecret("g-12345") };
      const { failures } = await database.check({ password: PASSWORD, source, size: 3 });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["", "", "size"],
      );
      const said = JSON.stringify(failures);
      assert.ok(!said.includes(PASSWORD) && !said.includes("g-12345"), said);
      assert.match(failures[1]?.reason ?? "", /^\[InvalidArgument\] source\.groupId .* is malformed$/);
    });

    it("does not name a password that is missing either", async () => {
      fake.onCheck = () =>
        Promise.reject(
          new InvalidInputError("InvalidArgument", [{ property: "password", reason: "is required" }]),
        );
      const { failures } = await database.check({});
      assert.deepEqual(failures, [{ property: "", reason: "[InvalidArgument] password is required" }]);
    });
  });

  it("says in the handshake and in Configure that it takes autonaming settings", async () => {
    const handshake = await served.client.handshake();
    const configured = await served.client.configure(KEYS);
    assert.ok(handshake.getSupportsAutonamingConfiguration());
    assert.ok(configured.getSupportsAutonamingConfiguration());
  });

  it("compares bare values, and answers what replaces and what updates", async () => {
    const state = { id: "g", properties: { size: 8 }, inputs: { size: 8, password: makeSecret(PASSWORD) } };
    const news = { size: 16, password: makeSecret(PASSWORD), name: UNKNOWN };
    const diff = await served.client.diff(urn(), { state, news });
    assert.deepEqual(diff, { changes: "some", replaces: [], diffs: ["size"] });
    assert.deepEqual(fake.calls[0]?.request, {
      id: "g",
      outputs: { size: 8 },
      oldArgs: { size: 8, password: PASSWORD },
      args: { size: 16, password: PASSWORD },
      unknown: new Set(["name"]),
    });
    const replaced = await served.client.diff(urn(), {
      state,
      news: { ...state.inputs, triggers: { a: "1" } },
    });
    assert.deepEqual(replaced.replaces, ["triggers"]);
  });

  describe("Create", () => {
    it("plans in a preview: what the plan leaves out, and what follows from unknowns, is unknown", async () => {
      fake.onPlan = () =>
        Promise.resolve({ name: "auto", size: 8, backup: { backupId: "b" }, state: undefined });
      const inputs = { source: { groupId: UNKNOWN }, password: PASSWORD };
      const { id, properties } = await database.create(inputs, true);
      assert.deepEqual([id, fake.methods], ["", ["plan"]]);
      assert.deepEqual(properties, {
        name: "auto",
        size: 8,
        backup: { backupId: "b" },
        source: inputs.source,
        password: makeSecret(UNKNOWN),
        groupId: UNKNOWN,
      });
      assert.deepEqual(
        [...FAKE_OUTPUTS].filter((name) => !(name in properties)),
        ["state"],
      );
    });

    it("returns the outputs, secret where the inputs were, and the password in any case", async () => {
      const inputs = { name: makeSecret("n-1"), source: { groupId: makeSecret("g") }, password: PASSWORD };
      const { id, properties } = await database.create(inputs, false);
      assert.equal(id, "group-1");
      assert.deepEqual(properties, {
        ...inputs,
        password: makeSecret(PASSWORD),
        groupId: "group-1",
        state: "Running",
      });
      assert.deepEqual(fake.calls[0]?.request, { name: "n-1", source: { groupId: "g" }, password: PASSWORD });
    });

    it("shows no secret in messages, progress and errors, nor its base64", async () => {
      const base64 = Buffer.from(PASSWORD).toString("base64");
      const told = `${PASSWORD} ${base64} g-12345 kept`;
      fake.onCreate = async (_args, context) => {
        context.warn(told);
        context.inform(told);
        context.reportProgress(told);
        await Promise.resolve();
        throw new RedisBackupError("CreateFailed", told);
      };
      const inputs = { password: PASSWORD, source: { groupId: makeSecret("g-12345") } };
      const error = await database.create(inputs, false).then(
        () => assert.fail("created"),
        (each: unknown) => (each as { details: string }).details,
      );
      while (engine.messages.length < 3) await new Promise(setImmediate);
      for (const text of [error, ...engine.messages.map(([, each]) => each)]) {
        assert.ok(!text.includes(PASSWORD) && !text.includes(base64) && !text.includes("g-12345"), text);
        assert.match(text, /kept$/);
      }
      assert.match(error, /^\[CreateFailed\] /);
    });
  });

  describe("Read", () => {
    const state = {
      id: "g",
      properties: { password: makeSecret(PASSWORD), groupId: "g", size: 8 },
      inputs: { password: makeSecret(PASSWORD), size: 8, source: { groupId: makeSecret("s") } },
    };

    it("returns new outputs and inputs with the marks of the old ones", async () => {
      fake.onRead = ({ outputs, args, id }) =>
        Promise.resolve({ id, outputs: { ...outputs, size: 16 }, args: { ...args, size: 16 } });
      assert.deepEqual(await database.read(state), {
        id: "g",
        properties: { ...state.properties, size: 16 },
        inputs: { ...state.inputs, size: 16 },
      });
    });

    it("returns no id for what is gone", async () => {
      fake.onRead = () => Promise.resolve(undefined);
      assert.deepEqual(await database.read(state), { id: "", properties: {}, inputs: {} });
    });

    it("passes an import with nothing but its id", async () => {
      fake.onRead = ({ id }) => Promise.resolve({ id, outputs: { groupId: "g" }, args: { size: 8 } });
      const read = await database.read({ id: "cn-bj2/g", properties: {}, inputs: {} });
      assert.deepEqual(fake.calls[0]?.request, { id: "cn-bj2/g", outputs: {}, args: {} });
      assert.deepEqual(read, { id: "cn-bj2/g", properties: { groupId: "g" }, inputs: { size: 8 } });
    });
  });

  describe("Update and Delete", () => {
    const state = {
      id: "g",
      properties: { size: 8, password: makeSecret("old-password") },
      inputs: { size: 8, password: makeSecret("old-password") },
    };

    it("changes in place, and returns the new outputs with marks", async () => {
      const news = { size: makeSecret(16), password: makeSecret(PASSWORD) };
      assert.deepEqual(await database.update(state, news), { ...news, state: "Running" });
      assert.deepEqual(fake.calls[0]?.request, {
        id: "g",
        outputs: { size: 8, password: "old-password" },
        oldArgs: { size: 8, password: "old-password" },
        args: { size: 16, password: PASSWORD },
        unknown: new Set(),
      });
    });

    it("calls only the preview of an update in a preview, and returns unknowns as they came", async () => {
      const properties = await database.update(state, { size: UNKNOWN, password: PASSWORD }, true);
      assert.deepEqual(properties, { size: UNKNOWN, password: makeSecret(PASSWORD) });
      assert.deepEqual(fake.methods, ["previewUpdate"]);
    });

    it("deletes by the state", async () => {
      const request = new messages.DeleteRequest().setId("g").setUrn(urn()).setTimeout(90);
      request.setProperties(packProperties(state.properties)).setOldInputs(packProperties(state.inputs));
      await served.client.call("delete", request);
      const bare = { size: 8, password: "old-password" };
      assert.deepEqual(fake.calls[0]?.request, { id: "g", outputs: bare, args: bare });
      assert.equal(lastContext().timeoutSeconds, 90);
    });
  });
});
