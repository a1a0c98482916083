import assert from "node:assert/strict";
import { runCommand } from "../../tools/childProcess";

describe("running a program", () => {
  it("gives its exit code and what it wrote", async () => {
    const script = `console.log("out"); console.error("err"); process.exitCode = 3;`;
    const result = await runCommand(process.execPath, ["-e", script]);
    assert.deepEqual(result, { code: 3, stdout: "out", stderr: "err" });
  });

  it("kills it at its time limit, with all that it started where it is a group", async function () {
    if (process.platform === "win32") this.skip();
    // The second process holds the pipes, so the result is there only once it has ended too.
    const second = `setTimeout(() => console.log("survived"), 5_000)`;
    const first = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(second)}], { stdio: "inherit" })`;
    const result = await runCommand(process.execPath, ["-e", first], { timeoutMs: 300, isGroup: true });
    assert.deepEqual(result, { code: null, stdout: "", stderr: "" });
  });
});
