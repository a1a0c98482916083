/** Blocks that are not compiled: commands, and what they print. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import drill from "../../examples/restoreDrill/package.json";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks } from "../support/markdown";
import { englishPages } from "./pages";
import { printedBlocks } from "./printedBlocks";

const commands = englishPages.flatMap((page) => listBlocks(page, ["sh", "bash"]));
const lines = commands.flatMap(({ location, code }) => code.split("\n").map((text) => ({ location, text })));

/** The first group of a pattern in all commands, each with its place. */
function findInCommands(pattern: RegExp): { readonly location: string; readonly found: string }[] {
  return lines.flatMap(({ location, text }) =>
    [...text.matchAll(pattern)].map(([, found = ""]) => ({ location, found })),
  );
}

/** Asserts that everything that the commands name is known. */
function assertKnown(pattern: RegExp, known: readonly string[]): void {
  const all = findInCommands(pattern);
  assert.ok(all.length > 0, String(pattern));
  assert.deepEqual(
    all.filter(({ found }) => !known.includes(found)),
    [],
  );
}

describe("the commands in the documentation", () => {
  it("are what a shell can read", function () {
    if (process.platform === "win32") this.skip();
    const script = commands.map(({ code }) => `{\n${code}\n}\n`).join("");
    const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });

  it("run scripts and programs that the package has", () => {
    assertKnown(/\bnpm run ([\w:]+)/g, [...Object.keys(packageJson.scripts), ...Object.keys(drill.scripts)]);
    assertKnown(/\bnpx (ucloud-redis[\w-]*)/g, Object.keys(packageJson.bin));
  });

  it("give ucloud-redis-backups options that it has", () => {
    // Read from the sources, where each option is declared in one place.
    const sources = ["backupsCommand.ts", "commandLine.ts"].map((name) =>
      fs.readFileSync(path.join(repositoryRoot, "provider", "commands", name), "utf8"),
    );
    const known = [...sources.join("\n").matchAll(/"(--[\w-]+)/g)].map(([, option]) => option);
    const options = findInCommands(/\bnpx ucloud-redis-backups ([^#|]*)/g).flatMap(({ location, found }) =>
      [...found.matchAll(/--[\w-]+/g)].map(([option]) => ({ location, option })),
    );
    assert.deepEqual(
      options.filter(({ option }) => !known.includes(option)),
      [],
    );
  });

  it("import resources, and set settings, that the schema has", () => {
    assertKnown(/\bpulumi import (\S+)/g, Object.keys(schema.resources));
    assertKnown(/\bconfig set (?:--\S+ )*ucloud-redis:(\w+)/g, Object.keys(schema.config.variables));
  });
});

describe("the blocks of the documentation that show output", () => {
  it("are compared with it, or listed with the reason why not", () => {
    const shown = englishPages
      .map((page) => ({ page: page.name, count: listBlocks(page, ["text", "diff"]).length }))
      .filter(({ count }) => count > 0);
    assert.deepEqual(
      shown.sort((one, other) => one.page.localeCompare(other.page)),
      printedBlocks
        .map(({ page, count }) => ({ page, count }))
        .sort((one, other) => one.page.localeCompare(other.page)),
    );
    for (const { page, comparedBy, reason } of printedBlocks) {
      assert.ok((comparedBy === undefined) !== (reason === undefined), page);
      if (comparedBy !== undefined)
        assert.ok(fs.existsSync(path.join(repositoryRoot, comparedBy)), comparedBy);
    }
  });
});
