import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { decideRetry } from "../../provider/ucloud/retry";
import { resolveSettings } from "../../provider/ucloud/settings";
import { SETTING_NAMES, SettingReader } from "../../provider/ucloud/settingSources";
import { minimumVersion } from "../../tools/engine";
import { repositoryRoot } from "../../tools/repository";
import {
  type Block,
  listAnchors,
  listBlocks,
  listLinks,
  listNames,
  type Page,
  readPage,
  readTable,
} from "./markdown";
import { readUnion, typeCheck } from "./typeCheck";

const readme = readPage("README.md");
const registryPages = ["docs/_index.md", "docs/installation-configuration.md"].map(readPage);
const examplePages = fs
  .readdirSync(path.join(repositoryRoot, "examples"))
  .map((name) => readPage(`examples/${name}/README.md`));
const pages = [
  readme,
  ...["CONTRIBUTING.md", "CHANGELOG.md", "simulator/README.md"].map(readPage),
  ...examplePages,
  ...registryPages,
];
/** What users read of the schema: it holds examples, too. */
const functionPages: Page[] = Object.entries(schema.functions).map(([token, { description }]) => ({
  name: `provider/schema.json, ${token}`,
  text: description,
}));

/** Nothing but the defaults. */
const nowhere = { env: {}, home: "/nowhere", readFile: () => undefined };

describe("the documentation", () => {
  for (const page of [readme, ...registryPages.filter(({ text }) => text.includes("| Setting "))]) {
    describe(`the settings in ${page.name}`, () => {
      const rows = readTable(page, "Setting");
      const headings =
        /^\| Setting.*$/m
          .exec(page.text)?.[0]
          .split("|")
          .map((cell) => cell.trim()) ?? [];
      const defaultColumn = headings.slice(1).indexOf("Default");

      it("are those of the schema and the code", () => {
        const names = rows.map(([name = ""]) => name.replaceAll("`", ""));
        assert.deepEqual(names, Object.keys(schema.config.variables));
        assert.deepEqual(names, [...SETTING_NAMES]);
      });

      it("have the environment variables that are read", () => {
        const documented = rows.map((row) => (row[1] ?? "").replaceAll("`", ""));
        assert.deepEqual(documented, SETTING_NAMES.map(findVariable));
      });

      it("have the defaults that are used", () => {
        const { baseUrl, maxRetries, timeoutSeconds, maxConcurrency } = resolveSettings({}, nowhere);
        for (const [name, value] of Object.entries({ baseUrl, maxRetries, timeoutSeconds, maxConcurrency })) {
          const row = rows.find(([cell]) => cell === `\`${name}\``);
          assert.equal(row?.[defaultColumn], `\`${value}\``, name);
        }
      });
    });
  }

  it("names every error code, and no other", () => {
    const documented = readTable(readme, "Code").map(([code = ""]) => code.replaceAll("`", ""));
    const file = path.join(repositoryRoot, "provider", "ucloud", "errors.ts");
    assert.deepEqual(documented, readUnion(file, "ErrorCode"));
  });

  it("names every function, and no other", () => {
    const documented = readTable(readme, "Function").map(([name = ""]) => name.replaceAll("`", ""));
    assert.deepEqual(documented, listFunctionNames());
  });

  it("names every argument, and no other", () => {
    const documented = readTable(readme, "Argument").flatMap(([names = ""]) => listNames(names));
    const known = Object.values(schema.functions).flatMap(({ inputs }) => Object.keys(inputs.properties));
    assert.deepEqual(documented.sort(), [...new Set(known)].sort());
  });

  it("names every field that results have beside those of a backup", () => {
    const lists = Object.keys(schema.functions["ucloud-redis:index:getUMemBackups"].outputs.properties);
    const more = ["ageSeconds", "stale", "usable", "createdAt", "blocks"];
    const documented = new Set([...readme.text.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    assert.deepEqual(
      [...lists, ...more].filter((name) => !documented.has(name)),
      [],
    );
  });

  it("gives the longest time a request takes with the defaults", () => {
    const { maxRetries, timeoutSeconds } = resolveSettings({}, nowhere);
    const failure = { code: "Unavailable", isRetryable: true, what: "", advice: "" } as const;
    let waitMs = 0;
    for (let attempt = 1; attempt <= maxRetries; attempt++) {
      waitMs += decideRetry({ failure, attempt, maxRetries, chance: 1 }) ?? 0;
    }
    const requests = (maxRetries + 1) * timeoutSeconds;
    const sum = `${maxRetries + 1} × ${timeoutSeconds} s + ${waitMs / 1000} s = ${requests + waitMs / 1000} s`;
    assert.ok(readme.text.includes(sum), sum);
  });

  it("names the versions that are needed", () => {
    const [, node = ""] = /^>=(\d+\.\d+)/.exec(packageJson.engines.node) ?? [];
    const goMod = fs.readFileSync(path.join(repositoryRoot, "tools", "go.mod"), "utf8");
    const [, go = ""] = /^go (\S+)$/m.exec(goMod) ?? [];
    const cli = minimumVersion.replace(/\.0$/, "");
    assert.match(readme.text, new RegExp(`Node\\.js ${node} or newer`));
    assert.match(readme.text, new RegExp(`${cli} or newer`));
    for (const page of [readme, readPage("CONTRIBUTING.md")]) {
      assert.match(page.text, new RegExp(`Go ${go} or newer`), page.name);
    }
    for (const page of [readme, ...registryPages]) {
      for (const [, version] of page.text.matchAll(/plugin install resource ucloud-redis (\S+)/g)) {
        assert.equal(version, packageJson.version, page.name);
      }
    }
  });

  it("links to nothing that is not there", () => {
    const broken = pages.flatMap((page) =>
      listLinks(page)
        .filter((target) => !/^https?:/.test(target) && !isThere(page, target))
        .map((target) => `${page.name}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it("has pages for the Pulumi Registry as that wants them: a front matter, and links that work anywhere", () => {
    for (const page of registryPages) {
      const [, frontMatter = ""] = /^---\n(.*?)\n---\n/s.exec(page.text) ?? [];
      const { title, meta_desc: description, layout } = parse(frontMatter) as Record<string, unknown>;
      assert.deepEqual(
        [typeof title, typeof description, layout],
        ["string", "string", "package"],
        page.name,
      );
      assert.deepEqual(
        listLinks(page).filter((target) => !target.startsWith("https://") || target.includes(".md")),
        [],
        page.name,
      );
    }
  });

  it("has TypeScript examples that compile against the built package", function () {
    this.timeout(60_000);
    const built = path.join(repositoryRoot, packageJson.types);
    assert.ok(fs.existsSync(built), "run `npm run build` first");
    const blocks = [...pages, ...functionPages].flatMap((page) => listBlocks(page, ["ts", "typescript"]));
    assert.ok(blocks.length >= Object.keys(schema.functions).length);
    assert.deepEqual(typeCheck(blocks), []);
  });

  it("has YAML examples whose functions, arguments and results are in the schema", () => {
    const blocks = [...pages, ...functionPages].flatMap((page) => listBlocks(page, ["yaml"]));
    assert.ok(blocks.length >= Object.keys(schema.functions).length);
    assert.deepEqual(blocks.flatMap(checkYaml), []);
  });
});

/** The environment variable that is looked at for a setting; empty when none is. */
function findVariable(name: (typeof SETTING_NAMES)[number]): string {
  const asked: string[] = [];
  const env = new Proxy({}, { get: (_, variable) => void asked.push(String(variable)) });
  new SettingReader({}, env).findText(name);
  return asked.join(" ");
}

function listFunctionNames(): string[] {
  return Object.keys(schema.functions).map((token) => token.split(":").at(-1) ?? "");
}

function isThere(page: Page, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const name = file === "" ? page.name : path.posix.join(path.posix.dirname(page.name), file);
  if (!fs.existsSync(path.join(repositoryRoot, name))) return false;
  return anchor === undefined || listAnchors(readPage(name)).includes(anchor);
}

interface YamlProgram {
  readonly variables?: Record<string, { "fn::invoke"?: { function: string; arguments: object } }>;
  readonly outputs?: object;
}

/** What is wrong with the calls of a YAML program, if it has any. */
function checkYaml({ place, code }: Block): string[] {
  const { variables = {}, outputs = {} } = parse(code) as YamlProgram;
  return Object.entries(variables).flatMap(([variable, { "fn::invoke": call }]) => {
    const token = call?.function.replace(/^ucloud-redis:(\w+)$/, "ucloud-redis:index:$1") ?? "";
    const known = Object.entries(schema.functions).find(([each]) => each === token)?.[1];
    if (call === undefined || known === undefined) return [`${place}: ${variable} calls no function`];
    const used = [...JSON.stringify(outputs).matchAll(/\$\{(\w+)\.(\w+)/g)].filter(
      ([, of]) => of === variable,
    );
    return [
      ...Object.keys(call.arguments)
        .filter((name) => !Object.hasOwn(known.inputs.properties, name))
        .map((name) => `${place}: ${token} has no argument ${name}`),
      ...("required" in known.inputs ? known.inputs.required : [])
        .filter((name) => !Object.hasOwn(call.arguments, name))
        .map((name) => `${place}: ${token} needs ${name}`),
      ...used
        .filter(([, , name = ""]) => !Object.hasOwn(known.outputs.properties, name))
        .map(([text]) => `${place}: ${token} returns no ${text}`),
    ];
  });
}
