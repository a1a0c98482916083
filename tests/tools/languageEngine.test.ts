import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { programSuffix } from "../../tools/toolchains/goBuild";
import {
  ensureLanguageEngine,
  findLanguageEngine,
  type LanguageEngineParts,
} from "../../tools/engine/languageEngine";
import { dynamicHost } from "../../tools/engine/dynamicHost";
import { languageHosts } from "../../tools/engine/languageHosts";
import { useTemporaryFolder } from "../support/temporaryFolder";

const ENGINE = ["pulumi", "pulumi-language-yaml", "pulumi-language-nodejs"].map(
  (name) => name + programSuffix,
);
const WHOLE = [...ENGINE, dynamicHost, ...languageHosts];

describe("the engine for all languages", () => {
  const at = useTemporaryFolder("languages-");
  let log: string[];
  let builds: string[];

  beforeEach(() => {
    log = [];
    builds = [];
  });

  /** Writes empty programs into a folder, and returns the folder. */
  function put(folder: string, names: readonly string[]): string {
    fs.mkdirSync(folder, { recursive: true });
    for (const name of names) fs.writeFileSync(path.join(folder, name), "", { mode: 0o755 });
    return folder;
  }

  const pretend = (what: string, names: readonly string[]) => (folder: string) => {
    builds.push(what);
    put(folder, names);
    return Promise.resolve();
  };

  /** No CLI on PATH, nothing cached, the site unreachable, and builds work. */
  function parts(changes: Partial<LanguageEngineParts> = {}): Partial<LanguageEngineParts> {
    return {
      environment: { PATH: "" },
      cacheFolder: at("cache"),
      log: (line) => log.push(line),
      readVersion: () => Promise.resolve("3.255.0"),
      isSiteReachable: () => Promise.resolve(false),
      buildCli: pretend("cli", ENGINE.slice(0, 2)),
      buildHosts: pretend("hosts", ENGINE.slice(2)),
      buildLanguageHosts: pretend("languages", languageHosts),
      ...changes,
    };
  }

  it("has all hosts beside the CLI when it is built, and is not built again", async () => {
    const engine = await ensureLanguageEngine(parts());
    assert.equal(engine.command, path.join(engine.root, "bin", `pulumi${programSuffix}`));
    assert.deepEqual(fs.readdirSync(path.join(engine.root, "bin")).sort(), [...WHOLE].sort());
    assert.deepEqual(await ensureLanguageEngine(parts()), engine);
    assert.deepEqual(builds, ["cli", "hosts", "languages"]);
  });

  it("takes the CLI on PATH as it is if all hosts are beside it", async () => {
    const PATH = put(at("bin"), WHOLE);
    const engine = await ensureLanguageEngine(parts({ environment: { PATH } }));
    assert.equal(engine.command, path.join(PATH, `pulumi${programSuffix}`));
    assert.deepEqual(builds, []);
  });

  for (const missing of languageHosts) {
    it(`does not take a CLI on PATH without ${missing} beside it, and says so`, async () => {
      const bin = put(
        at("bin"),
        WHOLE.filter((name) => name !== missing),
      );
      const PATH = [bin, put(at("elsewhere"), [missing])].join(path.delimiter);
      const engine = await ensureLanguageEngine(parts({ environment: { PATH } }));
      assert.equal(engine.source, "built");
      assert.ok(log.some((line) => line.endsWith(`not beside it: ${missing}`)));
    });
  }

  it("takes the official download as it is", async () => {
    const download = (_version: string, root: string) => pretend("download", WHOLE)(path.join(root, "bin"));
    const isSiteReachable = () => Promise.resolve(true);
    const engine = await ensureLanguageEngine(parts({ download, isSiteReachable }));
    assert.equal(engine.source, "download");
    assert.deepEqual(builds, ["download"]);
  });

  it("is found where it was built before, and builds nothing where it was not", async () => {
    assert.equal(await findLanguageEngine(["path", "cache"], parts()), undefined);
    assert.deepEqual(builds, []);
    const engine = await ensureLanguageEngine(parts());
    assert.deepEqual(await findLanguageEngine(["path", "cache"], parts()), engine);
  });

  it("uses only the source that ENGINE_SOURCE allows", async () => {
    const only = (ENGINE_SOURCE: string) =>
      ensureLanguageEngine(parts({ environment: { PATH: "", ENGINE_SOURCE } }));
    await assert.rejects(only("path"), /ENGINE_SOURCE=path has no Pulumi CLI with hosts for all languages/);
    assert.equal((await only("build")).source, "built");
    assert.equal((await only("cache")).source, "built");
  });
});
