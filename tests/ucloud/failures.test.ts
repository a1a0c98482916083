import assert from "node:assert/strict";
import { InvalidInputError, RedisBackupError, rewordError } from "../../provider/ucloud/errors";
import { createRequestError, type Failure } from "../../provider/ucloud/failures";
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

  it("says whether it was an outage", () => {
    const redact = createRedactor([]);
    const isOutage = (more: Partial<Failure>): boolean =>
      createRequestError({
        action: "Act",
        parameters: {},
        failure: { ...failure, ...more },
        attempts: 1,
        redact,
      }).isOutage;
    assert.deepEqual([isOutage({}), isOutage({ isOutage: true })], [false, true]);
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

describe("rewordError", () => {
  it("keeps the code, and whether it was an outage", () => {
    for (const isOutage of [true, false]) {
      const error = rewordError(new RedisBackupError("Timeout", "a", { isOutage }), "b");
      assert.equal(error.message, "[Timeout] b");
      assert.deepEqual([error.code, error.isOutage], ["Timeout", isOutage]);
    }
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
