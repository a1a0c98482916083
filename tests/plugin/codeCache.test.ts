import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire, Module } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { Bundles } from "../../provider/plugin/bundles";
import { CodeCache, type CodeKey, createCodeKey } from "../../provider/plugin/codeCache";
import { leaveOut } from "../support/leftOut";
import { useTemporaryFolder } from "../support/temporaryFolder";

const userId = process.geteuid?.();
const OTHER_USER = 4_000_000;
const NAME = "pulumi-resource-ucloud-redis-transport.cjs";
const OWN = `exports.listen = "own"; /* ${"-".repeat(200)} */`;
const PLANTED = `exports.listen = "planted"; /* ${"-".repeat(196)} */`;

describe("compiled code", () => {
  const at = useTemporaryFolder("code-cache-");
  const folder = () => at("cache");
  const key = (text = OWN) => createCodeKey("transport", Buffer.from(text));
  const cache = (owner = userId) => new CodeCache(folder(), owner);
  const listFiles = () => fs.readdirSync(folder());
  const fileOf = ({ digest }: CodeKey) => path.join(folder(), `transport-${digest.toString("hex", 0, 16)}`);

  beforeEach(() => fs.writeFileSync(at(NAME), OWN));

  const open = (owner = userId) =>
    new Bundles({ folder: at(), require: createRequire(__filename), cache: cache(owner) });

  /** What the bundle that runs exports, and whether its code had to be compiled, and was written. */
  function run(owner = userId): { ran: unknown; wasCompiled: boolean } {
    const find = () => fs.statSync(fileOf(key(read())), { throwIfNoEntry: false })?.ino;
    const read = () => fs.readFileSync(at(NAME), "latin1");
    const bundles = open(owner);
    const ran: unknown = bundles.load("transport").listen;
    const before = find();
    bundles.keepCode(["transport"]);
    return { ran, wasCompiled: find() !== before };
  }

  /** What V8 takes for the code of the bundle, and is not: it compares the length of the text only. */
  function plant(): void {
    assert.equal(PLANTED.length, OWN.length);
    const script = new Script(Module.wrap(PLANTED));
    cache().write(key(), () => script.createCachedData());
  }

  it("is kept once, and used from then on", () => {
    assert.deepEqual(run(), { ran: "own", wasCompiled: true });
    assert.deepEqual(run(), { ran: "own", wasCompiled: false });
    const { mode } = fs.statSync(fileOf(key()));
    assert.equal(mode & 0o777, process.platform === "win32" ? mode & 0o777 : 0o600);
  });

  it("would be run whatever it does, which is why the following tests are there", () => {
    plant();
    assert.equal(run().ran, "planted");
  });

  describe("that was planted is not run", function () {
    before(function () {
      if (userId === undefined) this.skip();
    });

    for (const [title, spoil] of [
      ["in a folder that others can write", () => fs.chmodSync(folder(), 0o777)],
      ["in a folder that others can read", () => fs.chmodSync(folder(), 0o755)],
      ["in a file that others can write", () => fs.chmodSync(fileOf(key()), 0o622)],
      [
        "in a folder behind a link",
        () => {
          fs.renameSync(folder(), at("elsewhere"));
          fs.symlinkSync(at("elsewhere"), folder());
        },
      ],
      [
        "in a file behind a link",
        () => {
          fs.renameSync(fileOf(key()), at("elsewhere"));
          fs.symlinkSync(at("elsewhere"), fileOf(key()));
        },
      ],
      ["below a folder in which others can rename", () => fs.chmodSync(at(), 0o777)],
    ] as const) {
      it(title, () => {
        plant();
        spoil();
        assert.equal(run().ran, "own");
      });
    }

    it("in a file that another user owns", function () {
      if (userId !== 0) leaveOut(this, { need: "root", why: "only root can give a file away" });
      plant();
      fs.chownSync(fileOf(key()), OTHER_USER, OTHER_USER);
      assert.equal(run().ran, "own");
    });

    it("in a pipe, for whose other end it would wait", () => {
      plant();
      fs.rmSync(fileOf(key()));
      execFileSync("mkfifo", [fileOf(key())]);
      assert.equal(run().ran, "own");
    });

    it("in a file of 40 MB", () => {
      plant();
      fs.truncateSync(fileOf(key()), 40_000_000);
      assert.equal(cache().read(key()), undefined);
      assert.equal(run().ran, "own");
    });

    it("in a folder of another user", () => {
      plant();
      assert.deepEqual(run(OTHER_USER), { ran: "own", wasCompiled: false });
    });
  });

  it("of another build is not used: one character of the text makes another file", () => {
    run();
    fs.writeFileSync(at(NAME), OWN.replace('"own"', '"new"'));
    assert.deepEqual(run(), { ran: "new", wasCompiled: true });
    assert.equal(listFiles().length, 2);
  });

  it("of another Node.js, or of other flags, is not used, not even under the right name", () => {
    const other = createCodeKey("transport", Buffer.from(OWN), "another Node.js");
    cache().write(other, () => new Script(Module.wrap(PLANTED)).createCachedData());
    assert.deepEqual(run(), { ran: "own", wasCompiled: true });
    fs.copyFileSync(fileOf(other), fileOf(key()));
    assert.deepEqual(run(), { ran: "own", wasCompiled: true });
  });

  it("that V8 refuses is compiled and written anew", () => {
    cache().write(key(), () => Buffer.from("not what V8 made"));
    assert.deepEqual(run(), { ran: "own", wasCompiled: true });
    assert.deepEqual(run(), { ran: "own", wasCompiled: false });
  });

  for (const [title, change] of [
    ["cut", (data: Buffer) => data.subarray(0, data.length / 2)],
    ["cut to nothing", () => Buffer.alloc(0)],
    ["cut to less than its digest", (data: Buffer) => data.subarray(0, 10)],
    ["without its code", (data: Buffer) => data.subarray(0, 32)],
    ["longer than it was", (data: Buffer) => Buffer.concat([data, Buffer.alloc(8)])],
    ["of zeros, as after a power failure", (data: Buffer) => Buffer.alloc(data.length)],
    [
      "changed in one byte, on which V8 would crash",
      (data: Buffer) => data.with(data.length - 50, 255 - (data.at(-50) ?? 0)),
    ],
  ] as const) {
    it(`that is ${title} is compiled and written anew`, () => {
      run();
      const file = fileOf(key());
      fs.writeFileSync(file, change(fs.readFileSync(file)));
      assert.deepEqual(run(), { ran: "own", wasCompiled: true });
      assert.deepEqual(run(), { ran: "own", wasCompiled: false });
    });
  }

  it("that cannot be written or read changes nothing", () => {
    fs.writeFileSync(folder(), "a file in place of the folder");
    const bundles = open();
    assert.equal(bundles.load("transport").listen, "own");
    bundles.keepCode(["transport"]);
    fs.rmSync(folder());
    run();
    const file = fileOf(key());
    fs.rmSync(file);
    fs.mkdirSync(path.join(file, "not empty"), { recursive: true });
    assert.equal(run().ran, "own");
    assert.deepEqual(listFiles(), [path.basename(file)]);
  });

  it("is not even serialized where it cannot be written", () => {
    fs.writeFileSync(folder(), "a file in place of the folder");
    cache().write(key(), () => assert.fail("serialized"));
  });

  it("goes when other code was used since, also what a killed plugin left half written; other files stay", () => {
    run();
    const unfinished = `${fileOf(key())}.0123456789abcdef.tmp`;
    fs.renameSync(fileOf(key()), unfinished);
    fs.utimesSync(unfinished, 1, 1);
    fs.writeFileSync(path.join(folder(), "notes"), "");
    for (let build = 0; build < 30; build++) {
      cache().write(key(String(build)), () => Buffer.of(build));
      fs.utimesSync(fileOf(key(String(build))), 100 + build, 100 + build);
      // In use all the time.
      assert.deepEqual(cache().read(key("0")), Buffer.of(0));
    }
    const kept = listFiles().filter((name) => name !== "notes");
    assert.equal(kept.length, 24);
    assert.ok(listFiles().includes("notes"));
    for (const build of [0, 29]) assert.deepEqual(cache().read(key(String(build))), Buffer.of(build));
    assert.equal(cache().read(key("1")), undefined);
  });
});
