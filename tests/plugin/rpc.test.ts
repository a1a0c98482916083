import assert from "node:assert/strict";
import { type handleUnaryCall, type MethodDefinition, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createHandlers, providerService } from "../../provider/plugin/rpc";
import { Provider } from "../../provider/plugin/provider";
import { type ErrorCode, RedisBackupError } from "../../provider/ucloud/errors";
import { packProperties } from "../support/pluginClient";

/** A server that knows nothing of this machine. */
const createServer = (): Provider =>
  new Provider({ environment: () => ({ env: {}, home: "/", readFile: () => undefined }) });

/** What the flows of protocol.md call: of a provider, and of its resources. */
const NEEDED = [
  ...["attach", "cancel", "checkConfig", "configure", "getPluginInfo", "getSchema", "handshake", "invoke"],
  ...["check", "create", "delete", "diff", "read", "update"],
].sort();

describe("the provider's messages", () => {
  /** Calls a handler without a socket; what it answers is what arrives after a trip as bytes. */
  function call<Response>(
    server: Provider,
    method: keyof typeof providerService,
    request: unknown,
  ): Promise<Response> {
    const handle = createHandlers(server)[method] as handleUnaryCall<unknown, unknown>;
    const { responseSerialize, responseDeserialize } = providerService[method] as MethodDefinition<
      unknown,
      unknown
    >;
    // As much of a call as the handlers look at.
    const unaryCall: unknown = { request };
    return new Promise((resolve, reject) => {
      handle(unaryCall as Parameters<typeof handle>[0], (error, response) => {
        if (error === null) resolve(responseDeserialize(responseSerialize(response)) as Response);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- grpc-js takes plain objects
        else reject(error);
      });
    });
  }

  /** A server that answers every lookup with this error. */
  function createFailing(error: unknown): Provider {
    const server = createServer();
    server.invoke = () => {
      throw error;
    };
    return server;
  }

  it("are handled for every call of the engine's flows, and left to UNIMPLEMENTED for the rest", () => {
    const handled = Object.keys(createHandlers(createServer())).sort();
    assert.deepEqual(handled, NEEDED);
    for (const method of handled) assert.ok(method in providerService, method);
  });

  it("accept secrets in the handshake and in Configure, and support previews", async () => {
    const server = createServer();
    const handshake = await call<messages.ProviderHandshakeResponse>(
      server,
      "handshake",
      new messages.ProviderHandshakeRequest(),
    );
    assert.equal(handshake.getAcceptSecrets(), true);
    const configured = await call<messages.ConfigureResponse>(
      server,
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

  it("never say more of an unforeseen error than its kind", async () => {
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

  it("hold details to a length that arrives in a header, cut between characters", async () => {
    const failing = createFailing(new RedisBackupError("ApiError", "\ud83d\udc18".repeat(5000)));
    await assert.rejects(
      call(failing, "invoke", new messages.InvokeRequest()),
      ({ details }: { details: string }) => {
        return details.isWellFormed() && details.length <= 2000 && details.length > 1900;
      },
    );
  });

  it("name failures in well-formed text", async () => {
    const server = createServer();
    server.invoke = () => Promise.resolve({ failures: [{ property: "a\ud83d", reason: "\udc00 b" }] });
    const response = await call<messages.InvokeResponse>(server, "invoke", new messages.InvokeRequest());
    assert.deepEqual(response.toObject().failuresList, [{ property: "a\ufffd", reason: "\ufffd b" }]);
  });

  it("leave no result where there are failures, and no failures where there is a result", async () => {
    const server = createServer();
    server.invoke = () => Promise.resolve({ result: { a: 1 } });
    const good = await call<messages.InvokeResponse>(server, "invoke", new messages.InvokeRequest());
    assert.deepEqual([good.getReturn()?.toJavaScript(), good.getFailuresList()], [{ a: 1 }, []]);
  });

  it("give checked settings back, and failures beside them", async () => {
    const request = new messages.CheckRequest();
    request.setNews(packProperties({ region: "", maxRetries: "1" }));
    const response = await call<messages.CheckResponse>(createServer(), "checkConfig", request);
    assert.deepEqual(response.getInputs()?.toJavaScript(), { region: "", maxRetries: "1" });
    assert.deepEqual(
      response.getFailuresList().map((failure) => failure.getProperty()),
      ["region"],
    );
  });

  it("answer Cancel with nothing", async () => {
    assert.deepEqual((await call<Empty>(createServer(), "cancel", new Empty())).toObject(), {});
  });
});
