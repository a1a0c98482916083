import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ESLint, type Linter } from "eslint";
import ts from "typescript";
import tseslint from "typescript-eslint";
import { repositoryRoot } from "../../tools/repository";

const pulumi = "@pulumi/pulumi @grpc/grpc-js google-protobuf/google/protobuf/empty_pb pulumi-ucloud-redis";
const hosts = "provider/plugin/rpc provider/dynamic/index";
const outside = "simulator tools/notices tests/support/proxy benchmarks/run examples/quickstart/index";

/**
 * By a file of each folder: what it must not import, and what it may. Paths are from the repository's root.
 */
const directions: Record<string, { wrong: string; right: string }> = {
  "provider/ucloud/client.ts": {
    wrong: `provider provider/index provider/backups/lookup provider/restore/resource provider/engine/unknowns ${hosts} sdk/nodejs ${outside} ${pulumi}`,
    right: "provider/schema.json provider/schemaTypes provider/ucloud/backups node-fetch node:fs",
  },
  "provider/backups/lookup.ts": {
    wrong: `provider provider/index provider/restore/resource provider/engine/unknowns ${hosts} sdk/nodejs ${outside} ${pulumi}`,
    right: "provider/ucloud/client provider/schemaTypes provider/backups/plugin re2js",
  },
  "provider/restore/resource.ts": {
    wrong: `provider provider/index provider/engine/unknowns ${hosts} sdk/nodejs ${outside} ${pulumi}`,
    right: "provider/backups/lookup provider/ucloud/client provider/schemaTypes",
  },
  "provider/engine/unknowns.ts": {
    wrong: `provider provider/index ${hosts} sdk/nodejs ${outside}`,
    right: "provider/backups/lookup provider/ucloud/client @pulumi/pulumi",
  },
  "provider/plugin/provider.ts": {
    wrong: `provider provider/index provider/dynamic/index sdk/nodejs ${outside}`,
    right: "provider/engine/unknowns provider/backups/lookup provider/ucloud/client @pulumi/pulumi",
  },
  "provider/dynamic/index.ts": {
    wrong: `provider provider/index provider/plugin/rpc ${outside}`,
    right: "provider/engine/unknowns provider/backups/lookup sdk/nodejs/index @pulumi/pulumi",
  },
  "provider/commands/backups.ts": {
    wrong: `provider provider/index provider/restore/resource ${hosts} sdk/nodejs ${outside} @pulumi/pulumi @grpc/grpc-js`,
    right: "provider/contract/compare provider/engine/connections provider/backups/functions commander",
  },
  "provider/index.ts": {
    wrong: `provider/dynamic/index sdk/nodejs ${outside}`,
    right: "provider/plugin/provider",
  },
  "simulator/server.ts": {
    wrong: `provider/ucloud/signature sdk/nodejs tools/notices tests/support/proxy benchmarks/run ${pulumi}`,
    right: "simulator/api simulator/provider node:http",
  },
  "tools/build.ts": {
    wrong: "tests/support/proxy benchmarks/run",
    right: "simulator provider/schema.json tools/repository esbuild",
  },
  "benchmarks/run.ts": {
    wrong: "tests/contract/pythonEnvironment tests/plugin/rpc.test",
    right: "tests/support/pluginProcess tools/notices simulator benchmarks/tests",
  },
  "tests/docs/readme.test.ts": {
    wrong: "tests/tools/engine.test tests/simulator/client",
    right: "tests/support/markdown tests/docs/typeCheck tools/engine simulator provider/schema.json",
  },
  "tests/support/proxy.ts": {
    wrong: "tests/simulator/client tests/ucloud/fakeList",
    right: "tests/support/markdown simulator tools/engine/engine",
  },
  "examples/quickstart/index.ts": {
    wrong: "examples/dynamic/index sdk/nodejs package.json",
    right: "examples/quickstart/databases @pulumi/pulumi pulumi-ucloud-redis",
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
  (specifier) => `void import(\`${specifier}\`);`,
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

  /** The lines that the linter refuses in `file`, of those that import `specifiers` in all forms. */
  async function lint(
    file: string,
    specifiers: readonly string[],
  ): Promise<{ lines: string[]; refused: string[] }> {
    const lines = specifiers.flatMap((each) => forms.map((form) => form(each)));
    const [result] = await eslint.lintText(lines.join("\n"), { filePath: path.join(repositoryRoot, file) });
    assert.ok(result && result.fatalErrorCount === 0);
    const found = result.messages.filter(({ message }) => message.includes("`directions`"));
    const numbers = new Set(found.map(({ line }) => line));
    return { lines, refused: lines.filter((_, index) => numbers.has(index + 1)) };
  }

  for (const [file, { wrong, right }] of Object.entries(directions)) {
    it(`is held by the linter in ${path.dirname(file)}`, async () => {
      const targets = wrong.split(" ");
      // A path through the repository's root leads to the same module.
      const toRoot = path.posix.relative(path.posix.dirname(file), ".");
      const inside = targets.filter(isInRepository);
      const detours = inside.flatMap((target) => [
        `${toRoot}/${target}`,
        `${toRoot}/./${target}`,
        `${toRoot}/docs/../${target}`,
      ]);
      const specifiers = [...targets.map((target) => specify(file, target)), ...detours];
      const { lines, refused } = await lint(file, specifiers);
      assert.deepEqual(refused, lines);
      const allowed = right.split(" ").map((target) => specify(file, target));
      assert.deepEqual((await lint(file, allowed)).refused, []);
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
