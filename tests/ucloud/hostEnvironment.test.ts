import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { getHostEnvironment } from "../../provider/ucloud/settingSources";

describe("getHostEnvironment", () => {
  it("returns the process's variables, home folder and files", () => {
    const folder = mkdtempSync(join(tmpdir(), "host-environment-"));
    try {
      const file = join(folder, "a.json");
      writeFileSync(file, "[]");
      const { env, home, readFile } = getHostEnvironment();
      assert.equal(env, process.env);
      assert.equal(home, homedir());
      assert.equal(readFile(file), "[]");
      for (const path of [join(folder, "missing.json"), folder, "a\0b"]) {
        assert.equal(readFile(path), undefined);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
