import assert from "node:assert/strict";
import packageJson from "../../package.json";
import { minimumVersion } from "../../tools/engine/engine";
import { cliVersion } from "../../tools/engine/engineBuild";
import versions from "../../tools/versions/versions.json";
import { readPage, readTable } from "../support/markdown";

describe("docs/versions.md", () => {
  const page = readPage("docs/versions.md");

  it("has the versions that are tested, and no others", () => {
    const rows = readTable(page, "What").map(([what, tested]) => [what, tested]);
    assert.deepEqual(rows, [
      ...Object.entries(versions.node).map(([major, version]) => [`Node.js ${major}`, version]),
      ["`@pulumi/pulumi`", `${versions.pulumi.oldest}, the oldest`],
      ["`@pulumi/pulumi`", `${versions.pulumi.newest}, the newest`],
      ["Pulumi CLI", `${cliVersion.replace(/^v/, "")}; ${minimumVersion} is required`],
    ]);
  });

  it("names the oldest Node.js of package.json", () => {
    const [, node = ""] = /^>=(\d+\.\d+)/.exec(packageJson.engines.node) ?? [];
    assert.ok(page.text.includes(`Node.js ${node} or newer`));
    assert.equal(node.split(".")[0], Object.keys(versions.node)[0]);
  });

  it("names the @pulumi/pulumi for Node.js 20 that this repository has", () => {
    assert.ok(page.text.includes(`@pulumi/pulumi@${packageJson.devDependencies["@pulumi/pulumi"]}`));
  });
});
