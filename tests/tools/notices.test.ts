import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { bundlePlugin } from "../../tools/build";
import { runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import { useTemporaryFolder } from "../support/temporaryFolder";

const NOTICES = "bin/THIRD_PARTY_NOTICES";
const GRANT = /Permission is hereby granted|TERMS AND CONDITIONS|Redistribution and use/;

describe("THIRD_PARTY_NOTICES", function () {
  this.timeout(60_000);
  const at = useTemporaryFolder("notices-");

  it("holds each package in the plugin, sorted by name, with a text that grants rights", async () => {
    const { inputs } = await bundlePlugin(repositoryRoot, at());
    const folders = Object.keys(inputs).flatMap(
      (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
    );
    const bundled = [...new Set(folders)].map((each) => readManifest(each));
    const text = fs.readFileSync(path.join(repositoryRoot, NOTICES), "utf8");
    const [, ...sections] = text.split(`\n${"-".repeat(80)}\n\n`);
    const titles = sections.map((section) => section.split("\n", 1)[0] ?? "");
    const wanted = bundled.map(({ name, version, license }) => `${name} ${version}, ${license}`);
    assert.deepEqual(titles, [...new Set(wanted)].sort());
    assert.ok(titles.length > 10);
    for (const section of sections) assert.match(section, GRANT);
  });

  it("is published, beside the plugin and its launchers", async () => {
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
        "bin/pulumi-resource-ucloud-redis-provider.cjs",
        "bin/pulumi-resource-ucloud-redis-tracing.cjs",
        "bin/pulumi-resource-ucloud-redis-transport.cjs",
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
