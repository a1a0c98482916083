import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";

const at = (file: string): string => JSON.stringify(path.join(repositoryRoot, file));

const FILES = {
  "whole.test.ts": `
    const { requireEngine } = require(${at("tests/support/requireEngine")});
    describe("a suite", () => {
      before(requireEngine);
      let started: { stop(): void };
      before(() => { started = { stop: () => undefined }; });
      after(() => started.stop());
      it("first", () => undefined);
      describe("inside", () => { it("second", () => undefined); });
    });`,
  "mixed.test.ts": `
    const { itOnEngine } = require(${at("tests/support/requireEngine")});
    it("needs nothing", () => undefined);
    itOnEngine("needs it", () => Promise.resolve());`,
  "other.test.ts": `
    const { leaveOut } = require(${at("tests/support/leftOut")});
    it("may be missing in CI", function () {
      leaveOut(this, { need: "a rarity", why: "it is rare", evenInCi: true });
    });`,
};

describe("a test run without a Pulumi CLI", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "left-out-"));
    for (const [name, text] of Object.entries(FILES)) fs.writeFileSync(path.join(folder, name), text);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs mocha as `npm test` does, on the files above. Nothing is on PATH, and no other source of a CLI is allowed. */
  function runMocha(env: Record<string, string>): Promise<CommandResult> {
    const mocha = path.join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js");
    const required = ["ts-node/register", "tests/support/leftOut.ts", "tests/support/requireEngine.ts"];
    const args = ["--no-config", "--parallel", "--jobs", "2", ...required.flatMap((each) => ["-r", each])];
    return runCommand(process.execPath, [mocha, ...args, path.join(folder, "*.test.ts")], {
      cwd: repositoryRoot,
      env: { PATH: folder, HOME: folder, TMPDIR: folder, ENGINE_SOURCE: "path", ...env },
      timeoutMs: 55_000,
    });
  }

  it("runs what needs none, and ends with how many tests were left out and why", async () => {
    const { code, stdout, stderr } = await runMocha({});
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^ {2}1 passing \(.*\)\n {2}4 pending$/m);
    const lines = stdout.trimEnd().split("\n").slice(-2).sort();
    assert.equal(lines[0], "1 test was left out for want of a rarity: it is rare");
    assert.match(
      lines[1] ?? "",
      /^3 tests were left out for want of the Pulumi CLI: no CLI on PATH .*: ENGINE_SOURCE=path has no Pulumi CLI/,
    );
  });

  it("fails in CI, before any test", async () => {
    const { code, stdout, stderr } = await runMocha({ CI: "true" });
    assert.equal(code, 1, stdout + stderr);
    assert.doesNotMatch(stdout, /passing/);
    assert.match(stderr, /ENGINE_SOURCE=path has no Pulumi CLI/);
  });
});
