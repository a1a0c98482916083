import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ESLint, type Linter } from "eslint";
import ts from "typescript";
import tseslint from "typescript-eslint";
import { repositoryRoot } from "../../tools/repository";

const pulumi = [
  "@pulumi/pulumi",
  "@grpc/grpc-js",
  "google-protobuf/google/protobuf/empty_pb",
  "pulumi-ucloud-redis",
];
const outsideProvider = ["simulator", "tools/table", "tests/support/proxy", "benchmarks/run"];

/** By a file of each folder: what it must not import, and what it may. Paths are from the repository's root. */
const directions: Record<string, { wrong: readonly string[]; right: readonly string[] }> = {
  "provider/ucloud/client.ts": {
    wrong: [
      "provider/backups/lookup",
      "provider/engine/unknowns",
      "provider/plugin/rpc",
      "provider/dynamic/index",
      "sdk/nodejs",
      "examples/quickstart/index",
      ...outsideProvider,
      ...pulumi,
    ],
    right: [
      "provider/schema.json",
      "provider/schemaTypes",
      "provider/ucloud/backups",
      "node-fetch",
      "node:fs",
    ],
  },
  "provider/backups/lookup.ts": {
    wrong: [
      "provider/engine/unknowns",
      "provider/plugin/rpc",
      "provider/dynamic/index",
      "sdk/nodejs",
      ...outsideProvider,
      ...pulumi,
    ],
    right: ["provider/ucloud/client", "provider/schemaTypes", "provider/backups/plugin", "re2js"],
  },
  "provider/engine/unknowns.ts": {
    wrong: ["provider/plugin/rpc", "provider/dynamic/index", "sdk/nodejs", ...outsideProvider],
    right: ["provider/backups/lookup", "provider/ucloud/client", "@pulumi/pulumi"],
  },
  "provider/plugin/provider.ts": {
    wrong: ["provider/dynamic/index", "sdk/nodejs", ...outsideProvider],
    right: [
      "provider/engine/unknowns",
      "provider/backups/lookup",
      "provider/ucloud/client",
      "@pulumi/pulumi",
    ],
  },
  "provider/dynamic/index.ts": {
    wrong: ["provider/plugin/rpc", ...outsideProvider],
    right: ["provider/engine/unknowns", "provider/backups/lookup", "sdk/nodejs/index", "@pulumi/pulumi"],
  },
  "provider/index.ts": {
    wrong: ["provider/dynamic/index", "sdk/nodejs", ...outsideProvider],
    right: ["provider/plugin/provider"],
  },
  "simulator/server.ts": {
    wrong: [
      "provider/ucloud/signature",
      "provider",
      "sdk/nodejs",
      "tools/table",
      "tests/support/proxy",
      ...pulumi,
    ],
    right: ["simulator/api", "simulator/provider", "node:http"],
  },
  "tools/build.ts": {
    wrong: ["tests/support/proxy", "benchmarks/run"],
    right: ["simulator", "provider/schema.json", "tools/repository", "esbuild"],
  },
  "benchmarks/run.ts": {
    wrong: ["tests/contract/pythonEnvironment", "tests/plugin/rpc.test"],
    right: ["tests/support/pluginProcess", "tools/table", "simulator", "benchmarks/tests"],
  },
  "tests/docs/readme.test.ts": {
    wrong: ["tests/tools/engine.test", "tests/simulator/client"],
    right: [
      "tests/support/markdown",
      "tests/docs/typeCheck",
      "tools/engine",
      "simulator",
      "provider/schema.json",
    ],
  },
  "tests/support/proxy.ts": {
    wrong: ["tests/simulator/client", "tests/ucloud/fakeList"],
    right: ["tests/support/certificate", "simulator", "tools/engine"],
  },
  "examples/quickstart/index.ts": {
    wrong: ["examples/dynamic/index", "sdk/nodejs", "package.json"],
    right: ["examples/quickstart/databases", "@pulumi/pulumi", "pulumi-ucloud-redis"],
  },
};

/** All ways in which a TypeScript file names another module. */
const forms: readonly ((specifier: string) => string)[] = [
  (specifier) => `import "${specifier}";`,
  (specifier) => `import type { A } from "${specifier}";`,
  (specifier) => `import b = require("${specifier}");`,
  (specifier) => `export * from "${specifier}";`,
  (specifier) => `export { c } from "${specifier}";`,
  (specifier) => `require("${specifier}");`,
  (specifier) => `void import("${specifier}");`,
  (specifier) => `type D = import("${specifier}").D;`,
  (specifier) => `type E = typeof import("${specifier}");`,
];

const isInRepository = (target: string): boolean =>
  fs.existsSync(path.join(repositoryRoot, target.split("/")[0] ?? ""));

/** How `file` names `target`. */
function specify(file: string, target: string): string {
  if (!isInRepository(target)) return target;
  const relative = path.posix.relative(path.posix.dirname(file), target);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

describe("the direction of imports", function () {
  this.timeout(60_000);
  // Without types, which would take seconds to read.
  const overrideConfig = tseslint.configs.disableTypeChecked as Linter.Config;
  const eslint = new ESLint({ cwd: repositoryRoot, overrideConfig });

  /** Those of `specifiers` that the linter refuses in `file`, in whatever form they stand. */
  async function listRefused(file: string, specifiers: readonly string[]): Promise<string[]> {
    const lines = specifiers.flatMap((each) => forms.map((form) => form(each)));
    const [result] = await eslint.lintText(lines.join("\n"), { filePath: path.join(repositoryRoot, file) });
    assert.ok(result);
    const refused = result.messages.filter(({ message }) => message.includes("`directions`"));
    assert.ok(!result.messages.some(({ fatal }) => fatal));
    const refusedLines = new Set(refused.map(({ line }) => line));
    return lines.filter((_, index) => refusedLines.has(index + 1));
  }

  for (const [file, { wrong, right }] of Object.entries(directions)) {
    it(`is held by the linter in ${path.dirname(file)}`, async () => {
      const wrongSpecifiers = wrong.map((target) => specify(file, target));
      // A way through the root leads to the same module.
      const detours = wrong.filter(isInRepository).map((target) => {
        return `${path.posix.relative(path.posix.dirname(file), ".")}/${target}`;
      });
      const all = [...wrongSpecifiers, ...detours];
      assert.deepEqual(
        await listRefused(file, all),
        all.flatMap((each) => forms.map((form) => form(each))),
      );
      const rightSpecifiers = right.map((target) => specify(file, target));
      assert.deepEqual(await listRefused(file, rightSpecifiers), []);
    });
  }

  it("has a line for every folder with TypeScript files", async () => {
    const roots = ["provider", "simulator", "tools", "tests", "benchmarks", "examples"];
    const files = roots.flatMap((root) =>
      fs
        .readdirSync(path.join(repositoryRoot, root), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
        .map((name) => path.join(root, name)),
    );
    for (const [folder, file] of new Map(files.map((each) => [path.dirname(each), each]))) {
      const { rules = {} } = (await eslint.calculateConfigForFile(file)) as Linter.Config;
      assert.ok("no-restricted-imports" in rules, folder);
    }
  });

  it("is held in the generated SDK, which is not linted: it imports packages and its own files", () => {
    const sdk = path.join(repositoryRoot, "sdk", "nodejs");
    const files = fs
      .readdirSync(sdk, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"));
    assert.ok(files.length > 10);
    for (const name of files) {
      const { importedFiles } = ts.preProcessFile(fs.readFileSync(path.join(sdk, name), "utf8"));
      for (const { fileName } of importedFiles) {
        const isOwn = fileName.startsWith(".") && !path.join(path.dirname(name), fileName).startsWith("..");
        assert.ok(isOwn || /^@pulumi\//.test(fileName), `${name}: ${fileName}`);
      }
    }
  });
});
