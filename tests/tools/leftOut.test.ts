import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import { useTemporaryFolder } from "../support/temporaryFolder";

const quotePath = (file: string): string => JSON.stringify(path.join(repositoryRoot, file));

const FILES = {
  "whole.test.ts": `
    const { requireEngine } = require(${quotePath("tests/support/requireEngine")});
    describe("a suite", () => {
      before(requireEngine);
      let started: { stop(): void };
      before(() => { started = { stop: () => undefined }; });
      after(() => started.stop());
      it("first", () => undefined);
      describe("inside", () => { it("second", () => undefined); });
    });`,
  "mixed.test.ts": `
    const { itOnEngine } = require(${quotePath("tests/support/requireEngine")});
    it("needs nothing", () => undefined);
    itOnEngine("needs it", () => Promise.resolve());`,
  "other.test.ts": `
    const { leaveOut } = require(${quotePath("tests/support/leftOut")});
    it("may be missing in CI", function () {
      leaveOut(this, { need: "a rarity", why: "it is rare", evenInCi: true });
    });`,
};

describe("a test run without a Pulumi CLI", function () {
  this.timeout(60_000);
  const at = useTemporaryFolder("left-out-");

  beforeEach(() => {
    for (const [name, text] of Object.entries(FILES)) fs.writeFileSync(at(name), text);
  });

  /** Runs mocha on the files above. Nothing is on PATH, and no other source of a CLI is allowed. */
  function runMocha(env: Record<string, string>): Promise<CommandResult> {
    const mocha = path.join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js");
    const required = ["ts-node/register", "tests/support/leftOut.ts", "tests/support/requireEngine.ts"];
    const args = ["--no-config", "--parallel", "--jobs", "2", ...required.flatMap((each) => ["-r", each])];
    return runCommand(process.execPath, [mocha, ...args, at("*.test.ts")], {
      cwd: repositoryRoot,
      env: { PATH: at(), HOME: at(), TMPDIR: at(), ENGINE_SOURCE: "path", ...env },
      timeoutMs: 55_000,
    });
  }

  it("runs the tests that need none, and ends with how many were left out and why", async () => {
    const { code, stdout, stderr } = await runMocha({ npm_lifecycle_event: "test" });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^ {2}1 passing \(.*\)\n {2}4 pending$/m);
    const lines = stdout.trimEnd().split("\n").slice(-2).sort();
    assert.equal(lines[0], "1 test was left out for want of a rarity: it is rare");
    assert.match(
      lines[1] ?? "",
      /^3 tests were left out for want of the Pulumi CLI: no suitable CLI on PATH.*: ENGINE_SOURCE=path has no Pulumi CLI/,
    );
  });

  it("neither downloads nor builds a CLI where mocha was started on single files", async () => {
    const { code, stdout } = await runMocha({ ENGINE_SOURCE: "build" });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^3 tests were left out .*: run `npm run engine` once to get one$/m);
  });

  it("fails in CI, before any test", async () => {
    const { code, stdout, stderr } = await runMocha({ CI: "true" });
    assert.equal(code, 1, stdout + stderr);
    assert.doesNotMatch(stdout, /passing/);
    assert.match(stderr, /ENGINE_SOURCE=path has no Pulumi CLI/);
  });
});
