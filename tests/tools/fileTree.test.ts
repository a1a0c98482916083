import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { compareTrees, digestFiles, readTree } from "../../tools/fileTree";
import { replaceFolder } from "../../tools/generateSdk";

describe("the comparison of generated files", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tree-"));
    for (const name of ["generated", "committed"]) {
      fs.mkdirSync(path.join(folder, name, "types"), { recursive: true });
      fs.writeFileSync(path.join(folder, name, "index.ts"), "export {};\n");
      fs.writeFileSync(path.join(folder, name, "types", "input.ts"), "export {};\n");
    }
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const at = (...parts: readonly string[]) => path.join(folder, ...parts);
  const compare = () => compareTrees(readTree(at("generated")), readTree(at("committed")));

  it("finds equal trees equal", () => {
    assert.deepEqual(compare(), []);
  });

  it("names a changed, a missing and an extra file", () => {
    fs.appendFileSync(at("committed", "index.ts"), " ");
    fs.rmSync(at("committed", "types", "input.ts"));
    fs.writeFileSync(at("committed", "stale.ts"), "");
    assert.deepEqual(compare(), ["different: index.ts", "extra: stale.ts", "missing: types/input.ts"]);
  });

  it("takes a folder that is not there as all files missing", () => {
    fs.rmSync(at("committed"), { recursive: true });
    assert.deepEqual(compare(), ["missing: index.ts", "missing: types/input.ts"]);
  });

  it("is satisfied after writing, stale files included", () => {
    fs.writeFileSync(at("committed", "stale.ts"), "");
    fs.appendFileSync(at("generated", "index.ts"), "// more\n");
    replaceFolder(at("generated"), at("committed"));
    assert.deepEqual(compare(), []);
  });

  it("gives a digest that follows contents, names and presence", () => {
    const digest = () => digestFiles([at("committed"), at("nothing"), at("generated", "index.ts")]);
    const seen = [digest()];
    assert.equal(digest(), seen[0]);
    fs.appendFileSync(at("generated", "index.ts"), " ");
    seen.push(digest());
    fs.renameSync(at("committed", "index.ts"), at("committed", "other.ts"));
    seen.push(digest());
    fs.writeFileSync(at("nothing"), "");
    seen.push(digest());
    assert.equal(new Set(seen).size, 4);
  });
});
