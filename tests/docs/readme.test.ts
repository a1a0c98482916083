import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { decideRetry } from "../../provider/ucloud/retry";
import { resolveSettings } from "../../provider/ucloud/settings";
import { SETTING_NAMES, SettingReader } from "../../provider/ucloud/settingSources";
import { startSimulator } from "../../simulator";
import { describeSimulator } from "../../simulator/commandLine";
import { minimumVersion } from "../../tools/engine";
import { repositoryRoot } from "../../tools/repository";
import {
  listAnchors,
  listBlocks,
  listLinks,
  listNames,
  type Page,
  readPage,
  readTable,
} from "../support/markdown";
import { readUnion, typeCheck } from "./typeCheck";
import { checkYaml } from "./yamlCheck";

const readme = readPage("README.md");
const registryPages = ["docs/_index.md", "docs/installation-configuration.md"].map(readPage);
const examplePages = fs
  .readdirSync(path.join(repositoryRoot, "examples"))
  .map((name) => readPage(`examples/${name}/README.md`));
const pages = [
  readme,
  ...["CONTRIBUTING.md", "CHANGELOG.md", "simulator/README.md", "benchmarks/README.md"].map(readPage),
  ...examplePages,
  ...registryPages,
];
/** What users read of the schema: it holds examples, too. */
const schemaPages: Page[] = Object.entries({ ...schema.functions, ...schema.resources }).map(
  ([token, { description }]) => ({ name: `provider/schema.json, ${token}`, text: description }),
);

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
    assert.deepEqual(documented, listShortNames(schema.functions));
  });

  it("names every pin, and how it is imported", () => {
    const pins = [...new Set([...readme.text.matchAll(/`(\w+BackupPin)`/g)].map(([, name = ""]) => name))];
    assert.deepEqual(pins.sort(), listShortNames(schema.resources).sort());
    for (const [token, { description }] of Object.entries(schema.resources)) {
      const [, id = ""] = /^pulumi import \S+ \S+ (\S+)$/m.exec(description) ?? [];
      assert.match(id, /^REGION\/.*\/BACKUPID$/, token);
      assert.ok(readme.text.includes(`pulumi import ${token} NAME ${id}`), token);
    }
  });

  it("names every argument, and no other", () => {
    const documented = readTable(readme, "Argument").flatMap(([names = ""]) => listNames(names));
    const known = [
      ...Object.values(schema.functions).flatMap(({ inputs }) => Object.keys(inputs.properties)),
      ...Object.values(schema.resources).flatMap(({ inputProperties }) => Object.keys(inputProperties)),
    ];
    assert.deepEqual(documented.sort(), [...new Set(known)].sort());
  });

  it("names every field that results have beside those of a backup", () => {
    const lists = Object.keys(schema.functions["ucloud-redis:index:getUMemBackups"].outputs.properties);
    const more = ["ageSeconds", "stale", "usable", "createdAt", "blocks", "state"];
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

  it("says how to unset every variable that the simulator has one set", async () => {
    const simulator = await startSimulator();
    try {
      const exported = [...describeSimulator(simulator).matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
      assert.ok(exported.length > 0);
      assert.ok(readme.text.includes(`unset ${exported.join(" ")}\n`), exported.join(" "));
    } finally {
      await simulator.close();
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
    const blocks = [...pages, ...schemaPages].flatMap((page) => listBlocks(page, ["ts", "typescript"]));
    assert.ok(blocks.length >= schemaPages.length);
    assert.deepEqual(typeCheck(blocks), []);
  });

  it("has YAML examples whose functions, pins, arguments and results are in the schema", () => {
    const blocks = [...pages, ...schemaPages].flatMap((page) => listBlocks(page, ["yaml"]));
    assert.ok(blocks.length >= schemaPages.length);
    assert.deepEqual(blocks.flatMap(checkYaml), []);
  });

  it("would notice a YAML example with a wrong name", () => {
    const code = `
variables: { a: { fn::invoke: { function: ucloud-redis:getUMemBackups, arguments: { zon: x, spaceId: y } } } }
resources: { b: { type: ucloud-redis:UMemBackupPin, properties: { zone: x, spaceId: y, maxage: 1h } }, c: { type: a:B } }
outputs: { d: "\${a.newest}", e: "\${b.backupId}", f: "\${b.id}", g: "\${b.latest}" }`;
    assert.deepEqual(checkYaml({ place: "here", code }), [
      "here: ucloud-redis:index:getUMemBackups has no argument zon",
      "here: ucloud-redis:index:getUMemBackups needs zone",
      "here: ucloud-redis:index:getUMemBackups has no result ${a.newest",
      "here: ucloud-redis:index:UMemBackupPin has no argument maxage",
      "here: ucloud-redis:index:UMemBackupPin has no result ${b.latest",
      "here: c is nothing of the schema",
    ]);
  });
});

/** The environment variable that is looked at for a setting; empty when none is. */
function findVariable(name: (typeof SETTING_NAMES)[number]): string {
  const asked: string[] = [];
  const env = new Proxy({}, { get: (_, variable) => void asked.push(String(variable)) });
  new SettingReader({}, env).findText(name);
  return asked.join(" ");
}

/** The names that tokens end with. */
function listShortNames(byToken: object): string[] {
  return Object.keys(byToken).map((token) => token.split(":").at(-1) ?? "");
}

function isThere(page: Page, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const name = file === "" ? page.name : path.posix.join(path.posix.dirname(page.name), file);
  if (!fs.existsSync(path.join(repositoryRoot, name))) return false;
  return anchor === undefined || listAnchors(readPage(name)).includes(anchor);
}
