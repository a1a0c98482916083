import assert from "node:assert/strict";
import { DEFAULT_BASE_URL, findBaseUrlProblem, warnOfPlainHttp } from "../../provider/ucloud/baseUrl";

describe("baseUrl", () => {
  for (const url of [DEFAULT_BASE_URL, "http://api.service.ucloud.cn", "HTTPS://a/b", "http://[::1]:8080/"]) {
    it(`accepts ${url}`, () => assert.equal(findBaseUrlProblem(url), undefined));
  }

  const refused: [url: string, problem: RegExp][] = [
    ["", /starts with https:/],
    ["s3cret", /starts with https:/],
    ["api.ucloud.cn", /starts with https:/],
    ["//api.ucloud.cn", /starts with https:/],
    ["ftp://s3cret", /starts with https:/],
    ["file:///s3cret", /starts with https:/],
    ["javascript:s3cret", /starts with https:/],
    ["https://", /starts with https:/],
    ["https://a:99999", /starts with https:/],
    ["https://user@a", /user or password/],
    ["https://user:s3cret@a", /user or password/],
    ["https://:s3cret@a", /user or password/],
    ["https://a/?s3cret", /query or fragment/],
    ["https://a?", /query or fragment/],
    ["https://a/#s3cret", /query or fragment/],
  ];
  for (const [url, problem] of refused) {
    it(`refuses ${JSON.stringify(url)} without repeating it`, () => {
      const found = findBaseUrlProblem(url) ?? "";
      assert.match(found, problem);
      assert.ok(!found.includes("s3cret"));
    });
  }

  const warned: [url: string, isWarned: boolean][] = [
    ["https://api.ucloud.cn", false],
    ["http://api.service.ucloud.cn", false],
    ["http://localhost:8080", false],
    ["http://LOCALHOST", false],
    ["http://127.0.0.1:1", false],
    ["http://127.9.9.9", false],
    ["http://127.1", false],
    ["http://[::1]", false],
    ["http://api.ucloud.cn", true],
    ["http://localhost.example", true],
    ["http://127.0.0.1.example", true],
    ["http://10.0.0.1", true],
    ["http://[::2]", true],
    ["http://evil-api.service.ucloud.cn", true],
  ];
  for (const [url, isWarned] of warned) {
    it(`${isWarned ? "warns" : "does not warn"} of ${url}`, () => {
      const warning = warnOfPlainHttp(url);
      assert.equal(warning !== undefined, isWarned);
      if (warning !== undefined) assert.match(warning, /`baseUrl` has no TLS/);
    });
  }
});
