import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { list } from "tar";
import { bundlePlugin, PLUGIN_FILES } from "../../tools/build";
import { packFiles } from "../../tools/release/archive";
import { makeNpmArchive } from "../../tools/release/npmArchive";
import { stagePlugin } from "../../tools/release/pluginArchive";
import { makePythonPackages } from "../../tools/release/pythonPackages";
import { RUNTIME_VERSION } from "../../tools/release/runtimes";
import { makeSourceArchives } from "../../tools/release/sourceArchives";
import { PLACEHOLDER } from "../../tools/release/stamp";
import { cacheRoot } from "../../tools/repository";
import { ensureRelease, type Release, RELEASE_REPOSITORY } from "../support/release";
import { useTemporaryFolder } from "../support/temporaryFolder";

interface Bill {
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

describe("the files of a release", function () {
  // Making a release generates and builds everything once more.
  this.timeout(300_000);
  const at = useTemporaryFolder("release");
  let release: Release;

  before(async function () {
    release = await ensureRelease(this);
  });

  function read(name: string): Buffer {
    return fs.readFileSync(path.join(release.folder, name));
  }

  it("are a plugin, packages, checksums, notices, a schema, a bill of materials and notes", () => {
    assert.deepEqual(fs.readdirSync(release.folder).sort(), [
      "LICENSE",
      `PulumiUCloudRedis.UCloudRedis-${release.version}-sources.tar.gz`,
      "RELEASE_NOTES.md",
      "SHA256SUMS",
      "THIRD_PARTY_NOTICES",
      `pulumi-resource-ucloud-redis-v${release.version}-${release.platform}.tar.gz`,
      `pulumi-ucloud-redis-${release.version}.cdx.json`,
      `pulumi-ucloud-redis-${release.version}.tgz`,
      `pulumi_ucloud_redis-${release.version}-py3-none-any.whl`,
      `pulumi_ucloud_redis-${release.version}.tar.gz`,
      "schema.json",
      `ucloudredis-${release.version}-sources.jar`,
      `ucloudredis-${release.version}.jar`,
      `ucloudredis-${release.version}.pom`,
      `ucloudredis-go-${release.version}.tar.gz`,
    ]);
  });

  it("have their checksums in SHA256SUMS, except for the notes", () => {
    const names = fs
      .readdirSync(release.folder)
      .filter((name) => !/^(SHA256SUMS|RELEASE_NOTES\.md)$/.test(name));
    const lines = names
      .sort()
      .map((name) => `${createHash("sha256").update(read(name)).digest("hex")}  ${name}\n`);
    assert.equal(read("SHA256SUMS").toString(), lines.join(""));
  });

  it("have the same bytes when they are made again elsewhere and later", async () => {
    const [source, scratch, out] = ["elsewhere", "scratch", "out"].map((name) => at(name)) as [
      string,
      string,
      string,
    ];
    // The copies are new files, with the times of today.
    fs.cpSync(release.prepared.folder, source, { recursive: true, verbatimSymlinks: true });
    fs.mkdirSync(scratch);
    fs.mkdirSync(out);
    const { date, version } = release;
    const options = { source, version, date, cache: cacheRoot, scratch, out };
    await makeNpmArchive(options);
    await makePythonPackages(options);
    await makeSourceArchives(options);
    const again = fs.readdirSync(out);
    assert.equal(again.length, 5);
    for (const name of again) assert.ok(fs.readFileSync(path.join(out, name)).equals(read(name)), name);
    // Compressing it would take ten times as long.
    const folder = await stagePlugin(release.platform, options);
    const plugin = await packFiles({ folder, date });
    assert.ok(gunzipSync(fs.readFileSync(release.pluginArchive)).equals(plugin), "the plugin archive");
    const bundles = at("bundles");
    await bundlePlugin(source, bundles);
    assert.equal(fs.readdirSync(bundles).length, 4);
    for (const name of fs.readdirSync(bundles)) {
      const built = fs.readFileSync(path.join(source, "bin", name));
      assert.ok(built.equals(fs.readFileSync(path.join(bundles, name))), name);
    }
  });

  it("name the repository that was asked for, wherever the placeholder was, and no other one", async () => {
    const { folder } = release.prepared;
    const schema = JSON.parse(read("schema.json").toString()) as Record<string, unknown>;
    assert.equal(schema["pluginDownloadURL"], `github://api.github.com/${RELEASE_REPOSITORY}`);
    assert.equal(schema["repository"], `https://github.com/${RELEASE_REPOSITORY}`);
    const files = [
      "README.md",
      "README.zh-CN.md",
      "sdk/python",
      "sdk/go",
      "sdk/java",
      "sdk/dotnet",
      "sdk/nodejs",
      "docs",
      "package.json",
    ];
    const named = files.filter((each) => readAll(path.join(folder, each)).includes(PLACEHOLDER));
    assert.deepEqual(named, []);
    const texts = await readArchive(release.npmArchive);
    assert.match(
      texts.get("package/dist/sdk/nodejs/utilities.js") ?? "",
      new RegExp(`"github://.*${RELEASE_REPOSITORY}"`),
    );
    assert.match(
      texts.get("package/package.json") ?? "",
      new RegExp(`git\\+https://github.com/${RELEASE_REPOSITORY}.git`),
    );
    const go = await readArchive(path.join(release.folder, `ucloudredis-go-${release.version}.tar.gz`));
    assert.match(
      go.get("ucloudredis/go.mod") ?? "",
      new RegExp(`^module github.com/${RELEASE_REPOSITORY}/sdk/go/ucloudredis$`, "m"),
    );
    assert.ok(go.has("ucloudredis/LICENSE"));
  });

  it("include a plugin with Node.js, all licences, and programs that may be executed", async () => {
    const modes = new Map<string, number>();
    await list({
      file: release.pluginArchive,
      onReadEntry: (entry) => void modes.set(entry.path, entry.mode ?? 0),
    });
    assert.deepEqual(
      [...modes].map(([name, mode]) => `${mode.toString(8)} ${name}`),
      [
        "644 LICENSE",
        "644 LICENSE.nodejs",
        "644 THIRD_PARTY_NOTICES",
        "755 node",
        "755 pulumi-resource-ucloud-redis",
        "644 pulumi-resource-ucloud-redis-provider.cjs",
        "644 pulumi-resource-ucloud-redis-tracing.cjs",
        "644 pulumi-resource-ucloud-redis-transport.cjs",
        "644 pulumi-resource-ucloud-redis.cjs",
        "644 startPlugin.cjs",
      ],
    );
    const inBin = fs.readdirSync(path.join(release.prepared.folder, "bin"));
    const launchers = ["pulumi-resource-ucloud-redis", "pulumi-resource-ucloud-redis.cmd"];
    assert.deepEqual(
      inBin.filter((name) => !launchers.includes(name)).sort(),
      [...PLUGIN_FILES].sort(),
      "archives have all that the npm package has",
    );
  });

  it("have a bill of materials with each package of the notices, and with Node.js", () => {
    const { components } = JSON.parse(
      read(`pulumi-ucloud-redis-${release.version}.cdx.json`).toString(),
    ) as Bill;
    const listed = new Set(components.map(({ name, version }) => `${name} ${version}`));
    const notices = read("THIRD_PARTY_NOTICES").toString();
    const bundled = [...notices.matchAll(/^-{80}\n\n(\S+ \S+), /gm)].map(([, name = ""]) => name);
    assert.ok(bundled.length > 10);
    assert.ok(bundled.some((each) => each.startsWith("@opentelemetry/")));
    assert.deepEqual(
      bundled.filter((each) => !listed.has(each)),
      [],
    );
    assert.ok(listed.has(`node ${RUNTIME_VERSION}`));
    assert.ok(!listed.has("mocha 12.0.3"));
  });
});

/** The text of a file, or of all files below a folder. */
function readAll(file: string): string {
  if (fs.statSync(file).isFile()) return fs.readFileSync(file, "latin1");
  const files = fs
    .readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile());
  return files.map((each) => fs.readFileSync(path.join(each.parentPath, each.name), "latin1")).join("\n");
}

async function readArchive(file: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  await list({
    file,
    onReadEntry: (entry) => {
      entry.on("data", (chunk) => texts.set(entry.path, (texts.get(entry.path) ?? "") + chunk.toString()));
    },
  });
  return texts;
}
