import assert from "node:assert/strict";
import fs from "node:fs";
import { compareTrees, digestFiles, readTree } from "../../tools/fileTree";
import { compareSdk, replaceSdk } from "../../tools/sdk/generateSdk";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("the comparison of generated files", () => {
  const at = useTemporaryFolder("tree-");

  beforeEach(() => {
    for (const name of ["generated", "committed"]) {
      fs.mkdirSync(at(name, "types"), { recursive: true });
      fs.writeFileSync(at(name, "index.ts"), "export {};\n");
      fs.writeFileSync(at(name, "types", "input.ts"), "export {};\n");
    }
  });

  const compare = () => compareTrees(readTree(at("generated")), readTree(at("committed")));

  it("finds nothing in equal trees, else names each changed, missing and extra file", () => {
    assert.deepEqual(compare(), []);
    fs.appendFileSync(at("committed", "index.ts"), " ");
    fs.rmSync(at("committed", "types", "input.ts"));
    fs.writeFileSync(at("committed", "stale.ts"), "");
    assert.deepEqual(compare(), ["different: index.ts", "extra: stale.ts", "missing: types/input.ts"]);
  });

  it("finds all files missing if there is no folder", () => {
    fs.rmSync(at("committed"), { recursive: true });
    assert.deepEqual(compare(), ["missing: index.ts", "missing: types/input.ts"]);
  });

  it("finds nothing after writing, as stale files are removed", () => {
    fs.writeFileSync(at("committed", "stale.ts"), "");
    fs.appendFileSync(at("generated", "index.ts"), "// more\n");
    replaceSdk(at("generated"), at("committed"), []);
    assert.deepEqual(compare(), []);
  });

  it("keeps the files of an SDK that are written by hand, and finds all others", () => {
    const written = ["README.md", "missing.md"];
    fs.writeFileSync(at("committed", "README.md"), "How to install it.\n");
    assert.deepEqual(compareSdk(at("generated"), at("committed"), written), []);
    fs.writeFileSync(at("committed", "types", "README.md"), "");
    assert.deepEqual(compareSdk(at("generated"), at("committed"), written), ["extra: types/README.md"]);
    replaceSdk(at("generated"), at("committed"), written);
    assert.deepEqual(compareSdk(at("generated"), at("committed"), written), []);
    assert.equal(fs.readFileSync(at("committed", "README.md"), "utf8"), "How to install it.\n");
  });

  it("makes a digest that changes with contents, names and existence", () => {
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
