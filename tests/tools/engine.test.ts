import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureEngine, findEngine, minimumVersion, type EngineParts } from "../../tools/engine";
import { programSuffix } from "../../tools/goBuild";

const HOSTS = ["pulumi-language-yaml", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

describe("the engine", () => {
  let folder: string;
  let log: string[];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
    log = [];
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Puts empty programs into a folder below the test's own, and returns its path. */
  function putPrograms(where: string, ...names: readonly string[]): string {
    const target = path.join(folder, where);
    fs.mkdirSync(target, { recursive: true });
    for (const name of names) {
      const isScript = name === "pulumi-resource-pulumi-nodejs" && process.platform === "win32";
      fs.writeFileSync(path.join(target, name + (isScript ? ".cmd" : programSuffix)), "", { mode: 0o755 });
    }
    return target;
  }

  function fill(where: string, ...names: readonly string[]): Promise<void> {
    putPrograms(path.relative(folder, where), ...names);
    return Promise.resolve();
  }

  const fillDownload = (root: string) => fill(path.join(root, "bin"), "pulumi", ...HOSTS);
  const fillCli = (bin: string) => fill(bin, "pulumi", "pulumi-language-yaml");
  const fillHosts = (bin: string) => fill(bin, "pulumi-language-nodejs");

  /** No CLI on PATH, nothing cached, no route to the site; every program says it is version 3.255.0; building works. */
  function parts(changes: Partial<EngineParts> = {}): EngineParts {
    return {
      environment: { PATH: "" },
      cacheFolder: path.join(folder, "cache"),
      log: (line) => log.push(line),
      readVersion: () => Promise.resolve("3.255.0"),
      isSiteReachable: () => Promise.resolve(false),
      waits: true,
      download: () => Promise.reject(new Error("must not be asked")),
      buildCli: fillCli,
      buildHosts: fillHosts,
      ...changes,
    };
  }

  const mustNotBuild = () => Promise.reject(new Error("must not be built"));

  it("takes the CLI on PATH, with a root the Automation API understands", async () => {
    const PATH = putPrograms("tools/bin", "pulumi", ...HOSTS);
    const engine = await ensureEngine(parts({ environment: { PATH }, buildCli: mustNotBuild }));
    assert.deepEqual(engine, {
      root: path.join(folder, "tools"),
      command: path.join(PATH, `pulumi${programSuffix}`),
      version: "3.255.0",
      source: "path",
    });
  });

  it("takes the oldest version it still knows, and nothing older", async () => {
    const PATH = putPrograms("tools/bin", "pulumi", ...HOSTS);
    const withVersion = (version: string) =>
      ensureEngine(
        parts({
          environment: { PATH },
          readVersion: (command) => Promise.resolve(command.startsWith(PATH) ? version : "3.255.0"),
        }),
      );
    assert.equal((await withVersion(minimumVersion)).source, "path");
    assert.equal((await withVersion("3.99.0")).source, "built");
    assert.match(log.join("\n"), /not using .*3\.99\.0/);
  });

  for (const missing of HOSTS) {
    it(`passes over a CLI on PATH without ${missing}, and says so`, async () => {
      const others = HOSTS.filter((name) => name !== missing);
      const PATH = putPrograms("tools/bin", "pulumi", ...others);
      assert.equal((await ensureEngine(parts({ environment: { PATH } }))).source, "built");
      assert.match(log.join("\n"), new RegExp(`not using .*: not on PATH: ${missing}(\\.\\w+)?$`, "m"));
      const both = [PATH, putPrograms("hosts", missing)].join(path.delimiter);
      assert.equal((await ensureEngine(parts({ environment: { PATH: both } }))).source, "path");
    });
  }

  it("has its language hosts beside the CLI when it is built, dynamic resources included", async () => {
    const { root } = await ensureEngine(parts());
    const names = fs.readdirSync(path.join(root, "bin")).map((name) => path.parse(name).name);
    assert.deepEqual(names.sort(), ["pulumi", ...HOSTS].sort());
  });

  it("builds only the hosts anew when only their module changed", async () => {
    const { root } = await ensureEngine(parts());
    const cache = path.dirname(root);
    for (const name of fs.readdirSync(cache)) {
      if (!name.startsWith("built-")) fs.rmSync(path.join(cache, name), { recursive: true });
    }
    let hostBuilds = 0;
    const buildHosts = (bin: string) => {
      hostBuilds++;
      return fillHosts(bin);
    };
    assert.equal((await ensureEngine(parts({ buildCli: mustNotBuild, buildHosts }))).source, "built");
    assert.equal(hostBuilds, 1);
  });

  it("gives a CLI outside a bin folder a root of its own", async function () {
    if (process.platform === "win32") this.skip();
    const PATH = putPrograms("shims", "pulumi", ...HOSTS);
    const engine = await ensureEngine(parts({ environment: { PATH } }));
    const linked = fs.realpathSync(path.join(engine.root, "bin", "pulumi"));
    assert.equal(linked, fs.realpathSync(path.join(PATH, "pulumi")));
  });

  it("downloads where the site can be reached, and uses that again without asking", async () => {
    const versions: string[] = [];
    const download = (version: string, root: string) => {
      versions.push(version);
      return fillDownload(root);
    };
    const isSiteReachable = () => Promise.resolve(true);
    const engine = await ensureEngine(parts({ isSiteReachable, download, buildCli: mustNotBuild }));
    assert.equal(engine.source, "download");
    assert.match(versions.join(), /^3\.\d+\.\d+$/);
    assert.deepEqual(await ensureEngine(parts({ buildCli: mustNotBuild })), engine);
  });

  it("builds when the download fails half-way, and leaves nothing of it behind", async () => {
    const download = async (_version: string, root: string) => {
      await fillDownload(root);
      throw new Error("connection reset");
    };
    const isSiteReachable = () => Promise.resolve(true);
    const engine = await ensureEngine(parts({ isSiteReachable, download }));
    assert.equal(engine.source, "built");
    assert.match(log.join("\n"), /connection reset/);
    const kept = fs.readdirSync(path.join(folder, "cache"));
    const kinds = kept.map((name) => /^\w+-v\d+\.\d+\.\d+-[0-9a-f]{12}$/.test(name) && name.split("-")[0]);
    assert.deepEqual(kinds.sort(), ["built", "engine", "hosts"]);
    assert.ok(kept.includes(path.basename(engine.root)));
  });

  it("builds once for several callers at a time", async () => {
    let builds = 0;
    const buildCli = (bin: string) => {
      builds++;
      return fillCli(bin);
    };
    const engines = await Promise.all([1, 2, 3].map(() => ensureEngine(parts({ buildCli }))));
    assert.equal(builds, 1);
    assert.equal(new Set(engines.map((engine) => engine.root)).size, 1);
  });

  it("finds none where the sources that are allowed have none, and builds nothing then", async () => {
    const found = findEngine(
      ["path", "cache", "download"],
      parts({ buildCli: mustNotBuild, buildHosts: mustNotBuild }),
    );
    assert.equal(await found, undefined);
    await ensureEngine(parts());
    assert.equal(
      (await findEngine(["path", "cache"], parts({ buildCli: mustNotBuild, buildHosts: mustNotBuild })))
        ?.source,
      "built",
    );
  });

  it("does not wait for another process's download where it must not", async () => {
    const isSiteReachable = () => Promise.resolve(true);
    let other: Promise<unknown> | undefined;
    let release: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      const download = async (_version: string, root: string) => {
        resolve();
        await new Promise<void>((go) => (release = go));
        await fillDownload(root);
      };
      other = ensureEngine(parts({ isSiteReachable, download }));
    });
    await started;
    const found = await findEngine(["download"], parts({ isSiteReachable, waits: false }));
    assert.equal(found, undefined);
    assert.match(log.join("\n"), /the download failed: another process is downloading it/);
    release();
    await other;
  });

  it("fails when the build fails, and builds again the next time", async () => {
    await assert.rejects(
      ensureEngine(parts({ buildCli: () => Promise.reject(new Error("Go was not found")) })),
      /Go was/,
    );
    assert.equal((await ensureEngine(parts())).source, "built");
  });

  it("names the folder to delete when what it holds does not run", async () => {
    await assert.rejects(
      ensureEngine(parts({ readVersion: () => Promise.resolve(undefined) })),
      /does not run; delete .*cache and try again/,
    );
  });

  it("keeps to the one source ENGINE_SOURCE allows", async () => {
    const PATH = putPrograms("tools/bin", "pulumi", ...HOSTS);
    const only = (ENGINE_SOURCE: string) => ensureEngine(parts({ environment: { PATH, ENGINE_SOURCE } }));
    await assert.rejects(only("cache"), /ENGINE_SOURCE=cache/);
    assert.equal((await only("build")).source, "built");
    assert.equal((await only("cache")).source, "built");
    assert.equal((await only("path")).source, "path");
    await assert.rejects(only("elsewhere"), /must be one of path, cache, download, build/);
  });
});
