import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { runCommand } from "../../tools/childProcess";
import { ensureJavaSdk, javaSdkFolder } from "../../tools/toolchains/javaSdk";
import { leaveOut } from "../support/leftOut";
import { listBlocks, readPage } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { capitalize, findMissing, schemaEntries, schemaEnums, schemaSettings } from "./schemaNames";

/** Maven fetches what it needs on the first run on a machine. */
const COMPILE_TIMEOUT_MS = 6 * 60_000;
const PACKAGE = "io.github.pulumiucloudredis.ucloudredis.";

/** The public methods of each class of the SDK's package, by its name without the package. */
async function readNames(jar: string): Promise<Map<string, ReadonlySet<string>>> {
  const { stdout: list } = await runCommand("jar", ["tf", jar]);
  const classes = list.match(/^io\/.*(?=\.class$)/gm) ?? [];
  const names = classes.map((name) => name.replaceAll("/", "."));
  const { code, stdout, stderr } = await runCommand("javap", ["-public", "-cp", jar, ...names]);
  assert.equal(code, 0, stderr);
  return new Map(
    [...stdout.matchAll(/^public [^{\n]*?\b(?:class|enum|interface) ([\w.$]+)[^{\n]*\{\n([^]*?)^\}/gm)].map(
      ([, name = "", body = ""]) => [
        name.replace(PACKAGE, ""),
        new Set([...body.matchAll(/ (\w+)\(/g)].map(([, method = ""]) => method)),
      ],
    ),
  );
}

describe("the Java SDK", () => {
  const at = useTemporaryFolder("java-sdk-");
  let jars = "";
  let names = new Map<string, ReadonlySet<string>>();

  itInMatrix(
    { part: "language", name: "Java", what: "SDK compiles with Maven, by its pom.xml" },
    async function () {
      this.timeout(COMPILE_TIMEOUT_MS);
      const sdk = await ensureJavaSdk();
      if ("missing" in sdk) leaveOut(this, { need: "Java", why: sdk.missing });
      jars = sdk.jars;
      names = await readNames(path.join(jars, `ucloudredis-${packageJson.version}.jar`));
    },
    { needsEngine: false },
  );

  it("has everything that the schema has", function () {
    if (jars === "") this.skip();
    const functions: string[] = [];
    const expected: Record<string, string[]> = {
      UcloudredisFunctions: functions,
      ProviderArgs: [...schemaSettings],
    };
    for (const { kind, name, inputs, outputs, isSecret } of schemaEntries) {
      const title = capitalize(name);
      if (kind === "resource") {
        expected[`${name}Args`] = [...inputs];
        expected[name] = [...outputs];
      } else if (kind === "function") {
        functions.push(name, ...(isSecret ? [] : [`${name}Plain`]));
        expected[`inputs.${title}Args`] = [...inputs];
        expected[`outputs.${title}Result`] = [...outputs];
      } else {
        expected[`outputs.${name}`] = [...outputs];
      }
    }
    for (const name of schemaEnums) expected[`enums.${name}`] = [];
    assert.deepEqual(findMissing(expected, names), []);
  });

  it("has no variant that would return download links in a plain result", function () {
    if (jars === "") this.skip();
    const functions = names.get("UcloudredisFunctions");
    assert.ok(functions);
    assert.ok(functions.has("getURedisBackupsPlain"));
    assert.ok(!functions.has("getURedisBackupUrlPlain"));
    assert.ok(!functions.has("getUMemBackupUrlsPlain"));
    assert.ok(!names.has("inputs.GetURedisBackupUrlPlainArgs"));
  });

  it("has its version, that of its plugin and the licence as resources in the jar", async function () {
    if (jars === "") this.skip();
    const { stdout } = await runCommand("jar", [
      "tf",
      path.join(jars, `ucloudredis-${packageJson.version}.jar`),
    ]);
    for (const name of ["version.txt", "plugin.json"]) {
      assert.match(stdout, new RegExp(`^io/github/pulumiucloudredis/ucloud-redis/${name}$`, "m"));
    }
    assert.match(stdout, /^META-INF\/LICENSE$/m);
  });

  it("has a README whose program compiles", async function () {
    if (jars === "") this.skip();
    this.timeout(60_000);
    const [block] = listBlocks(readPage("sdk/java/README.md"), ["java"]);
    assert.ok(block);
    fs.writeFileSync(at("App.java"), block.code);
    const args = ["-proc:none", "-cp", path.join(jars, "*"), "-d", at(), at("App.java")];
    const { code, stderr } = await runCommand("javac", args);
    assert.equal(code, 0, stderr);
  });

  it("has a pom.xml with the version of the npm package", () => {
    const pom = fs.readFileSync(path.join(javaSdkFolder, "pom.xml"), "utf8");
    assert.equal(
      /<artifactId>ucloudredis<\/artifactId>\s*<version>(.*)<\//.exec(pom)?.[1],
      packageJson.version,
    );
  });
});
