/** A resource that was made and is not ready: how the engine learns of it. */
import assert from "node:assert/strict";
import { type ServiceError, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as statuses from "@pulumi/pulumi/proto/status_pb.js";
import { UnfinishedError } from "../../provider/restore/resource";
import type { ErrorCode } from "../../provider/ucloud/errors";
import { FAKE_TYPE, FakeResource } from "../support/fakeResource";
import { makeSecret, PinClient } from "../support/pinClient";
import { type Properties, unpackProperties } from "../support/pluginClient";
import { type ServedProvider, serveProvider } from "../support/servedProvider";

const PASSWORD = "correct-horse-battery";
const INPUTS = { name: "n", password: PASSWORD, source: { groupId: makeSecret("g-12345") } };
const OUTPUTS = { name: "n", password: PASSWORD, source: { groupId: "g-12345" }, state: "Starting" };
const STATE = { id: "g", properties: { name: "n", password: makeSecret(PASSWORD) }, inputs: INPUTS };
/** What grpc-go has announced as its default. */
const SMALLEST_LIMIT = 8192;

/** What an engine reads from the error. */
interface Failure {
  readonly code: number;
  readonly details: string;
  readonly trailerBytes: number;
  readonly id: string;
  readonly reasons: readonly string[];
  readonly properties: Properties;
  readonly inputs: Properties;
}

describe("a resource that is not ready, over gRPC", () => {
  let fake: FakeResource;
  let served: ServedProvider;
  let database: PinClient;

  beforeEach(async () => {
    fake = new FakeResource();
    served = await serveProvider({ resources: fake.table });
    database = new PinClient(served.client, FAKE_TYPE.split(":").at(-1) ?? "");
  });
  afterEach(() => served.close());

  function failWith({
    code = "Timeout",
    outputs = OUTPUTS,
    reasons = ["second"],
    ...more
  }: {
    readonly code?: ErrorCode;
    readonly outputs?: object;
    readonly reasons?: readonly string[];
    readonly args?: Record<string, unknown>;
  } = {}): () => Promise<never> {
    const record = { id: "cn-bj2/g", outputs: { ...outputs }, ...more };
    return () => Promise.reject(new UnfinishedError(code, `not up, with ${PASSWORD}.`, record, reasons));
  }

  async function fail(call: Promise<unknown>): Promise<Failure> {
    const error = await call.then(
      () => assert.fail("no error"),
      (each: unknown) => each as ServiceError,
    );
    const [trailer] = error.metadata.get("grpc-status-details-bin");
    assert.ok(trailer instanceof Buffer);
    const packed = statuses.Status.deserializeBinary(trailer);
    // The engine takes code and message from here, if there is anything.
    assert.deepEqual([packed.getCode(), packed.getMessage()], [error.code, error.details]);
    const [any, ...others] = packed.getDetailsList();
    assert.deepEqual(others, []);
    assert.equal(any?.getTypeUrl(), "type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
    return {
      code: error.code,
      details: error.details,
      trailerBytes: trailer.toString("base64").length,
      id: failed.getId(),
      reasons: failed.getReasonsList(),
      properties: unpackProperties(failed.getProperties()),
      inputs: unpackProperties(failed.getInputs()),
    };
  }

  it("leaves a Create with its id, state, inputs and reasons, and with the marks of secrets", async () => {
    fake.onCreate = failWith({});
    const failure = await fail(database.create(INPUTS, false));
    assert.deepEqual([failure.code, failure.id], [status.DEADLINE_EXCEEDED, "cn-bj2/g"]);
    assert.deepEqual(failure.properties, {
      ...OUTPUTS,
      password: makeSecret(PASSWORD),
      source: INPUTS.source,
    });
    assert.deepEqual(failure.inputs, INPUTS);
    assert.deepEqual(failure.reasons, ["[Timeout] not up, with [redacted].", "second"]);
    assert.equal(failure.details, "[Timeout] The resource is not ready.");
  });

  it("leaves a Read with the inputs that it read", async () => {
    fake.onRead = failWith({ args: { name: "other", password: PASSWORD } });
    const { inputs, properties } = await fail(database.read(STATE));
    assert.deepEqual(inputs, { name: "other", password: makeSecret(PASSWORD) });
    assert.deepEqual(properties["password"], makeSecret(PASSWORD));
  });

  it("leaves an Update with the inputs in state", async () => {
    fake.onUpdate = failWith({});
    const { inputs } = await fail(database.update(STATE, { ...INPUTS, name: "new" }));
    assert.deepEqual(inputs, INPUTS);
  });

  it("is not an error of a kind that the engine takes for the loss of the plugin, or for no answer", async () => {
    for (const code of ["Timeout", "Cancelled", "OutcomeUnknown", "CreateFailed", "Unavailable"] as const) {
      fake.onCreate = failWith({ code });
      const failure = await fail(database.create(INPUTS, false));
      const bad: number[] = [
        status.UNAVAILABLE,
        status.CANCELLED,
        status.UNKNOWN,
        status.INTERNAL,
        status.UNIMPLEMENTED,
      ];
      assert.ok(!bad.includes(failure.code), code);
    }
  });

  describe("that has a long state", () => {
    const blocks = Array.from({ length: 2000 }, (_, i) => ({ backupId: `block-${i}`, state: "Success" }));
    const skipped = Array.from({ length: 50 }, (_, i) => ({ backupId: `skipped-${i}`, reason: "failed" }));

    it("keeps all of it where it fits", async () => {
      const backup = { backupId: "b", blocks: blocks.slice(0, 4), skipped: skipped.slice(0, 2) };
      fake.onCreate = failWith({ outputs: { ...OUTPUTS, backup } });
      const { properties } = await fail(database.create(INPUTS, false));
      assert.deepEqual(properties["backup"], backup);
    });

    it("loses the lists of its backup, so that its id arrives", async () => {
      fake.onCreate = failWith({ outputs: { ...OUTPUTS, backup: { backupId: "b", blocks, skipped } } });
      const failure = await fail(database.create(INPUTS, false));
      assert.deepEqual(failure.properties["backup"], { backupId: "b", blocks: [], skipped: [] });
      assert.deepEqual(failure.inputs, INPUTS);
      assert.ok(failure.trailerBytes < SMALLEST_LIMIT);
    });

    it("then loses inputs, which the engine has, and the ends of its reasons", async () => {
      fake.onCreate = failWith({
        outputs: { ...OUTPUTS, backup: { backupId: "b", blocks, skipped } },
        reasons: ["r".repeat(6000)],
      });
      const failure = await fail(database.create({ ...INPUTS, triggers: { a: "t".repeat(3000) } }, false));
      assert.deepEqual([failure.id, failure.inputs], ["cn-bj2/g", {}]);
      assert.deepEqual(
        failure.reasons.map(({ length }) => length),
        [34, 600],
      );
      assert.ok(failure.trailerBytes < SMALLEST_LIMIT);
    });

    it("still arrives where all that cannot be spared is long", async () => {
      const notes = "n".repeat(20_000);
      fake.onCreate = failWith({ outputs: { ...OUTPUTS, notes } });
      const { id, properties } = await fail(database.create(INPUTS, false));
      assert.deepEqual([id, properties["notes"]], ["cn-bj2/g", notes]);
    });
  });
});
