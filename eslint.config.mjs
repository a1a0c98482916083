import { readdirSync } from "node:fs";
import path from "node:path";
import tseslint from "typescript-eslint";

const outsideProvider = ["sdk", "simulator", "tools", "tests", "benchmarks", "examples"];
const pulumiPackages = ["@pulumi", "@grpc", "google-protobuf", "pulumi-ucloud-redis"];
const testFolders = listFolders("tests");

/** Direction of imports: the other folders, and the packages, that the files of a folder must not import. */
const directions = [
  {
    folder: "provider/ucloud",
    not: ["provider/backups", "provider/engine", "provider/plugin", "provider/dynamic", ...outsideProvider],
    notPackages: pulumiPackages,
  },
  {
    folder: "provider/backups",
    not: ["provider/engine", "provider/plugin", "provider/dynamic", ...outsideProvider],
    notPackages: pulumiPackages,
  },
  { folder: "provider/engine", not: ["provider/plugin", "provider/dynamic", ...outsideProvider] },
  { folder: "provider/plugin", not: ["provider/dynamic", ...outsideProvider] },
  // The dynamic twin exports the generated SDK's types.
  { folder: "provider/dynamic", not: ["provider/plugin", ...without("sdk", outsideProvider)] },
  { folder: "provider", not: ["provider/dynamic", ...outsideProvider] },
  {
    folder: "simulator",
    not: ["provider", ...without("simulator", outsideProvider)],
    notPackages: pulumiPackages,
  },
  { folder: "tools", not: ["tests", "benchmarks"] },
  { folder: "benchmarks", not: without("tests/support", testFolders) },
  ...testFolders.map((folder) => ({ folder, not: without(folder, without("tests/support", testFolders)) })),
  // An example is a project of its own: nothing above its folder belongs to it.
  ...listFolders("examples").map((folder) => ({ folder, not: ["examples"] })),
];

/**
 * The rules for one entry. They match the text of an import, which is relative to the file, so files sit
 * directly in `folder`.
 */
function forbidImports({ folder, not, notPackages = [] }) {
  const message = `Files in ${folder} must not import this: see \`directions\` in eslint.config.mjs.`;
  const paths = not.flatMap((target) => [
    path.posix.relative(folder, target).replaceAll(".", "\\."),
    `(\\.\\./)+${target}`,
  ]);
  const regex = `^(\\./)*(${[...paths, ...notPackages].join("|")})(/|$)`;
  return {
    files: [`${folder}/*.ts`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex, message }] }],
      "no-restricted-syntax": [
        "error",
        ...["ImportExpression", "TSImportType", "CallExpression[callee.name='require']"].map((node) => ({
          // Selectors do not allow a slash inside a regular expression.
          selector: `${node} > Literal[value=/${regex.replaceAll("/", "\\u002F")}/]`,
          message,
        })),
      ],
    },
  };
}

function listFolders(parent) {
  return readdirSync(path.join(import.meta.dirname, parent)).map((name) => `${parent}/${name}`);
}

function without(name, names) {
  return names.filter((each) => each !== name);
}

export default tseslint.config(
  { ignores: ["node_modules", "dist", "bin", ".cache", "sdk/nodejs"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: "error",
      "no-console": "off",
    },
  },
  ...directions.map(forbidImports),
);
