import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { PLATFORMS } from "../../tools/release/platforms";
import { parseReleaseArguments } from "../../tools/release";
import { parseRepository, PLACEHOLDER, stampRepository } from "../../tools/release/stamp";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("npm run release", () => {
  it("makes plugins for all platforms, in the folder release, and needs no tag", () => {
    assert.deepEqual(parseReleaseArguments(["--repository", "acme/redis"]), {
      repository: "acme/redis",
      out: path.resolve("release"),
      platforms: [...PLATFORMS],
      tag: undefined,
      needsVendor: false,
    });
  });

  it("makes plugins for the platforms that it is given", () => {
    const { platforms } = parseReleaseArguments([
      "--repository=a/b",
      "--platforms=linux-amd64,windows-arm64",
    ]);
    assert.deepEqual(platforms, ["linux-amd64", "windows-arm64"]);
  });

  it("stamps nothing by default: it names the missing option", () => {
    assert.throws(() => parseReleaseArguments([]), /^Error: --repository OWNER\/NAME is missing/);
  });

  it("refuses placeholders, and does not suggest it", () => {
    for (const text of [PLACEHOLDER, PLACEHOLDER.toUpperCase(), "OWNER/NAME"]) {
      assert.throws(() => parseRepository(text), /is a placeholder, and such a repository may be anyone's/);
    }
    assert.throws(
      () => parseRepository("redis"),
      ({ message }: Error) => message.includes("acme/pulumi-ucloud-redis") && !message.includes(PLACEHOLDER),
    );
  });

  for (const wrong of [
    "",
    "acme",
    "acme/",
    "/redis",
    "a/b/c",
    "https://github.com/acme/redis",
    "-a/b",
    "a/..",
    "a/b.git",
    "a b/c",
  ]) {
    it(`refuses the repository ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => parseReleaseArguments(["--repository", wrong]), /--repository/);
    });
  }

  it("refuses a platform that is not one of the six", () => {
    const args = ["--repository=a/b", "--platforms=linux-amd64,plan9-arm"];
    assert.throws(() => parseReleaseArguments(args), /--platforms must be of linux-amd64,.*"plan9-arm"/);
  });
});

describe("stamping a repository", () => {
  const at = useTemporaryFolder("stamp-");

  /** Stamps `acme/redis` into a source with this text. */
  function stamp(name: string, text: string | Buffer): string {
    for (const folder of ["provider", path.dirname(name)]) fs.mkdirSync(at(folder), { recursive: true });
    fs.writeFileSync(at("provider", "schema.json"), '{ "name": "ucloud-redis" }');
    fs.writeFileSync(at(name), text);
    stampRepository(at(), "acme/redis");
    return fs.readFileSync(at(name), "latin1");
  }

  for (const [before, after] of [
    [`https://github.com/${PLACEHOLDER}/tree/main`, "https://github.com/acme/redis/tree/main"],
    [`git+https://github.com/${PLACEHOLDER}.git`, "git+https://github.com/acme/redis.git"],
    [`git@github.com:${PLACEHOLDER}.git`, "git@github.com:acme/redis.git"],
    [
      `https://raw.githubusercontent.com/${PLACEHOLDER}/main/a.svg`,
      "https://raw.githubusercontent.com/acme/redis/main/a.svg",
    ],
    [`"github.com/${PLACEHOLDER}/sdk/go/ucloudredis"`, '"github.com/acme/redis/sdk/go/ucloudredis"'],
    [`github://api.github.com/${PLACEHOLDER}`, "github://api.github.com/acme/redis"],
    // Other names that begin alike, and a folder.
    [`https://github.com/${PLACEHOLDER}-more`, `https://github.com/${PLACEHOLDER}-more`],
    [`node_modules/${PLACEHOLDER}`, `node_modules/${PLACEHOLDER}`],
  ] as const) {
    it(`makes of ${before} ${after}`, () => assert.equal(stamp("docs/page.md", before), after));
  }

  it("tells the schema where the plugin is downloaded", () => {
    stamp("page.md", "");
    assert.deepEqual(JSON.parse(fs.readFileSync(at("provider", "schema.json"), "utf8")), {
      name: "ucloud-redis",
      pluginDownloadURL: "github://api.github.com/acme/redis",
    });
  });

  it("leaves files that are not text alone", () => {
    const bytes = Buffer.from(`\0\xff https://github.com/${PLACEHOLDER}`, "latin1");
    assert.equal(stamp("logo.png", bytes), bytes.toString("latin1"));
  });
});
