import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { repositoryRoot } from "../../tools/repository";
import { assertRefusesOnly, descriptions, listExamples } from "./examples";
import { pages } from "./pages";
import { typeCheck } from "./typeCheck";
import { checkYaml } from "./yamlCheck";

/** Languages whose blocks are checked: here and in otherLanguages.test.ts. */
const checked = ["ts", "typescript", "yaml", "python", "go", "csharp", "java"];

/** Languages of blocks that are no programs: commands, their output, and changes of a file. */
const others = ["sh", "bash", "text", "diff", "xml"];

describe("the code in the documentation", () => {
  it("compiles against the built package where it is TypeScript, and only with right names", async function () {
    this.timeout(60_000);
    const built = path.join(repositoryRoot, packageJson.types);
    assert.ok(fs.existsSync(built), "run `npm run build` first");
    const mistakes = {
      "groupId:": "groupID:",
      "found.skipped": "found.skip",
      RestoredUMemSpace: "RestoredUMem",
    };
    await assertRefusesOnly(["ts", "typescript"], mistakes, typeCheck);
  });

  it("has functions, pins, arguments and results of the schema where it is YAML", () => {
    const blocks = listExamples("yaml");
    assert.ok(blocks.length >= descriptions.length);
    assert.deepEqual(blocks.flatMap(checkYaml), []);
  });

  it("is in a language that is checked, or no program", () => {
    const unknown = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/^ *```(\S*)\n.*?^ *```$/gms)]
        .filter(([, language = ""]) => ![...checked, ...others].includes(language))
        .map(([block]) => `${name}: ${block}`),
    );
    assert.deepEqual(unknown, []);
  });

  it("is refused in YAML if a name is wrong", () => {
    const code = `
variables: { a: { fn::invoke: { function: ucloud-redis:getUMemBackups, arguments: { zon: x, spaceId: y } } } }
resources: { b: { type: ucloud-redis:UMemBackupPin, properties: { zone: x, spaceId: y, maxage: 1h } }, c: { type: a:B },
  r: { type: ucloud-redis:RestoredURedisGroup, properties: { source: { region: x, group: y } } } }
outputs: { d: "\${a.newest}", e: "\${b.backupId}", f: "\${b.id}", g: "\${b.latest}", h: "\${r.backup.createdat}" }`;
    assert.deepEqual(checkYaml({ location: "here", code }), [
      "here: ucloud-redis:index:getUMemBackups has no argument zon",
      "here: ucloud-redis:index:getUMemBackups needs zone",
      "here: ucloud-redis:index:getUMemBackups has no result ${a.newest",
      "here: ucloud-redis:index:UMemBackupPin has no argument maxage",
      "here: ucloud-redis:index:UMemBackupPin has no result ${b.latest",
      "here: c is not in the schema",
      "here: ucloud-redis:index:RestoredURedisGroup has no argument source.group",
      "here: ucloud-redis:index:RestoredURedisGroup has no result ${r.backup.createdat",
    ]);
  });
});
