import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { minimumVersion } from "../../tools/engine/engine";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks, listNames, readPage, readTable } from "../support/markdown";
import { registryPages } from "./pages";

const readme = readPage("README.md");

describe("the README", () => {
  it("has at most 150 lines", () => {
    assert.ok(readme.text.trimEnd().split("\n").length <= 150);
  });

  it("says what the package is, and then shows a program, two commands, the installation, and the rest", () => {
    const [opening = "", ...sections] = readme.text.split(/^(?=## )/m);
    assert.match(opening, /It was never run against UCloud's real API/);
    assert.deepEqual(
      sections.map((section) => section.slice("## ".length, section.indexOf("\n"))),
      ["A program", "Try it in a checkout", "Install", "Restores and pins", "Settings", "Documentation"],
    );
  });

  it("shows a program of at most 15 lines first, which restores and is protected", () => {
    const [first] = listBlocks(readme, ["ts", "sh", "yaml"]);
    assert.match(first?.code ?? "", /^import .*\n/);
    assert.match(first?.code ?? "", /new ucloudRedis\.RestoredURedisGroup\(.*protect: true/s);
    assert.ok((first?.code.trimEnd().split("\n").length ?? Infinity) <= 15);
  });

  it("names every function and resource", () => {
    const documented = readTable(readme, "Name").flatMap(([names = ""]) => listNames(names));
    const tokens = Object.keys({ ...schema.functions, ...schema.resources });
    assert.deepEqual(documented.sort(), tokens.map((token) => token.split(":").at(-1)).sort());
  });

  it("runs a checkout with two commands", () => {
    const [block] = listBlocks(readme, ["sh"]);
    const commands = block?.code.trim().split("\n") ?? [];
    assert.deepEqual(
      commands.map((line) => line.split("#")[0]?.trim()),
      ["npm ci && npm run demo", "npm ci && npm test"],
    );
    for (const script of ["demo", "test"]) assert.ok(Object.hasOwn(packageJson.scripts, script), script);
  });

  it("warns against a database that takes its backup from a function", () => {
    const [, section = ""] = readme.text.split("## Restores and pins");
    assert.match(section, /^\s*\*\*Do not give the `backupId` of `getLatestURedisBackup` or\s/);
  });

  it("names the versions that are needed", () => {
    const [, node = ""] = /^>=(\d+\.\d+)/.exec(packageJson.engines.node) ?? [];
    const goMod = fs.readFileSync(path.join(repositoryRoot, "tools", "go.mod"), "utf8");
    const [, go = ""] = /^go (\S+)$/m.exec(goMod) ?? [];
    assert.ok(readme.text.includes(`Node.js ${node} or newer`));
    assert.ok(readme.text.includes(`${minimumVersion.replace(/\.0$/, "")} or newer`));
    assert.ok(readPage("CONTRIBUTING.md").text.includes(`Go ${go} or newer`));
    for (const page of [readme, ...registryPages]) {
      const versions =
        /plugin install resource ucloud-redis (\S+)|<version>(.*?)<|^ *version: (\S+)|:ucloudredis:(\d[\w.-]*)/gm;
      for (const [text, ...found] of page.text.matchAll(versions)) {
        assert.equal(found.join(""), packageJson.version, `${page.name}: ${text}`);
      }
    }
  });
});
