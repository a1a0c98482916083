import assert from "node:assert/strict";
import packageJson from "../../package.json";
import { readPage } from "../support/markdown";
import { listCommittedFiles } from "./committedFiles";

const VERSION = String.raw`(\d+\.\d+\.\d+)`;
/** How committed texts name the version of this package. The first group is the version. */
const PATTERNS = [
  // Not `v0.0.9`-like folders of other packages: the name is whole.
  String.raw`\bucloud-redis[@ -]v?${VERSION}`,
  String.raw`\bplugin install resource ucloud-redis v?${VERSION}`,
  String.raw`\bpulumi_ucloud_redis-${VERSION}`,
  String.raw`\bucloudredis(?:-go)?-${VERSION}`,
  String.raw`\bPulumiUCloudRedis\.UCloudRedis-${VERSION}`,
  String.raw`\bsdk/go/ucloudredis[@ ]v${VERSION}`,
  String.raw`\bpulumiucloudredis:ucloudredis:${VERSION}`,
  String.raw`<artifactId>ucloudredis</artifactId>\s*<version>${VERSION}`,
  String.raw`\bsource: ucloud-redis\s+version: ${VERSION}`,
].map((each) => new RegExp(each, "g"));

/** What users read and copy. */
const TEXTS = /(\.md|pom\.xml|go\.mod|package\.json|requirements\.txt|\.csproj|Pulumi\.yaml)$/;

describe("the version", () => {
  const found = listCommittedFiles()
    .filter((name) => TEXTS.test(name) && name !== "CHANGELOG.md")
    .map(readPage)
    .flatMap(({ name, text }) =>
      PATTERNS.flatMap((pattern, index) =>
        [...text.matchAll(pattern)].map(([, version = ""]) => ({ name, index, version })),
      ),
    );

  it("is that of package.json in all pages, poms, modules and examples", () => {
    assert.deepEqual(
      found.filter(({ version }) => version !== packageJson.version),
      [],
    );
  });

  it("is found by each pattern of this test", () => {
    const indexes = new Set(found.map(({ index }) => index));
    assert.deepEqual(
      PATTERNS.filter((_, index) => !indexes.has(index)),
      [],
    );
  });
});
