import assert from "node:assert/strict";
import fs from "node:fs";
import schema from "../../provider/schema.json";
import { compareVersions } from "../../tools/sdk/checkSchema";
import { runSdkgen } from "../../tools/sdk/sdkGenerator";
import { useTemporaryFolder } from "../support/temporaryFolder";

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

describe("the check of the schema", function () {
  this.timeout(300_000);
  const inFolder = useTemporaryFolder("ucloud-redis-schema-");

  it("names a key that no generator reads in the block of each language", async () => {
    const misspelt = {
      nodejs: { packagename: "p" },
      python: { packagename: "p" },
      go: { nonsense: true },
      csharp: { rootnamespace: "P" },
      java: { basepackage: "p" },
      golang: {},
    };
    const language = Object.entries(misspelt).map(([name, block]) => {
      const known: Readonly<Record<string, object>> = schema.language;
      return [name, { ...known[name], ...block }];
    });
    const file = inFolder("schema.json");
    fs.writeFileSync(file, JSON.stringify({ ...schema, language: Object.fromEntries(language) as object }));
    const failure: unknown = await runSdkgen(["-check", file]).catch((error: unknown) => error);
    const found = [...String(failure).matchAll(/#\/language\/(\S+): unknown/g)].map(([, where]) => where);
    assert.deepEqual(found, [
      "csharp/rootnamespace",
      "go/nonsense",
      "golang",
      "java/basepackage",
      "nodejs/packagename",
      "python/packagename",
    ]);
  });
});
