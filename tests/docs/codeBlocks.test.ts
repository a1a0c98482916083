import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks, type Page } from "../support/markdown";
import { pages as allPages } from "./pages";
import { typeCheck } from "./typeCheck";
import { checkYaml } from "./yamlCheck";

/** Without the reference, which repeats the descriptions' blocks: referencePages.test.ts compares them. */
const pages = allPages.filter(({ name }) => !name.startsWith("docs/reference/"));

/** The descriptions in the schema, which have examples too. */
const descriptions: readonly Page[] = Object.entries({ ...schema.functions, ...schema.resources }).map(
  ([token, { description }]) => ({ name: `provider/schema.json, ${token}`, text: description }),
);

describe("the code in the documentation", () => {
  it("compiles against the built package where it is TypeScript", function () {
    this.timeout(60_000);
    const built = path.join(repositoryRoot, packageJson.types);
    assert.ok(fs.existsSync(built), "run `npm run build` first");
    const blocks = [...pages, ...descriptions].flatMap((page) => listBlocks(page, ["ts", "typescript"]));
    assert.ok(blocks.length >= descriptions.length);
    assert.deepEqual(typeCheck(blocks), []);
  });

  it("has functions, pins, arguments and results of the schema where it is YAML", () => {
    const blocks = [...pages, ...descriptions].flatMap((page) => listBlocks(page, ["yaml"]));
    assert.ok(blocks.length >= descriptions.length);
    assert.deepEqual(blocks.flatMap(checkYaml), []);
  });

  it("is refused in YAML if a name is wrong", () => {
    const code = `
variables: { a: { fn::invoke: { function: ucloud-redis:getUMemBackups, arguments: { zon: x, spaceId: y } } } }
resources: { b: { type: ucloud-redis:UMemBackupPin, properties: { zone: x, spaceId: y, maxage: 1h } }, c: { type: a:B } }
outputs: { d: "\${a.newest}", e: "\${b.backupId}", f: "\${b.id}", g: "\${b.latest}" }`;
    assert.deepEqual(checkYaml({ location: "here", code }), [
      "here: ucloud-redis:index:getUMemBackups has no argument zon",
      "here: ucloud-redis:index:getUMemBackups needs zone",
      "here: ucloud-redis:index:getUMemBackups has no result ${a.newest",
      "here: ucloud-redis:index:UMemBackupPin has no argument maxage",
      "here: ucloud-redis:index:UMemBackupPin has no result ${b.latest",
      "here: c is not in the schema",
    ]);
  });
});
