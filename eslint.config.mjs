import { readdirSync } from "node:fs";
import path from "node:path";
import tseslint from "typescript-eslint";

/** Not importable from the folders below `provider`: the plugin's entry opens a port. */
const entry = "provider/index";
const outsideProvider = ["sdk", "simulator", "tools", "tests", "benchmarks", "examples"];
/** What runs the rest of the provider. They do not import each other. */
const hosts = ["provider/plugin", "provider/dynamic", "provider/commands"];
const pulumiPackages = ["@pulumi", "@grpc", "google-protobuf", "pulumi-ucloud-redis"];
const testFolders = listFolders("tests");

/** Direction of imports: the other folders, and the packages, that the files of a folder must not import. */
const directions = [
  {
    folder: "provider/ucloud",
    not: [
      entry,
      "provider/backups",
      "provider/restore",
      "provider/engine",
      "provider/contract",
      ...hosts,
      ...outsideProvider,
    ],
    notPackages: pulumiPackages,
  },
  {
    folder: "provider/backups",
    not: [entry, "provider/restore", "provider/engine", "provider/contract", ...hosts, ...outsideProvider],
    notPackages: pulumiPackages,
  },
  {
    folder: "provider/restore",
    not: [entry, "provider/engine", "provider/contract", ...hosts, ...outsideProvider],
    notPackages: pulumiPackages,
  },
  {
    folder: "provider/contract",
    not: [entry, "provider/backups", "provider/restore", "provider/engine", ...hosts, ...outsideProvider],
    notPackages: pulumiPackages,
  },
  { folder: "provider/engine", not: [entry, "provider/contract", ...hosts, ...outsideProvider] },
  { folder: "provider/plugin", not: [entry, ...without("provider/plugin", hosts), ...outsideProvider] },
  {
    folder: "provider/commands",
    not: [entry, "provider/restore", ...without("provider/commands", hosts), ...outsideProvider],
    notPackages: without("pulumi-ucloud-redis", pulumiPackages),
  },
  // The dynamic twin exports the generated SDK's types.
  {
    folder: "provider/dynamic",
    not: [entry, ...without("provider/dynamic", hosts), ...without("sdk", outsideProvider)],
  },
  { folder: "provider", not: [...without("provider/plugin", hosts), ...outsideProvider] },
  {
    folder: "simulator",
    not: ["provider", ...without("simulator", outsideProvider)],
    notPackages: pulumiPackages,
  },
  ...["tools", ...listFolders("tools")].map((folder) => ({ folder, not: ["tests", "benchmarks"] })),
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
  // The folder above means its index; a path through a folder and out of it again hides where it leads.
  const index = not.includes(entry) ? ["\\.\\./?$", "(\\.\\./)+provider/?$"] : [];
  const detour = "([^./]/\\.\\.?|\\.\\./\\.)(/|$)";
  const regex = `^(\\./)*(${[...paths, ...index, ...notPackages].join("|")})(/|$)|${detour}`;
  return {
    files: [`${folder}/*.ts`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex, message }] }],
      "no-restricted-syntax": [
        "error",
        ...["ImportExpression", "TSImportType", "CallExpression[callee.name='require']"].flatMap((node) => {
          // Selectors do not allow a slash inside a regular expression.
          const pattern = `/${regex.replaceAll("/", "\\u002F")}/`;
          return [
            { selector: `${node} > Literal[value=${pattern}]`, message },
            { selector: `${node} > TemplateLiteral > TemplateElement[value.raw=${pattern}]`, message },
          ];
        }),
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
  { ignores: ["node_modules", "dist", "bin", ".cache", "sdk"] },
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
