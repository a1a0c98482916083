import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ensureEngine, findEngine, minimumVersion, type EngineParts } from "../../tools/engine/engine";
import { programSuffix } from "../../tools/toolchains/goBuild";
import { useTemporaryFolder } from "../support/temporaryFolder";

const HOSTS = ["pulumi-language-yaml", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

describe("the engine", () => {
  const at = useTemporaryFolder("engine-");
  let log: string[];
  /** How often each was called. */
  let builds: { cli: number; hosts: number };
  let downloads: string[];

  beforeEach(() => {
    log = [];
    builds = { cli: 0, hosts: 0 };
    downloads = [];
  });

  /** Puts empty programs into a folder, by its path from the test's own, and returns its whole path. */
  function putPrograms(where: string, ...names: readonly string[]): string {
    const target = path.resolve(at(), where);
    fs.mkdirSync(target, { recursive: true });
    for (const name of names) {
      const isScript = name === "pulumi-resource-pulumi-nodejs" && process.platform === "win32";
      fs.writeFileSync(path.join(target, name + (isScript ? ".cmd" : programSuffix)), "", { mode: 0o755 });
    }
    return target;
  }

  const putCliWithHosts = (): string => putPrograms("tools/bin", "pulumi", ...HOSTS);

  /**
   * No CLI on PATH, nothing cached, the site unreachable; each program says it is version 3.255.0, and builds
   * work.
   */
  function parts(changes: Partial<EngineParts> = {}): EngineParts {
    return {
      environment: { PATH: "" },
      cacheFolder: at("cache"),
      log: (line) => log.push(line),
      readVersion: () => Promise.resolve("3.255.0"),
      isSiteReachable: () => Promise.resolve(false),
      waits: true,
      download(version, root) {
        downloads.push(version);
        putPrograms(path.join(root, "bin"), "pulumi", ...HOSTS);
        return Promise.resolve();
      },
      buildCli(bin) {
        builds.cli++;
        putPrograms(bin, "pulumi", "pulumi-language-yaml");
        return Promise.resolve();
      },
      buildHosts(bin) {
        builds.hosts++;
        putPrograms(bin, "pulumi-language-nodejs");
        return Promise.resolve();
      },
      ...changes,
    };
  }

  const reachable = { isSiteReachable: () => Promise.resolve(true) };

  it("takes the CLI on PATH, with a root for the Automation API", async () => {
    const PATH = putCliWithHosts();
    assert.deepEqual(await ensureEngine(parts({ environment: { PATH } })), {
      root: at("tools"),
      command: path.join(PATH, `pulumi${programSuffix}`),
      version: "3.255.0",
      source: "path",
    });
    assert.equal(builds.cli, 0);
  });

  it("takes the oldest version that it accepts, and nothing older", async () => {
    const PATH = putCliWithHosts();
    const readVersion = (version: string) => (command: string) =>
      Promise.resolve(command.startsWith(PATH) ? version : "3.255.0");
    const withVersion = (version: string) =>
      ensureEngine(parts({ environment: { PATH }, readVersion: readVersion(version) }));
    assert.equal((await withVersion(minimumVersion)).source, "path");
    assert.equal((await withVersion("3.99.0")).source, "built");
    assert.match(log.join("\n"), /not using .*3\.99\.0/);
  });

  for (const missing of HOSTS) {
    it(`does not take a CLI on PATH without ${missing}, and says so`, async () => {
      const PATH = putPrograms("tools/bin", "pulumi", ...HOSTS.filter((name) => name !== missing));
      assert.equal((await ensureEngine(parts({ environment: { PATH } }))).source, "built");
      assert.match(log.join("\n"), new RegExp(`not using .*: not on PATH: ${missing}(\\.\\w+)?$`, "m"));
      const both = [PATH, putPrograms("hosts", missing)].join(path.delimiter);
      assert.equal((await ensureEngine(parts({ environment: { PATH: both } }))).source, "path");
    });
  }

  it("gives a CLI outside a bin folder a root of its own", async function () {
    if (process.platform === "win32") this.skip();
    const PATH = putPrograms("shims", "pulumi", ...HOSTS);
    const { root } = await ensureEngine(parts({ environment: { PATH } }));
    const linked = fs.realpathSync(path.join(root, "bin", "pulumi"));
    assert.equal(linked, fs.realpathSync(path.join(PATH, "pulumi")));
  });

  it("has its language hosts beside the CLI when it is built, dynamic resources included", async () => {
    const { root } = await ensureEngine(parts());
    const names = fs.readdirSync(path.join(root, "bin")).map((name) => path.parse(name).name);
    assert.deepEqual(names.sort(), ["pulumi", ...HOSTS].sort());
  });

  it("builds only the hosts again when only their module changed", async () => {
    const { root } = await ensureEngine(parts());
    const cache = path.dirname(root);
    for (const name of fs.readdirSync(cache)) {
      if (!name.startsWith("built-")) fs.rmSync(path.join(cache, name), { recursive: true });
    }
    assert.equal((await ensureEngine(parts())).source, "built");
    assert.deepEqual(builds, { cli: 1, hosts: 2 });
  });

  it("builds once for several concurrent callers", async () => {
    const engines = await Promise.all([1, 2, 3].map(() => ensureEngine(parts())));
    assert.deepEqual(builds, { cli: 1, hosts: 1 });
    assert.equal(new Set(engines.map((engine) => engine.root)).size, 1);
  });

  it("downloads if the site can be reached, and uses the download again without asking", async () => {
    const engine = await ensureEngine(parts(reachable));
    assert.equal(engine.source, "download");
    assert.match(downloads.join(), /^3\.\d+\.\d+$/);
    assert.deepEqual(await ensureEngine(parts()), engine);
    assert.equal(builds.cli, 0);
  });

  it("builds when the download fails half-way, and keeps no part of the download", async () => {
    const download = async (version: string, root: string) => {
      await parts().download(version, root);
      throw new Error("connection reset");
    };
    const engine = await ensureEngine(parts({ ...reachable, download }));
    assert.equal(engine.source, "built");
    assert.match(log.join("\n"), /connection reset/);
    const kept = fs.readdirSync(at("cache"));
    const kinds = kept.map((name) => /^\w+-v\d+\.\d+\.\d+-[0-9a-f]{12}$/.test(name) && name.split("-")[0]);
    assert.deepEqual(kinds.sort(), ["built", "engine", "hosts"]);
    assert.ok(kept.includes(path.basename(engine.root)));
  });

  it("does not wait for another process's download if it must not", async () => {
    let other: Promise<unknown> | undefined;
    let release: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      const download = async (version: string, root: string) => {
        resolve();
        await new Promise<void>((go) => (release = go));
        await parts().download(version, root);
      };
      other = ensureEngine(parts({ ...reachable, download }));
    });
    assert.equal(await findEngine(["download"], parts({ ...reachable, waits: false })), undefined);
    assert.match(log.join("\n"), /the download failed: another process is downloading it/);
    release();
    await other;
  });

  it("finds none if the allowed sources have none, and then builds nothing", async () => {
    assert.equal(await findEngine(["path", "cache", "download"], parts()), undefined);
    assert.deepEqual(builds, { cli: 0, hosts: 0 });
    await ensureEngine(parts());
    assert.equal((await findEngine(["path", "cache"], parts()))?.source, "built");
    assert.deepEqual(builds, { cli: 1, hosts: 1 });
  });

  it("fails when the build fails, and builds again the next time", async () => {
    const buildCli = () => Promise.reject(new Error("Go was not found"));
    await assert.rejects(ensureEngine(parts({ buildCli })), /Go was/);
    assert.equal((await ensureEngine(parts())).source, "built");
  });

  it("names the folder to delete when the programs in it do not run", async () => {
    const readVersion = () => Promise.resolve(undefined);
    await assert.rejects(ensureEngine(parts({ readVersion })), /does not run; delete .*cache and try again/);
  });

  it("uses only the source that ENGINE_SOURCE allows", async () => {
    const PATH = putCliWithHosts();
    const only = (ENGINE_SOURCE: string) => ensureEngine(parts({ environment: { PATH, ENGINE_SOURCE } }));
    await assert.rejects(only("cache"), /ENGINE_SOURCE=cache/);
    assert.equal((await only("build")).source, "built");
    assert.equal((await only("cache")).source, "built");
    assert.equal((await only("path")).source, "path");
    await assert.rejects(only("elsewhere"), /must be one of path, cache, download, build/);
  });
});
