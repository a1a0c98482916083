import assert from "node:assert/strict";
import { compareVersions } from "../../tools/sdk/checkSchema";

describe("the version check", () => {
  const json = (version?: string) => JSON.stringify({ name: "ucloud-redis", version });

  it("finds nothing when the schema's version is the package's", () => {
    assert.deepEqual(compareVersions(json("1.2.3"), json("1.2.3")), []);
  });

  it("names the schema when its version differs or is missing", () => {
    assert.match(
      compareVersions(json("1.2.2"), json("1.2.3")).join(),
      /^provider\/schema\.json version is 1\.2\.2, /,
    );
    assert.match(compareVersions(json(), json("1.2.3")).join(), /^provider\/schema\.json version is missing/);
    assert.match(compareVersions(json(), json()).join(), /package\.json version is missing$/);
  });
});
