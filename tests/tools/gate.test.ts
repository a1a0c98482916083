import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { useTemporaryFolder } from "../support/temporaryFolder";

const gate = path.join(repositoryRoot, ".ci", "run");
/** The names of its checks, with the script of `package.json` that each one runs; `install` runs none. */
const checks = [
  ...fs.readFileSync(gate, "utf8").matchAll(/^(?:check|start) (\w+) (?:npm run --silent ([\w:]+))?/gm),
];
const names = checks.map(([, name = ""]) => name);
const allPass = "\n  12 passing (3s)\n";

describe(".ci/run", function () {
  const at = useTemporaryFolder("gate-");

  before(function () {
    if (process.platform === "win32") this.skip();
    const { status } = spawnSync("bash", ["-c", "command -v awk"]);
    if (status !== 0) leaveOut(this, { need: "bash and awk", why: "the gate is a script in both" });
  });

  beforeEach(() => {
    fs.mkdirSync(at(".ci"));
    fs.copyFileSync(gate, at(".ci", "run"));
  });

  /**
   * Runs a copy of the gate where `npm` is a script: `npm test` prints `output`, and commands that hold
   * `failing` fail.
   */
  function runGate({ output = allPass, testCode = 0, failing = "nothing" }) {
    const file = at("mocha.txt");
    fs.writeFileSync(file, output);
    const npm = [
      "#!/bin/sh",
      `case "$*" in`,
      `  test) cat '${file}'; exit ${testCode} ;;`,
      `  *"${failing}"*) echo "details of $*"; exit 1 ;;`,
      "esac",
    ];
    fs.writeFileSync(at("npm"), npm.join("\n"), { mode: 0o755 });
    const env = { ...process.env, CI: "true", PATH: `${at()}${path.delimiter}${process.env.PATH}` };
    const { status, stdout } = spawnSync(at(".ci", "run"), { env, encoding: "utf8" });
    return { status, stdout, closing: stdout.trimEnd().split("\n").slice(-2) };
  }

  it("runs every check, and adds mocha's tests to their number", () => {
    const { status, stdout, closing } = runGate({});
    const reported = [...stdout.matchAll(/^(\w+) +ok +\d+ s$/gm)].map(([, name]) => name);
    assert.deepEqual(reported.sort(), [...names, "tests"].sort());
    assert.equal(closing[1], `${names.length + 12} passed, 0 failed`);
    assert.doesNotMatch(stdout, /failed:/);
    assert.equal(status, 0);
  });

  it("goes on after any check that failed, shows its output and names it at the end", () => {
    for (const [, name = "", script] of checks.filter(([, , script]) => script !== undefined)) {
      const { status, stdout, closing } = runGate({ failing: `--silent ${script}` });
      assert.match(stdout, new RegExp(`^${name} +FAILED.*\ndetails of run --silent ${script}`, "m"));
      assert.deepEqual(closing, [`failed: ${name}`, `${names.length + 11} passed, 1 failed`]);
      assert.equal(status, 1);
    }
  });

  it("stops when the packages cannot be installed", () => {
    const { status, stdout, closing } = runGate({ failing: "ci --" });
    assert.doesNotMatch(stdout, /build/);
    assert.deepEqual(closing, ["failed: install", "0 passed, 1 failed"]);
    assert.equal(status, 1);
  });

  const outputs: Record<string, { output: string; testCode: number; lastLine: string; status: number }> = {
    "counts failing and pending tests": {
      output: "\n  12 passing (3s)\n  1 pending\n  2 failing\n\n  1) suite\n",
      testCode: 2,
      lastLine: `${names.length + 12} passed, 2 failed, 1 skipped`,
      status: 1,
    },
    "believes mocha's closing lines only, not what tests print": {
      output:
        "  99 passing\n  7 failing\n  5 passing (1s)\n    4 failing\n\n  3 passing (40ms)\n\n  6 failing\n",
      testCode: 0,
      lastLine: `${names.length + 3} passed, 0 failed`,
      status: 0,
    },
    "counts a crash before the end as a failure": {
      output: "  suite\n    ✔ first\n",
      testCode: 134,
      lastLine: `${names.length} passed, 1 failed`,
      status: 1,
    },
    "fails when no test ran": {
      output: "\n  0 passing (1ms)\n",
      testCode: 0,
      lastLine: `${names.length} passed, 0 failed`,
      status: 1,
    },
    "counts a test command that fails although every test passed": {
      output: allPass,
      testCode: 1,
      lastLine: `${names.length + 12} passed, 1 failed`,
      status: 1,
    },
  };
  for (const [title, { output, testCode, lastLine, status }] of Object.entries(outputs)) {
    it(title, () => {
      const result = runGate({ output, testCode });
      assert.deepEqual([result.closing[1], result.status], [lastLine, status]);
      assert.equal(result.closing[0] === "failed: tests", status !== 0);
    });
  }
});
