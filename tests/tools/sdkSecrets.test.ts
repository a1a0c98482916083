import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { repositoryRoot } from "../../tools/repository";
import { keepSecretResults, wrapSecretFields } from "../../tools/sdk/sdkSecrets";
import { useTemporaryFolder } from "../support/temporaryFolder";

const NAME = "getURedisBackupUrl.ts";
const { properties } = schema.functions["ucloud-redis:index:getURedisBackupUrl"].outputs;
const FIELDS = [{ name: "url", description: properties.url.description }];
const committed = fs.readFileSync(path.join(repositoryRoot, "sdk", "nodejs", NAME), "utf8");

/** The generator's own text of the committed file. */
const generated = committed
  .replace(/ \*\n \* In the result, .*\n/, "")
  .replace(/Promise<Omit<(\w+), "url"> & \{[^]*?\n\}> \{/, "Promise<$1> {")
  .replace(/\.then\(\(result\) => .*;/, ";");

describe("secrets in the results of promises", () => {
  const inFolder = useTemporaryFolder("sdk-");

  it("become secret outputs, with their types and comments", () => {
    assert.notEqual(generated, committed);
    assert.doesNotMatch(generated, /pulumi\.secret/);
    assert.equal(wrapSecretFields(NAME, generated, FIELDS), committed);
    assert.match(committed, /^ \* In the result, `url` is a secret output, since /m);
    assert.match(committed, /readonly url: pulumi\.Output<GetURedisBackupUrlResult\["url"\]>;/);
  });

  it("may be several", () => {
    const text = wrapSecretFields(NAME, generated, [...FIELDS, { name: "region", description: "Where." }]);
    assert.match(text, /Omit<GetURedisBackupUrlResult, "url" \| "region"> & \{/);
    assert.match(text, /`url`, `region` are secret outputs/);
    assert.match(
      text,
      /\(\{ \.\.\.result, "url": pulumi\.secret\(result\["url"\]\), "region": pulumi\.secret\(result\["region"\]\) \}\)/,
    );
  });

  it("leave the function that returns outputs as it is, which keeps them by itself", () => {
    const [, rest = ""] = committed.split("export function getURedisBackupUrlOutput(");
    assert.match(rest, /invokeOutput/);
    assert.doesNotMatch(rest, /pulumi\.secret/);
  });

  it("are wrapped in the files of all functions that have some, and in no others", () => {
    fs.writeFileSync(inFolder(NAME), generated);
    const token = "ucloud-redis:index:getURedisBackupUrl";
    const others = { "ucloud-redis:index:getURedisBackups": { outputs: { properties: { a: {} } } } };
    keepSecretResults(inFolder(), { functions: { ...others, [token]: schema.functions[token] } });
    assert.equal(fs.readFileSync(inFolder(NAME), "utf8"), committed);
    assert.deepEqual(fs.readdirSync(inFolder()), [NAME]);
    for (const [token, { outputs }] of Object.entries(schema.functions)) {
      const file = `${token.replace("ucloud-redis:index:", "")}.ts`;
      const text = fs.readFileSync(path.join(repositoryRoot, "sdk", "nodejs", file), "utf8");
      assert.equal(text.includes("pulumi.secret"), JSON.stringify(outputs).includes('"secret":true'), token);
    }
  });

  const changes: readonly (readonly [what: string, change: (text: string) => string])[] = [
    ["another head", (text) => text.replace("): Promise<", "):Promise<")],
    ["another call", (text) => text.replace("return pulumi.runtime.invoke(", "return invoke(")],
    ["another end of the call", (text) => text.replace("}, opts);", "}, opts, utilities.getPackage());")],
    ["a file already changed", () => committed],
  ];
  for (const [what, change] of changes) {
    it(`fail the generation if the generator makes ${what}`, () => {
      assert.throws(
        () => wrapSecretFields(NAME, change(generated), FIELDS),
        /Adapt tools\/sdk\/sdkSecrets\.ts to the generator/,
      );
    });
  }
});
