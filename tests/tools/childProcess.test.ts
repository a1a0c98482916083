import assert from "node:assert/strict";
import { runCommand } from "../../tools/childProcess";

describe("running a program", () => {
  it("returns its exit code and its output", async () => {
    const script = `console.log("out"); console.error("err"); process.exitCode = 3;`;
    const result = await runCommand(process.execPath, ["-e", script]);
    assert.deepEqual(result, { code: 3, stdout: "out", stderr: "err" });
  });

  it("kills it at its time limit, and as a group also the processes that it started", async function () {
    if (process.platform === "win32") this.skip();
    // The second process inherits the pipes, so there is no result before it has ended.
    const second = `setTimeout(() => console.log("survived"), 5_000)`;
    const first = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(second)}], { stdio: "inherit" })`;
    const result = await runCommand(process.execPath, ["-e", first], { timeoutMs: 300, isGroup: true });
    assert.deepEqual(result, { code: null, stdout: "", stderr: "" });
  });
});
