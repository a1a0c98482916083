import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../../tools/repository";

const examples = path.join(repositoryRoot, "examples");

/** What Pulumi compiles a program with if there is no tsconfig.json, as in an example that was copied. */
const PULUMI_DEFAULTS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

describe("the examples", function () {
  this.timeout(60_000);

  for (const name of fs.readdirSync(examples)) {
    const folder = path.join(examples, name);
    const names = fs.readdirSync(folder).filter((file) => file.endsWith(".ts"));
    const files = names.map((file) => path.join(folder, file));
    if (files.length === 0) continue;
    it(`${name} compiles without a tsconfig.json`, () => {
      const found = ts.getPreEmitDiagnostics(ts.createProgram(files, PULUMI_DEFAULTS));
      assert.deepEqual(
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
        [],
      );
    });
  }
});
