import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { CheckReport } from "../../provider/contract/report";
import { version } from "../../provider/schema.json";
import { allDifferences, type Simulator } from "../../simulator/index";
import { repositoryRoot } from "../../tools/repository";
import { bin } from "../../package.json";
import { withSimulator } from "../support/withSimulator";
import { createVariables } from "../support/simulatedSettings";

/** Runs the built command as users do. */
async function runBin(
  simulator: Simulator,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const file = path.join(repositoryRoot, bin["ucloud-redis-check"]);
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", ...createVariables(simulator) };
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "close") as Promise<[number | null]>;
  const [[exitCode], stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

describe("ucloud-redis-check as a process", () => {
  it("ends with 0 against the demo's API, and says how to report what it found", () =>
    withSimulator({}, async (simulator) => {
      const { exitCode, stdout, stderr } = await runBin(simulator, []);
      assert.equal(exitCode, 0, stdout + stderr);
      assert.equal(stderr, "");
      assert.match(
        stdout,
        new RegExp(`^pulumi-ucloud-redis ${version}, Node.js ${process.version}, the API`),
      );
      assert.match(stdout, /^0 differences that this package relies on, \d+ notes\.$/m);
      assert.match(stdout, /^If this is UCloud.s API, not a simulator, please report this: .*\/issues$/m);
    }));

  it("ends with 1 against an API that differs in every way, and names each of them", () =>
    withSimulator({ differs: allDifferences }, async (simulator) => {
      const { exitCode, stdout } = await runBin(simulator, ["--json"]);
      assert.equal(exitCode, 1);
      const report = JSON.parse(stdout) as CheckReport;
      assert.equal(report.version, version);
      assert.equal(report.counts.differences + report.counts.notes, report.findings.length);
      const kinds = new Set(report.findings.map(({ kind }) => kind));
      for (const kind of ["missingField", "unknownField", "otherType", "unknownValue", "pageCap", "count"]) {
        assert.ok(kinds.has(kind as never), kind);
      }
      for (const kind of ["order", "shards", "retCode", "unknownId", "clock"]) {
        assert.ok(kinds.has(kind as never), kind);
      }
    }));
});
