import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { leaveOut } from "../support/leftOut";
import { useTemporaryFolder } from "../support/temporaryFolder";

const launcher = path.join(__dirname, "..", "..", "bin", "pulumi-resource-ucloud-redis");
const starter = path.join(path.dirname(launcher), "startPlugin.cjs");
const standIn = `
  const isMain = require.main === module;
  console.log(JSON.stringify({ isMain, pid: process.pid, args: process.argv.slice(2) }));
`;

describe("bin/pulumi-resource-ucloud-redis", function () {
  // With a blank in the path, as many home folders have.
  const at = useTemporaryFolder("launcher -");
  let copy: string;

  before(function () {
    if (process.platform === "win32") this.skip();
  });

  beforeEach(() => {
    copy = at("bin", path.basename(launcher));
    fs.mkdirSync(path.dirname(copy));
    fs.copyFileSync(launcher, copy);
    fs.copyFileSync(starter, path.join(path.dirname(copy), path.basename(starter)));
    fs.writeFileSync(`${copy}.cjs`, standIn);
  });

  /** A folder for PATH, with this script as `node` or without `node`. */
  function pathWith(node?: string): string {
    const bin = fs.mkdtempSync(at("path-"));
    if (node !== undefined) fs.writeFileSync(path.join(bin, "node"), node, { mode: 0o755 });
    return bin;
  }

  it("becomes the plugin, in its own process, with all arguments", () => {
    const args = ["--logflow", "-v=3", "two words", "127.0.0.1:1"];
    const { stdout, pid } = spawnSync(copy, args, { encoding: "utf8" });
    assert.deepEqual(JSON.parse(stdout), { isMain: true, pid, args });
  });

  it("is found by a relative path and through chains of relative and absolute links", function () {
    const { error } = spawnSync("readlink", ["."]);
    if (error !== undefined)
      leaveOut(this, { need: "readlink", why: "it is not on PATH, and the launcher needs it for links" });
    fs.symlinkSync(path.join("bin", path.basename(copy)), at("relative"));
    fs.symlinkSync(at("relative"), at("absolute"));
    for (const command of ["./absolute", path.join("bin", path.basename(copy))]) {
      const { stdout } = spawnSync(command, ["7"], { cwd: at(), encoding: "utf8" });
      assert.match(stdout, /"args":\["7"\]/, command);
    }
  });

  const options = [
    "--input-type=module",
    "--experimental-default-type=module",
    "--experimental-strip-types",
    "--import=data:text/javascript,",
  ];
  // No version of Node.js has all of them.
  for (const option of options.filter((each) =>
    process.allowedNodeEnvironmentFlags.has(each.split("=")[0] ?? ""),
  )) {
    it(`becomes the plugin under NODE_OPTIONS=${option}`, () => {
      const env = { ...process.env, NODE_OPTIONS: option };
      const { stdout, stderr } = spawnSync(copy, ["7"], { env, encoding: "utf8" });
      assert.match(stdout, /^\{"isMain":true,.*"args":\["7"\]\}\n$/, stderr);
    });
  }

  it("keeps all other NODE_OPTIONS", () => {
    const preload = at("preload.cjs");
    fs.writeFileSync(preload, "globalThis.isPreloaded = true;");
    fs.writeFileSync(
      `${copy}.cjs`,
      `console.log(globalThis.isPreloaded, require("node:v8").getHeapStatistics().heap_size_limit >> 20);`,
    );
    const heapOf = (megabytes: number): string => {
      const NODE_OPTIONS = `--require=${JSON.stringify(preload)} --max-old-space-size=${megabytes}`;
      return spawnSync(copy, { env: { ...process.env, NODE_OPTIONS }, encoding: "utf8" }).stdout;
    };
    const [small, large] = [256, 512].map(heapOf).map((text) => /^true (\d+)\n$/.exec(text)?.[1]);
    assert.equal(Number(large) - Number(small), 256);
  });

  it("tells the plugin the id of the process that started it, whatever the environment holds", () => {
    fs.writeFileSync(
      `${copy}.cjs`,
      `console.log(process.env.UCLOUD_REDIS_PLUGIN_PARENT === process.pid + " " + process.ppid, process.ppid);`,
    );
    const env = { ...process.env, PPID: "9", UCLOUD_REDIS_PLUGIN_PARENT: "1 2" };
    const { stdout } = spawnSync(copy, { env, encoding: "utf8" });
    assert.equal(stdout, `true ${process.pid}\n`);
  });

  it("says on stderr that the bundle was not built", () => {
    fs.rmSync(`${copy}.cjs`);
    const { status, stdout, stderr } = spawnSync(copy, { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^[^\n]*npm run build[^\n]*\n$/);
  });

  it("says on stderr that there is no node", () => {
    const env = { PATH: pathWith() };
    const { status, stdout, stderr } = spawnSync("/bin/sh", [copy], { env, encoding: "utf8" });
    assert.deepEqual([status, stdout], [127, ""]);
    assert.match(
      stderr,
      /^[^\n]*Node\.js 20\.19 or newer[^\n]*, or install the plugin from the archive of [^\n]*\n$/,
    );
  });

  for (const [version, isRefused] of [
    ["12.22.9", true],
    ["20.18.3", true],
    ["20.19.0", false],
    ["22.1.0", false],
  ] as const) {
    it(`${isRefused ? "refuses" : "takes"} Node.js ${version}`, () => {
      // The same Node.js with another version number.
      const pretend = at("pretend.cjs");
      fs.writeFileSync(pretend, `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
      const node = `#!/bin/sh\nexec '${process.execPath}' --require '${pretend}' "$@"\n`;
      const { status, stdout, stderr } = spawnSync("/bin/sh", [copy], {
        env: { PATH: pathWith(node) },
        encoding: "utf8",
      });
      assert.equal(status, isRefused ? 1 : 0);
      assert.equal(stdout === "", isRefused);
      assert.equal(
        /^[^\n]*Node\.js 20\.19 or newer is needed[^\n]*, or install the plugin[^\n]*\n$/.test(stderr),
        isRefused,
      );
    });
  }
});

describe("bin/pulumi-resource-ucloud-redis.cmd", () => {
  it("takes no program from the current folder, which is the user's project", () => {
    const text = fs.readFileSync(`${launcher}.cmd`, "utf8");
    const [setting, search] = ['set "NoDefaultCurrentDirectoryInExePath=1"', "where node"].map((each) =>
      text.indexOf(`\n${each}`),
    );
    assert.ok(Number(setting) > 0 && Number(setting) < Number(search));
  });
});
