import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../../tools/childProcess";
import { ensureCsharpParser } from "../../tools/toolchains/languageToolchains";
import { repositoryRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { listBlocks, readPage } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { capitalize, findMissing, schemaEntries, schemaEnums, schemaSettings } from "./schemaNames";

const INSTALL_TIMEOUT_MS = 6 * 60_000;
const sdkFolder = path.join(repositoryRoot, "sdk", "dotnet");

interface Parsed {
  readonly files: number;
  /** Files and lines. */
  readonly errors: readonly string[];
  readonly types: Readonly<Record<string, readonly string[]>>;
}

describe("the .NET SDK", () => {
  const at = useTemporaryFolder("csharp-");
  let python = "";
  let sdk: Parsed;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    const environment = await ensureCsharpParser();
    if ("missing" in environment) leaveOut(this, { need: "Python", why: environment.missing });
    python = environment.python;
    sdk = await parse(sdkFolder);
  });

  async function parse(folder: string): Promise<Parsed> {
    const { code, stdout, stderr } = await runCommand(python, [
      path.join(__dirname, "csharpNames.py"),
      folder,
    ]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Parsed;
  }

  itInMatrix(
    { part: "language", name: ".NET", what: "SDK's syntax parses; it was never compiled or run" },
    () => {
      assert.ok(sdk.files > schemaEntries.length);
      assert.deepEqual(sdk.errors, []);
    },
    { needsEngine: false },
  );

  it("has everything that the schema has", () => {
    const expected: Record<string, string[]> = { ProviderArgs: schemaSettings.map(capitalize) };
    for (const { kind, name, inputs, outputs, isSecret } of schemaEntries) {
      const title = capitalize(name);
      if (kind === "resource") {
        expected[`${name}Args`] = inputs.map(capitalize);
        expected[name] = outputs.map(capitalize);
      } else if (kind === "function") {
        expected[title] = isSecret ? ["Invoke"] : ["Invoke", "InvokeAsync"];
        expected[`${title}InvokeArgs`] = inputs.map(capitalize);
        expected[`${title}Result`] = outputs.map(capitalize);
      } else {
        expected[`Outputs.${name}`] = outputs.map(capitalize);
      }
    }
    for (const name of schemaEnums) expected[name] = [];
    const found = new Map(Object.entries(sdk.types).map(([name, members]) => [name, new Set(members)]));
    assert.deepEqual(findMissing(expected, found), []);
  });

  it("has no member with the name of its type, which the compiler would refuse", () => {
    const refused = Object.entries(sdk.types).filter(([name, members]) =>
      members.includes(name.slice(name.lastIndexOf(".") + 1)),
    );
    assert.deepEqual(refused, []);
  });

  it("has no variant that would return download links in a plain result", () => {
    assert.deepEqual([...new Set(sdk.types.GetURedisBackupUrl)], ["Invoke"]);
    assert.deepEqual([...new Set(sdk.types.GetUMemBackupUrls)], ["Invoke"]);
    assert.equal(sdk.types.GetURedisBackupUrlArgs, undefined);
  });

  it("has a PNG picture, as NuGet takes no SVG", () => {
    const picture = fs.readFileSync(path.join(sdkFolder, "logo.png"));
    assert.equal(picture.subarray(1, 4).toString(), "PNG");
    assert.ok(picture.equals(fs.readFileSync(path.join(repositoryRoot, "docs", "logo.png"))));
  });

  it("has a README that says that it never ran, with a program whose syntax parses", async () => {
    const page = readPage("sdk/dotnet/README.md");
    assert.match(page.text, /never compiled or run/);
    const [block] = listBlocks(page, ["csharp"]);
    assert.ok(block);
    fs.writeFileSync(at("Program.cs"), block.code);
    assert.deepEqual((await parse(at())).errors, []);
    // Both namespaces have a class `Config`.
    assert.doesNotMatch(block.code, /new Config\(/);
  });

  it("would be found if its syntax were wrong", async () => {
    fs.writeFileSync(at("Wrong.cs"), "namespace A.B\n{\n    public class C { public int D => ; }\n}\n");
    assert.deepEqual((await parse(at())).errors, ["Wrong.cs:3"]);
  });
});
