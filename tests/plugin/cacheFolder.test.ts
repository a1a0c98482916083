import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  findCacheFolder,
  isPrivateFolder,
  makePrivateFolder,
  resolveFolder,
} from "../../provider/plugin/cacheFolder";
import { useTemporaryFolder } from "../support/temporaryFolder";

const userId = process.geteuid?.();
const OTHER_USER = 4_000_000;

describe("the folder for compiled code", () => {
  const at = useTemporaryFolder("cache-folder-");
  const folder = () => at("cache", "pulumi-ucloud-redis");

  function makeFolders(mode = 0o700): void {
    fs.mkdirSync(at("cache"), { mode: 0o755 });
    fs.mkdirSync(folder());
    fs.chmodSync(folder(), mode);
  }

  const home = "/home/me";
  for (const [title, host, expected] of [
    ["XDG_CACHE_HOME", { env: { XDG_CACHE_HOME: "/x", PULUMI_HOME: "/p" } }, "/x"],
    ["PULUMI_HOME", { env: { XDG_CACHE_HOME: "", PULUMI_HOME: "/p" } }, "/p"],
    ["the home folder", { env: {} }, "/home/me/.cache"],
    [
      "the home folder where XDG_CACHE_HOME is a relative path",
      { env: { XDG_CACHE_HOME: "x" } },
      "/home/me/.cache",
    ],
    ["the caches of macOS", { env: {}, platform: "darwin" }, "/home/me/Library/Caches"],
    ["nowhere without a home folder", { env: {}, home: "" }, undefined],
    ["nowhere with NODE_DISABLE_COMPILE_CACHE", { env: { NODE_DISABLE_COMPILE_CACHE: "1" } }, undefined],
    [
      "nowhere on a Windows without LOCALAPPDATA",
      { env: { PULUMI_HOME: "/p" }, platform: "win32" },
      undefined,
    ],
    ["LOCALAPPDATA on Windows", { env: { PULUMI_HOME: "/p", LOCALAPPDATA: "/l" }, platform: "win32" }, "/l"],
  ] as const) {
    it(`is below ${title}`, function () {
      if (process.platform === "win32") this.skip();
      const found = findCacheFolder({ platform: "linux", home, ...host });
      assert.equal(found, expected && path.join(expected, "pulumi-ucloud-redis"));
    });
  }

  describe("counts as private", function () {
    before(function () {
      if (userId === undefined) this.skip();
    });

    it("if it is the user's own, and closed to all others", () => {
      makeFolders();
      assert.equal(isPrivateFolder(folder(), userId), true);
      assert.equal(isPrivateFolder(folder(), OTHER_USER), false);
    });

    for (const mode of [0o770, 0o707, 0o711, 0o750]) {
      it(`not with mode ${mode.toString(8)}`, () => {
        makeFolders(mode);
        assert.equal(isPrivateFolder(folder(), userId), false);
      });
    }

    it("not as a link, as a file, or if there is none", () => {
      makeFolders();
      fs.symlinkSync(folder(), at("link"));
      fs.writeFileSync(at("file"), "");
      for (const other of ["link", "file", "none"]) assert.equal(isPrivateFolder(at(other), userId), false);
    });

    it("not in a folder that all can write, nor below one, unless that is sticky", () => {
      makeFolders();
      for (const mode of [0o777, 0o1777]) {
        fs.chmodSync(at("cache"), mode);
        assert.equal(isPrivateFolder(folder(), userId), false);
      }
      fs.chmodSync(at("cache"), 0o755);
      fs.chmodSync(at(), 0o1777);
      assert.equal(isPrivateFolder(folder(), userId), true);
      fs.chmodSync(at(), 0o777);
      assert.equal(isPrivateFolder(folder(), userId), false);
    });

    it("by the path behind the links above it, which nobody can point elsewhere meanwhile", () => {
      makeFolders();
      fs.symlinkSync(at("cache"), at("linked"));
      assert.equal(resolveFolder(at("linked", "pulumi-ucloud-redis")), fs.realpathSync(folder()));
      assert.equal(makePrivateFolder(at("linked", "pulumi-ucloud-redis"), userId), fs.realpathSync(folder()));
      assert.throws(() => resolveFolder(at("none", "pulumi-ucloud-redis")));
    });
  });

  describe("is made", function () {
    before(function () {
      if (userId === undefined) this.skip();
    });

    it("closed to all others, with the folder above it", () => {
      assert.equal(makePrivateFolder(folder(), userId), fs.realpathSync(folder()));
      for (const each of [at("cache"), folder()]) assert.equal(fs.statSync(each).mode & 0o777, 0o700);
      assert.equal(makePrivateFolder(folder(), userId), fs.realpathSync(folder()));
    });

    it("not in what another user owns, and not where others could replace it", () => {
      assert.equal(makePrivateFolder(folder(), OTHER_USER), undefined);
      fs.chmodSync(at(), 0o777);
      assert.equal(makePrivateFolder(folder(), userId), undefined);
      assert.deepEqual(fs.readdirSync(at()), []);
    });

    it("not if more than the folder above is missing, as in a home that does not exist", () => {
      assert.equal(makePrivateFolder(at("home", ".cache", "pulumi-ucloud-redis"), userId), undefined);
      assert.deepEqual(fs.readdirSync(at()), []);
    });

    it("not over one that is open to others, which stays as it is", () => {
      makeFolders(0o755);
      assert.equal(makePrivateFolder(folder(), userId), undefined);
      assert.equal(fs.statSync(folder()).mode & 0o777, 0o755);
    });
  });
});
