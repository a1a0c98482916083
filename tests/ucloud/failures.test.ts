import assert from "node:assert/strict";
import { InvalidInputError, RedisBackupError } from "../../provider/ucloud/errors";
import { createRequestError, type Failure, hideTexts } from "../../provider/ucloud/failures";
import { createRedactor } from "../../provider/ucloud/redaction";

const failure: Failure = { code: "ApiError", isRetryable: false, what: "it broke", advice: "Do this." };

function show(options: Partial<Parameters<typeof createRequestError>[0]>): string {
  const redact = createRedactor(["topsecretkey"]);
  return createRequestError({ action: "Act", parameters: {}, failure, attempts: 1, redact, ...options })
    .message;
}

describe("createRequestError", () => {
  it("names the code, the action, what happened, the attempts and the next step", () => {
    assert.equal(show({}), "[ApiError] Act failed: it broke. 1 attempt. Do this.");
  });

  it("names the arguments, but neither page nor keys", () => {
    const parameters = {
      Region: "r",
      Zone: "z",
      ProjectId: "p",
      GroupId: "g",
      SpaceId: "s",
      RegionType: "t",
      SlaveZone: "v",
      BackupId: "b",
      Offset: 0,
      Limit: 100,
      PublicKey: "k",
      Password: "w",
    };
    assert.equal(
      show({ parameters, attempts: 4 }),
      "[ApiError] Act (Region r, Zone z, ProjectId p, GroupId g, SpaceId s, RegionType t, SlaveZone v, BackupId b) " +
        "failed: it broke. 4 attempts. Do this.",
    );
  });

  it("shows the request uuid, tidied", () => {
    const requestId = `id\n${"x".repeat(100)}`;
    assert.equal(
      show({ failure: { ...failure, requestId } }),
      `[ApiError] Act failed: it broke. 1 attempt, request uuid id ${"x".repeat(77)}…. Do this.`,
    );
  });

  it("names the server that did not answer", () => {
    const peer = "api.example:443 (the default `baseUrl`)\ntopsecretkey";
    assert.equal(
      show({ failure: { ...failure, peer }, attempts: 2 }),
      "[ApiError] Act failed: it broke. 2 attempts at api.example:443 (the default `baseUrl`) [redacted]. Do this.",
    );
  });

  it("adds the hint about the suspect setting, if there is one", () => {
    const keys = '`publicKey` came from UCLOUD_PUBLIC_KEY, `privateKey` from the profile "a".';
    const hints = { keys, baseUrl: "Check it." };
    assert.ok(show({ failure: { ...failure, suspect: "keys" }, hints }).endsWith(` Do this. ${keys}`));
    assert.ok(show({ failure: { ...failure, suspect: "baseUrl" }, hints }).endsWith(" Do this. Check it."));
    assert.ok(show({ failure, hints }).endsWith(" Do this."));
    assert.ok(show({ failure: { ...failure, suspect: "keys" } }).endsWith(" Do this."));
  });

  it("adds no full stop to a sentence that has an end", () => {
    for (const what of ["Really?", "No!", "So."]) {
      assert.ok(show({ failure: { ...failure, what } }).includes(`failed: ${what} 1 attempt. `));
    }
  });

  it("removes secrets from everything that came from outside", () => {
    const text = show({
      parameters: { Region: "a topsecretkey" },
      failure: { ...failure, what: "echo TOPSECRETKEY", requestId: "topsecretkey" },
    });
    assert.equal(
      text,
      "[ApiError] Act (Region a [redacted]) failed: echo [redacted]. 1 attempt, request uuid [redacted]. Do this.",
    );
  });

  it("removes secrets before it cuts, so that no part remains", () => {
    for (let before = 480; before <= 500; before++) {
      const what = `${"x".repeat(before)}topsecretkey`;
      assert.ok(!show({ failure: { ...failure, what } }).includes("tops"), `after ${before} characters`);
    }
  });

  it("creates an error with a code, and without a cause that could hold secrets", () => {
    const error = createRequestError({ action: "Act", parameters: {}, failure, attempts: 1, redact: String });
    assert.ok(error instanceof RedisBackupError);
    assert.deepEqual([error.code, error.cause, error.name], ["ApiError", undefined, "RedisBackupError"]);
  });
});

describe("InvalidInputError", () => {
  it("names every property and why it was refused", () => {
    const failures = [
      { property: "a", reason: "is wrong" },
      { property: "b", reason: "is missing" },
    ];
    const error = new InvalidInputError("InvalidArgument", failures);
    assert.equal(error.message, "[InvalidArgument] a: is wrong; b: is missing");
    assert.deepEqual(error.failures, failures);
  });
});

describe("hideTexts", () => {
  const said: Failure = { ...failure, what: 'RetCode 230: "s3cret"', retCode: 230 };

  it("keeps the RetCode, without the API's message", () => {
    assert.deepEqual(hideTexts(said), { ...said, what: "RetCode 230" });
  });

  it("keeps the id of a request only if it is one", () => {
    const requestId = "0b9c4d7e-5f3e-4f8a-86d2-c3e1f8a6d2c7";
    assert.equal(hideTexts({ ...said, requestId }).requestId, requestId);
    assert.equal(hideTexts({ ...said, requestId: `${requestId}s3cret` }).requestId, undefined);
  });

  it("keeps what happened where there is no RetCode", () => {
    assert.deepEqual(hideTexts(failure), failure);
    const failed = { ...failure, what: "HTTP 500", retCode: 0, status: 500 };
    assert.deepEqual(hideTexts(failed), failed);
  });
});
