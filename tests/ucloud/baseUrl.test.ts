import assert from "node:assert/strict";
import { DEFAULT_BASE_URL, findBaseUrlProblem, warnOfPlainHttp } from "../../provider/ucloud/baseUrl";

describe("baseUrl", () => {
  for (const url of [DEFAULT_BASE_URL, "http://api.service.ucloud.cn", "HTTPS://a/b", "http://[::1]:8080/"]) {
    it(`accepts ${url}`, () => assert.equal(findBaseUrlProblem(url), undefined));
  }

  const noUrls = ["", "s3cret", "api.ucloud.cn", "//api.ucloud.cn", "https://", "https://a:99999"];
  const refused: [problem: RegExp, urls: string[]][] = [
    [/starts with https:/, [...noUrls, "ftp://s3cret", "file:///s3cret", "javascript:s3cret"]],
    [/user or password/, ["https://user@a", "https://user:s3cret@a", "https://:s3cret@a"]],
    [/query or fragment/, ["https://a/?s3cret", "https://a?", "https://a/#s3cret"]],
  ];
  for (const [problem, urls] of refused) {
    for (const url of urls) {
      it(`refuses ${JSON.stringify(url)} without repeating it`, () => {
        const found = findBaseUrlProblem(url) ?? "";
        assert.match(found, problem);
        assert.ok(!found.includes("s3cret"));
      });
    }
  }

  for (const url of [
    ...["https://api.ucloud.cn", "http://api.service.ucloud.cn", "http://localhost:8080", "http://LOCALHOST"],
    ...["http://127.0.0.1:1", "http://127.9.9.9", "http://127.1", "http://[::1]"],
  ]) {
    it(`does not warn of ${url}`, () => assert.equal(warnOfPlainHttp(url), undefined));
  }
  for (const url of [
    ...["http://api.ucloud.cn", "http://localhost.example", "http://127.0.0.1.example", "http://10.0.0.1"],
    ...["http://[::2]", "http://evil-api.service.ucloud.cn"],
  ]) {
    it(`warns of ${url}`, () => assert.match(warnOfPlainHttp(url) ?? "", /`baseUrl` has no TLS/));
  }
});
