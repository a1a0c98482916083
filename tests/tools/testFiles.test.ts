import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";

describe("the files of tests", () => {
  it("have different names in all folders, so that a name is enough to find one", () => {
    const files = fs.readdirSync(path.join(repositoryRoot, "tests"), { recursive: true, encoding: "utf8" });
    const names = files.filter((file) => file.endsWith(".ts")).map((file) => path.basename(file));
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });
});
