import assert from "node:assert/strict";
import type { ErrorCode } from "../../provider/ucloud/errors";
import { type ErrorClass, explainRetCode, explainStatus } from "../../provider/ucloud/retCodes";

type Expected = [value: number, code: ErrorCode, isRetryable: boolean, advice: RegExp];

function assertClass(found: ErrorClass | undefined, [, code, isRetryable, advice]: Expected): void {
  assert.deepEqual([found?.code, found?.isRetryable], [code, isRetryable]);
  assert.match(found?.advice ?? "", advice);
}

describe("explainRetCode", () => {
  const retCodes: Expected[] = [
    ...[110, 130, 150, 20003, 20016, 20102, 20202, 20206].map((retCode): Expected => [
      retCode,
      "Unavailable",
      true,
      /try again in a few minutes/,
    ]),
    [153, "Throttled", true, /`maxConcurrency`/],
    [170, "Unauthorized", false, /`publicKey` and `privateKey`.*`baseUrl`/],
    [171, "Unauthorized", false, /`publicKey` and `privateKey`.*`baseUrl`/],
    [172, "Unauthorized", false, /`publicKey` and `privateKey`.*`baseUrl`/],
    [174, "Unauthorized", false, /`securityToken`/],
    [220, "ApiError", false, /arguments/],
    [230, "ApiError", false, /arguments/],
    [292, "NotFound", false, /`projectId`/],
    [293, "Forbidden", false, /zone/],
    [294, "Forbidden", false, /IP address/],
    [295, "Forbidden", false, /unlock/],
    [299, "Forbidden", false, /administrator/],
    [20004, "Forbidden", false, /administrator/],
    ...[20000, 20001, 20010, 20100, 20101, 20204, 20207].map((retCode): Expected => [
      retCode,
      "ApiError",
      false,
      /support/,
    ]),
    ...[20002, 20103, 20200, 20201, 20203, 20205].map((retCode): Expected => [
      retCode,
      "ApiError",
      false,
      /later/,
    ]),
    [20011, "ApiError", false, /expired/],
    [20012, "ApiError", false, /`chargeType`/],
    [20013, "ApiError", false, /balance/],
    [20015, "ApiError", false, /trials/],
    [20104, "ApiError", false, /renew it/],
    [20208, "ApiError", false, /3 are free/],
  ];
  for (const expected of retCodes) {
    const [retCode, code] = expected;
    it(`classifies RetCode ${retCode} as ${code}`, () => assertClass(explainRetCode(retCode), expected));
  }

  it("does not classify RetCodes that are not documented", () => {
    for (const retCode of [0, 1, -1, 151, 160, 161, 999, 8000, 20005, 20209]) {
      assert.equal(explainRetCode(retCode), undefined);
    }
  });

  it("calls only 110, 130 and 150 an outage, not the operations that Redis could not do", () => {
    const outages = retCodes.filter(([retCode]) => explainRetCode(retCode)?.isOutage === true);
    assert.deepEqual(
      outages.map(([retCode]) => retCode),
      [110, 130, 150],
    );
  });

  it("suspects the keys only where they do not belong together or to any account", () => {
    const suspected = retCodes.filter(([retCode]) => explainRetCode(retCode)?.suspect === "keys");
    assert.deepEqual(
      suspected.map(([retCode]) => retCode),
      [171, 172],
    );
  });
});

describe("explainStatus", () => {
  const statuses: Expected[] = [
    [201, "ApiError", false, /`baseUrl`/],
    [400, "ApiError", false, /`baseUrl`/],
    [401, "Unauthorized", false, /proxy or gateway/],
    [403, "Forbidden", false, /proxy or gateway/],
    [404, "NotFound", false, /`baseUrl`/],
    [407, "Unavailable", false, /`HTTPS_PROXY`/],
    [418, "ApiError", false, /`baseUrl`/],
    [429, "Throttled", true, /`maxConcurrency`/],
    [500, "Unavailable", false, /try again in a few minutes/],
    ...[502, 503, 504].map((status): Expected => [status, "Unavailable", true, /try again in a few minutes/]),
  ];
  for (const expected of statuses) {
    const [status, code] = expected;
    it(`classifies HTTP ${status} as ${code}`, () => assertClass(explainStatus(status), expected));
  }

  it("calls 500 and above an outage, and nothing else", () => {
    const outages = statuses.filter(([status]) => explainStatus(status).isOutage === true);
    assert.deepEqual(
      outages.map(([status]) => status),
      [500, 502, 503, 504],
    );
    assert.equal(explainStatus(599).isOutage, true);
  });

  it("suspects baseUrl where a status says neither who answered nor that it will pass", () => {
    const suspected = statuses.filter(([status]) => explainStatus(status).suspect === "baseUrl");
    assert.deepEqual(
      suspected.map(([status]) => status),
      [500],
    );
  });
});
