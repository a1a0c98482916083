import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "../../tools/build";
import { repositoryRoot } from "../../tools/repository";
import { useTemporaryFolder } from "../support/temporaryFolder";

/** A small project of the same structure: plugin, SDK and simulator. */
const project = {
  "package.json": `{ "name": "small", "version": "4.5.6", "pulumi": { "resource": true }, "bin": { "small": "dist/simulator/cli.js" } }`,
  "tsconfig.json": `{ "compilerOptions": { "module": "node20", "target": "es2022", "lib": ["es2022"], "types": [] } }`,
  "tsconfig.build.json": `{
    "extends": "./tsconfig.json",
    "compilerOptions": { "rootDir": ".", "declaration": true },
    "files": ["sdk/nodejs/index.ts", "simulator/cli.ts"]
  }`,
  "provider/index.ts": `import { answer } from "./part"; console.log(answer);`,
  "provider/plugin/transport.ts": `export const served = true;`,
  "provider/plugin/calls.ts": `export { transmitted } from "@grpc/grpc-js";`,
  "provider/plugin/spanExport.ts": `/*! kept notice */ export const traced = true;`,
  "provider/part.ts": `export const answer: number = 41 + 1;`,
  "sdk/nodejs/index.ts": `declare const require: any; export const { version } = require("./package.json");`,
  "simulator/cli.ts": `#!/usr/bin/env node\nexport {};`,
};

describe("the build", () => {
  const at = useTemporaryFolder("build-");
  const read = (file: string) => fs.readFileSync(at(file), "utf8");
  const run = () => build(at(), at(".cache"));

  beforeEach(() => {
    for (const [file, text] of Object.entries(project)) {
      fs.mkdirSync(path.dirname(at(file)), { recursive: true });
      fs.writeFileSync(at(file), text);
    }
    fs.symlinkSync(path.join(repositoryRoot, "node_modules"), at("node_modules"), "junction");
  });

  it("makes a plugin of one file, and more that it loads later, and a package that knows its version", async () => {
    assert.equal(await run(), true);
    const alone = at("alone.cjs");
    fs.copyFileSync(at("bin/pulumi-resource-ucloud-redis.cjs"), alone);
    fs.rmSync(at("provider"), { recursive: true });
    assert.equal(spawnSync(process.execPath, [alone], { encoding: "utf8" }).stdout, "42\n");
    const load = (name: string) =>
      createRequire(at())(at(`bin/pulumi-resource-ucloud-redis-${name}.cjs`)) as object;
    assert.deepEqual({ ...load("transport"), ...load("tracing") }, { served: true, traced: true });
    assert.match(read("bin/pulumi-resource-ucloud-redis-provider.cjs"), /require\("@grpc\/grpc-js"\)/);
    assert.doesNotMatch(read("bin/pulumi-resource-ucloud-redis-tracing.cjs"), /kept notice/);
    assert.deepEqual(JSON.parse(read("dist/sdk/nodejs/package.json")), { name: "small", version: "4.5.6" });
    const script = `console.log(require(${JSON.stringify(at("dist/sdk/nodejs"))}).version)`;
    assert.equal(spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout, "4.5.6\n");
    assert.match(read("dist/simulator/cli.js"), /^#!\/usr\/bin\/env node\n/);
    if (process.platform !== "win32")
      assert.equal(fs.statSync(at("dist/simulator/cli.js")).mode & 0o111, 0o111);
  });

  it("builds again only after a change of its inputs or outputs", async () => {
    assert.equal(await run(), true);
    assert.equal(await run(), false);
    fs.writeFileSync(at("dist/stale.js"), "");
    fs.writeFileSync(at("provider/part.ts"), "export const answer = 7;");
    assert.equal(await run(), true);
    assert.equal(fs.existsSync(at("dist/stale.js")), false);
    assert.match(read("bin/pulumi-resource-ucloud-redis.cjs"), /7/);
    fs.rmSync(at("dist/simulator/cli.js"));
    assert.equal(await run(), true);
    assert.equal(await run(), false);
  });

  it("refuses a plugin with characters beyond ASCII, which it would read wrongly, and escapes those in texts", async () => {
    fs.writeFileSync(at("provider/plugin/calls.ts"), `export const text = "\u00e4\u2026";`);
    await run();
    assert.match(read("bin/pulumi-resource-ucloud-redis-provider.cjs"), /\\xE4\\u2026/);
    fs.writeFileSync(at("provider/plugin/calls.ts"), `export const end = /\u2026$/;`);
    await assert.rejects(run(), /redis-provider\.cjs is not ASCII/);
  });

  it("keeps the last good build when the types are wrong", async () => {
    await run();
    const before = read("dist/simulator/cli.js");
    fs.writeFileSync(at("simulator/cli.ts"), `export const wrong: number = "text";`);
    await assert.rejects(run(), /tsc failed:[^]*simulator\/cli\.ts/);
    assert.equal(read("dist/simulator/cli.js"), before);
  });

  describe("with a package in the plugin", () => {
    const licence = "Permission is granted to count to 42.";

    beforeEach(() => {
      const folder = at("provider/node_modules/counter");
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(
        path.join(folder, "package.json"),
        `{ "name": "counter", "version": "4.2.0", "license": "MIT" }`,
      );
      fs.writeFileSync(path.join(folder, "index.js"), "exports.answer = 42;");
      fs.writeFileSync(at("provider/index.ts"), `import { answer } from "counter"; console.log(answer);`);
    });

    it("writes its licence and its notice beside the plugin", async () => {
      const folder = at("provider/node_modules/counter");
      fs.writeFileSync(path.join(folder, "LICENCE.txt"), `${licence}\r\n`);
      fs.writeFileSync(path.join(folder, "NOTICE"), "Counted by hand.\n");
      await run();
      assert.match(
        read("bin/THIRD_PARTY_NOTICES"),
        /\n-{80}\n\ncounter 4\.2\.0, MIT\n\nPermission is granted to count to 42\.\n\nCounted by hand\.\n$/,
      );
    });

    it("fails if that package has no licence text, and names it", async () => {
      for (const text of [undefined, " \n"]) {
        if (text !== undefined) fs.writeFileSync(at("provider/node_modules/counter/LICENSE"), text);
        await assert.rejects(run(), /counter 4\.2\.0 would be bundled, but its package has no licence text/);
        assert.ok(!fs.existsSync(at("bin/pulumi-resource-ucloud-redis.cjs")));
      }
    });
  });
});
