import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";
import { sweep } from "./keySweep";
import { MARKERS } from "./markers";

describe("the search for keys in the files of a test run", () => {
  let folder: string;

  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "sweep-"))));
  // Not with rmSync, which keptFiles.ts replaces: the sweep over the test run must not find these files.
  afterEach(() => fs.promises.rm(folder, { recursive: true }));

  function write(name: string, content: string): string {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }

  it("finds a key in any file of any folder", () => {
    write("state/a.json", "{}");
    // Joined at run time, so that the sweep does not find this file where sources are copied.
    const leak = write("state/.pulumi/stacks/b.json", `{"k":"${MARKERS.privateKey}"}`);
    const log = write("log.txt", ["simulator", "private", "key"].join("-"));
    assert.deepEqual([...sweep([folder]).leaks].sort(), [log, leak].sort());
    assert.deepEqual(sweep([log]).leaks, [log]);
  });

  it("takes a copy of a file of this checkout for a fixture, and not one that was changed", () => {
    const name = "simulator/options.ts";
    const text = fs.readFileSync(path.join(repositoryRoot, name), "utf8");
    const [copy, changed] = [write(`a/${name}`, text), write(`b/${name}`, `${text}\n`)];
    assert.deepEqual(sweep([folder]), { files: 2, leaks: [changed], fixtures: [copy] });
  });

  it("counts all files, and takes the credential files of a home folder for fixtures", () => {
    const fixture = write("home/.ucloud/credential.json", MARKERS.privateKey);
    write("other.txt", "nothing");
    assert.deepEqual(sweep([folder]), { files: 2, leaks: [], fixtures: [fixture] });
  });
});
