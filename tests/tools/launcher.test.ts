import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const launcher = path.join(__dirname, "..", "..", "bin", "pulumi-resource-ucloud-redis");
const standIn = `
  const isMain = require.main === module;
  console.log(JSON.stringify({ isMain, pid: process.pid, args: process.argv.slice(2) }));
`;

describe("bin/pulumi-resource-ucloud-redis", function () {
  let folder: string;
  let copy: string;

  before(function () {
    if (process.platform === "win32") this.skip();
  });

  beforeEach(() => {
    // A blank in the path, as in many a home folder.
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "launcher -"));
    copy = path.join(folder, "bin", path.basename(launcher));
    fs.mkdirSync(path.dirname(copy));
    fs.copyFileSync(launcher, copy);
    fs.writeFileSync(`${copy}.cjs`, standIn);
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** A folder for PATH in which `node` is a script saying what it was started with, or is missing. */
  function pathWith(node?: string): string {
    const bin = fs.mkdtempSync(path.join(folder, "path-"));
    if (node !== undefined) fs.writeFileSync(path.join(bin, "node"), node, { mode: 0o755 });
    return bin;
  }

  it("becomes the plugin, in its own process, with all arguments", () => {
    const args = ["--logflow", "-v=3", "two words", "127.0.0.1:1"];
    const { stdout, pid } = spawnSync(copy, args, { encoding: "utf8" });
    assert.deepEqual(JSON.parse(stdout), { isMain: true, pid, args });
  });

  it("is found by a relative path and through chains of relative and absolute links", () => {
    fs.symlinkSync(path.join("bin", path.basename(copy)), path.join(folder, "relative"));
    fs.symlinkSync(path.join(folder, "relative"), path.join(folder, "absolute"));
    for (const command of ["./absolute", path.join("bin", path.basename(copy))]) {
      const { stdout } = spawnSync(command, ["7"], { cwd: folder, encoding: "utf8" });
      assert.match(stdout, /"args":\["7"\]/, command);
    }
  });

  it("says so on stderr when the bundle was not built", () => {
    fs.rmSync(`${copy}.cjs`);
    const { status, stdout, stderr } = spawnSync(copy, { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^[^\n]*npm run build[^\n]*\n$/);
  });

  it("says so on stderr when there is no node", () => {
    const env = { PATH: pathWith() };
    const { status, stdout, stderr } = spawnSync("/bin/sh", [copy], { env, encoding: "utf8" });
    assert.deepEqual([status, stdout], [127, ""]);
    assert.match(stderr, /^[^\n]*Node\.js 20\.19 or newer[^\n]*\n$/);
  });

  for (const [version, isRefused] of [
    ["12.22.9", true],
    ["20.18.3", true],
    ["20.19.0", false],
    ["22.1.0", false],
  ] as const) {
    it(`${isRefused ? "refuses" : "takes"} Node.js ${version}`, () => {
      // The same node under another version number: what follows `-e` is run after a line that changes it.
      const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" });`;
      const node = `#!/bin/sh\nshift; script=$1; shift\nexec '${process.execPath}' -e '${pretend}'"$script" "$@"\n`;
      const { status, stdout, stderr } = spawnSync("/bin/sh", [copy], {
        env: { PATH: pathWith(node) },
        encoding: "utf8",
      });
      assert.equal(status, isRefused ? 1 : 0);
      assert.equal(stdout === "", isRefused);
      assert.equal(/^[^\n]*Node\.js 20\.19 or newer is needed[^\n]*\n$/.test(stderr), isRefused);
    });
  }
});
