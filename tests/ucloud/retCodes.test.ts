import assert from "node:assert/strict";
import { explainRetCode, explainStatus } from "../../provider/ucloud/retCodes";

// Which RetCodes and statuses are tried again is tested over HTTP, in clientRetries.test.ts.
describe("retCodes: what the user can do", () => {
  const advice: [retCode: number, advice: RegExp][] = [
    [110, /try again in a few minutes/],
    [153, /`maxConcurrency`/],
    [171, /`publicKey` and `privateKey`.*`baseUrl`/],
    [172, /`publicKey` and `privateKey`.*`baseUrl`/],
    [174, /`securityToken`/],
    [230, /arguments/],
    [292, /`projectId`/],
    [293, /zone/],
    [294, /IP address/],
    [295, /unlock/],
    [299, /administrator/],
    [20004, /administrator/],
  ];
  for (const [retCode, expected] of advice) {
    it(`advises on RetCode ${retCode}`, () => assert.match(explainRetCode(retCode)?.advice ?? "", expected));
  }

  it("knows no RetCodes that are not documented", () => {
    for (const retCode of [0, 1, 151, 999, 20001, 20208]) assert.equal(explainRetCode(retCode), undefined);
  });

  const statuses: [status: number, advice: RegExp][] = [
    [401, /proxy or gateway/],
    [403, /proxy or gateway/],
    [404, /`baseUrl`/],
    [407, /`HTTPS_PROXY`/],
    [418, /`baseUrl`/],
    [500, /try again in a few minutes/],
  ];
  for (const [status, expected] of statuses) {
    it(`advises on HTTP ${status}`, () => assert.match(explainStatus(status).advice, expected));
  }
});
