import assert from "node:assert/strict";
import { type handleUnaryCall, type MethodDefinition, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { getMethodPath, METHODS } from "../../provider/plugin/methods";
import { createHandlers, providerService } from "../../provider/plugin/rpc";
import { Provider } from "../../provider/plugin/provider";
import { type ErrorCode, RedisBackupError } from "../../provider/ucloud/errors";
import { packProperties } from "../support/pluginClient";

/** A provider without access to this machine's settings. */
const createProvider = (): Provider =>
  new Provider({ environment: () => ({ env: {}, home: "/", readFile: () => undefined }) });

describe("the provider's messages", () => {
  /** Calls a handler without a socket. Its answer is encoded and decoded as on the wire. */
  function call<Answer>(
    provider: Provider,
    method: keyof typeof providerService,
    request: unknown,
  ): Promise<Answer> {
    const handle = createHandlers(provider)[method] as handleUnaryCall<unknown, unknown>;
    const { responseSerialize, responseDeserialize } = providerService[method] as MethodDefinition<
      unknown,
      unknown
    >;
    // The only part of a call that handlers use.
    const unaryCall: unknown = { request };
    return new Promise((resolve, reject) => {
      handle(unaryCall as Parameters<typeof handle>[0], (error, response) => {
        if (error === null) resolve(responseDeserialize(responseSerialize(response)) as Answer);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- grpc-js takes plain objects
        else reject(error);
      });
    });
  }

  /** A provider whose every lookup fails with this error. */
  function createFailing(error: unknown): Provider {
    const provider = createProvider();
    provider.invoke = () => {
      throw error;
    };
    return provider;
  }

  it("are handled for every call that the engine needs, and for no others", () => {
    const handled = Object.keys(createHandlers(createProvider())).sort();
    assert.deepEqual(handled, [...METHODS].sort());
    for (const method of METHODS) assert.equal(getMethodPath(method), providerService[method].path);
  });

  it("accept secrets in the handshake and in Configure, and support previews", async () => {
    const provider = createProvider();
    const handshake = await call<messages.ProviderHandshakeResponse>(
      provider,
      "handshake",
      new messages.ProviderHandshakeRequest(),
    );
    assert.equal(handshake.getAcceptSecrets(), true);
    const configured = await call<messages.ConfigureResponse>(
      provider,
      "configure",
      new messages.ConfigureRequest(),
    );
    assert.deepEqual([configured.getAcceptsecrets(), configured.getSupportspreview()], [true, true]);
  });

  const codes: [ErrorCode, status][] = [
    ["MissingCredentials", status.UNAUTHENTICATED],
    ["InvalidConfig", status.INVALID_ARGUMENT],
    ["Forbidden", status.PERMISSION_DENIED],
    ["NotFound", status.NOT_FOUND],
    ["Throttled", status.RESOURCE_EXHAUSTED],
    ["Unavailable", status.ABORTED],
    ["Timeout", status.DEADLINE_EXCEEDED],
    ["NoUsableBackup", status.FAILED_PRECONDITION],
    ["Cancelled", status.ABORTED],
  ];
  for (const [code, expected] of codes) {
    it(`carry [${code}] with the status ${status[expected]}`, async () => {
      const failing = createFailing(new RedisBackupError(code, "text"));
      await assert.rejects(call(failing, "invoke", new messages.InvokeRequest()), {
        code: expected,
        details: `[${code}] text`,
      });
    });
  }

  it("show only the kind of an unexpected error", async () => {
    for (const [error, kind] of [
      [new TypeError("privateKey s3cret"), "TypeError"],
      ["s3cret", "string"],
      [undefined, "undefined"],
      [{ message: "s3cret" }, "object"],
    ] as const) {
      await assert.rejects(call(createFailing(error), "invoke", new messages.InvokeRequest()), {
        code: status.ABORTED,
        details: `The ucloud-redis plugin failed in a way it should not (${kind}). Please report this.`,
      });
    }
  });

  it("limit details to a length that fits in a header, and cut between characters", async () => {
    const failing = createFailing(new RedisBackupError("ApiError", "\ud83d\udc18".repeat(5000)));
    await assert.rejects(
      call(failing, "invoke", new messages.InvokeRequest()),
      ({ details }: { details: string }) => {
        return details.isWellFormed() && details.length <= 2000 && details.length > 1900;
      },
    );
  });

  it("keep the verdict and the next step of a message that is too long", async () => {
    const text = `[NoUsableBackup] none.\n${"  x: failed\n".repeat(500)}Make a new backup.`;
    const failing = createFailing(
      new RedisBackupError("NoUsableBackup", text.slice("[NoUsableBackup] ".length)),
    );
    await assert.rejects(call(failing, "invoke", new messages.InvokeRequest()), {
      details: /^\[NoUsableBackup\] none\.\n[^]*\n…\n[^]*Make a new backup\.$/,
    });
  });

  it("make failures well-formed text", async () => {
    const provider = createProvider();
    provider.invoke = () => Promise.resolve({ failures: [{ property: "a\ud83d", reason: "\udc00 b" }] });
    const response = await call<messages.InvokeResponse>(provider, "invoke", new messages.InvokeRequest());
    assert.deepEqual(response.toObject().failuresList, [{ property: "a\ufffd", reason: "\ufffd b" }]);
  });

  it("return a result without failures", async () => {
    const provider = createProvider();
    provider.invoke = () => Promise.resolve({ result: { a: 1 } });
    const good = await call<messages.InvokeResponse>(provider, "invoke", new messages.InvokeRequest());
    assert.deepEqual([good.getReturn()?.toJavaScript(), good.getFailuresList()], [{ a: 1 }, []]);
  });

  it("return checked settings together with failures", async () => {
    const request = new messages.CheckRequest();
    request.setNews(packProperties({ region: "", maxRetries: "1" }));
    const response = await call<messages.CheckResponse>(createProvider(), "checkConfig", request);
    assert.deepEqual(response.getInputs()?.toJavaScript(), { region: "", maxRetries: "1" });
    assert.deepEqual(
      response.getFailuresList().map((failure) => failure.getProperty()),
      ["region"],
    );
  });

  it("answer Cancel with an empty message", async () => {
    assert.deepEqual((await call<Empty>(createProvider(), "cancel", new Empty())).toObject(), {});
  });
});
