import assert from "node:assert/strict";
import fs from "node:fs";
import { findGoLack, runGo } from "../../tools/toolchains/goSdk";
import { leaveOut } from "../support/leftOut";
import { listBlocks, readPage } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { capitalize, findMissing, schemaEntries, schemaEnums } from "./schemaNames";

/** The first build on a machine fetches and compiles what the SDK imports. */
const BUILD_TIMEOUT_MS = 8 * 60_000;

/** The fields of each struct, and all functions and other types without any, from what `go doc -all` prints. */
function readNames(doc: string): Map<string, Set<string>> {
  const structs = [...doc.matchAll(/^type (\w+) struct \{\n([^]*?)^\}/gm)].map(
    ([, name = "", body = ""]) =>
      [name, new Set([...body.matchAll(/^\t(\w+) /gm)].map(([, field = ""]) => field))] as const,
  );
  const others = [...doc.matchAll(/^(?:func|type) (\w+)[( ](?!struct \{)/gm)];
  return new Map([...others.map(([, name = ""]) => [name, new Set<string>()] as const), ...structs]);
}

describe("the Go SDK", () => {
  const at = useTemporaryFolder("go-sdk-");
  before(async function () {
    this.timeout(60_000);
    const why = await findGoLack();
    if (why !== undefined) leaveOut(this, { need: "Go", why });
  });

  itInMatrix(
    { part: "language", name: "Go", what: "SDK compiles, and go vet finds nothing" },
    async function () {
      this.timeout(BUILD_TIMEOUT_MS);
      await runGo(["build", "./..."]);
      await runGo(["vet", "./..."]);
    },
    { needsEngine: false },
  );

  it("has everything that the schema has", async function () {
    this.timeout(60_000);
    const names = readNames(await runGo(["doc", "-all", "."]));
    const resources = new Set(
      schemaEntries.filter((each) => each.kind === "resource").map((each) => each.name),
    );
    const expected: Record<string, string[]> = {};
    for (const { kind, name, inputs, outputs, isSecret } of schemaEntries) {
      const title = capitalize(name);
      if (kind === "resource") {
        expected[`New${name}`] = [];
        expected[`${name}Args`] = inputs.map(capitalize);
        expected[name] = outputs.map(capitalize);
      } else if (kind === "function") {
        expected[`${title}Output`] = [];
        expected[`${title}OutputArgs`] = inputs.map(capitalize);
        expected[`${title}Result`] = outputs.map(capitalize);
        if (!isSecret) expected[title] = [];
      } else {
        expected[resources.has(name) ? `${name}Type` : name] = outputs.map(capitalize);
      }
    }
    for (const name of schemaEnums) expected[name] = [];
    assert.deepEqual(findMissing(expected, names), []);
  });

  it("has a README whose program compiles", async function () {
    this.timeout(60_000);
    const [block] = listBlocks(readPage("sdk/go/ucloudredis/README.md"), ["go"]);
    assert.ok(block);
    fs.writeFileSync(at("main.go"), block.code);
    await runGo(["vet", at("main.go")]);
  });

  it("has no variant that would return download links in a plain result", async function () {
    this.timeout(60_000);
    const names = readNames(await runGo(["doc", "-all", "."]));
    assert.ok(names.has("GetURedisBackups"));
    assert.ok(!names.has("GetURedisBackupUrl"));
    assert.ok(!names.has("GetUMemBackupUrls"));
  });
});
