import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundlePlugin } from "../../tools/build";
import { runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";

const NOTICES = "bin/THIRD_PARTY_NOTICES";
const GRANT = /Permission is hereby granted|TERMS AND CONDITIONS|Redistribution and use/;

describe("THIRD_PARTY_NOTICES", function () {
  this.timeout(60_000);

  it("holds each package of which code is in the plugin, with a text that grants something, sorted by name", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "notices-"));
    try {
      const { inputs } = await bundlePlugin(repositoryRoot, path.join(folder, "plugin.cjs"));
      const folders = Object.keys(inputs).flatMap(
        (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
      );
      const bundled = [...new Set(folders)].map((each) => readManifest(each));
      const sections = fs
        .readFileSync(path.join(repositoryRoot, NOTICES), "utf8")
        .split(`\n${"-".repeat(80)}\n\n`);
      const titles = sections.slice(1).map((section) => section.split("\n", 1)[0] ?? "");
      const wanted = bundled.map(({ name, version, license }) => `${name} ${version}, ${license}`);
      assert.deepEqual(titles, [...new Set(wanted)].sort());
      assert.ok(titles.length > 10);
      for (const section of sections.slice(1)) assert.match(section, GRANT);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is published, beside the plugin and what starts it", async () => {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const { stdout, stderr } = await runCommand(npm, args, { cwd: repositoryRoot });
    const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
    const files = packed?.files.map((file) => file.path).filter((file) => file.startsWith("bin/"));
    assert.deepEqual(
      files?.sort(),
      [
        NOTICES,
        "bin/pulumi-resource-ucloud-redis",
        "bin/pulumi-resource-ucloud-redis.cjs",
        "bin/pulumi-resource-ucloud-redis.cmd",
        "bin/startPlugin.cjs",
      ],
      stderr,
    );
  });
});

function readManifest(folder: string): { name: string; version: string; license: string } {
  const file = path.join(repositoryRoot, folder, "package.json");
  return JSON.parse(fs.readFileSync(file, "utf8")) as ReturnType<typeof readManifest>;
}
