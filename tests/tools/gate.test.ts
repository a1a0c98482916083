import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { leaveOut } from "../support/leftOut";

const gate = path.join(__dirname, "..", "..", ".ci", "run");
const allPass = "\n  12 passing (3s)\n";

describe(".ci/run", function () {
  let folder: string;

  before(function () {
    if (process.platform === "win32") this.skip();
    const { status } = spawnSync("bash", ["-c", "command -v awk"]);
    if (status !== 0) leaveOut(this, { need: "bash and awk", why: "the gate is a script in both" });
  });

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "gate-"));
    fs.mkdirSync(path.join(folder, ".ci"));
    fs.copyFileSync(gate, path.join(folder, ".ci", "run"));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a copy of the gate where `npm` is a script that fails as told and prints `mochaOutput` for `npm test`. */
  function runGate(mochaOutput: string, { testCode = 0, failing = "nothing" } = {}) {
    const output = path.join(folder, "mocha.txt");
    fs.writeFileSync(output, mochaOutput);
    const npm = [
      "#!/bin/sh",
      `case "$*" in`,
      `  test) cat '${output}'; exit ${testCode} ;;`,
      `  *${failing}*) echo "details of $*"; exit 1 ;;`,
      "esac",
    ];
    fs.writeFileSync(path.join(folder, "npm"), npm.join("\n"), { mode: 0o755 });
    const env = { ...process.env, CI: "true", PATH: `${folder}${path.delimiter}${process.env.PATH}` };
    const { status, stdout } = spawnSync(path.join(folder, ".ci", "run"), { env, encoding: "utf8" });
    return { status, stdout, lastLine: stdout.trimEnd().split("\n").at(-1) };
  }

  it("adds mocha's tests to its own checks", () => {
    const { status, lastLine } = runGate(allPass);
    assert.equal(lastLine, "22 passed, 0 failed");
    assert.equal(status, 0);
  });

  it("goes on after a failed check, shows its output and counts it", () => {
    const { status, stdout, lastLine } = runGate(allPass, { failing: "check:lint" });
    assert.match(stdout, /lint +FAILED.*\ndetails of run --silent check:lint/);
    assert.match(stdout, /schema +ok/);
    assert.equal(lastLine, "21 passed, 1 failed");
    assert.equal(status, 1);
  });

  it("stops when the packages cannot be installed", () => {
    const { status, stdout, lastLine } = runGate(allPass, { failing: "ci --" });
    assert.doesNotMatch(stdout, /lint/);
    assert.equal(lastLine, "0 passed, 1 failed");
    assert.equal(status, 1);
  });

  const outputs: readonly {
    name: string;
    output: string;
    testCode: number;
    lastLine: string;
    status: number;
  }[] = [
    {
      name: "counts failing and pending tests",
      output: "\n  12 passing (3s)\n  1 pending\n  2 failing\n\n  1) suite\n",
      testCode: 2,
      lastLine: "22 passed, 2 failed, 1 skipped",
      status: 1,
    },
    {
      name: "believes mocha's closing lines only, not what tests print",
      output:
        "  99 passing\n  7 failing\n  5 passing (1s)\n    4 failing\n\n  3 passing (40ms)\n\n  6 failing\n",
      testCode: 0,
      lastLine: "13 passed, 0 failed",
      status: 0,
    },
    {
      name: "counts a crash before the end as a failure",
      output: "  suite\n    ✔ first\n",
      testCode: 134,
      lastLine: "10 passed, 1 failed",
      status: 1,
    },
    {
      name: "fails when no test ran",
      output: "\n  0 passing (1ms)\n",
      testCode: 0,
      lastLine: "10 passed, 0 failed",
      status: 1,
    },
    {
      name: "counts a test command that fails although every test passed",
      output: allPass,
      testCode: 1,
      lastLine: "22 passed, 1 failed",
      status: 1,
    },
  ];
  for (const { name, output, testCode, lastLine, status } of outputs) {
    it(name, () => {
      const result = runGate(output, { testCode });
      assert.deepEqual([result.lastLine, result.status], [lastLine, status]);
    });
  }
});
