import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo, startSimulator } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

describe("results", () => {
  it("hold no download links, although the API's rows do", async () => {
    const link = "http://ufile.example/dump.rdb?UCloudPublicKey=k&Signature=s&Expires=1";
    const urls = { BackupURL: link, InnerBackupURL: link, BackupPath: [link], Url: link };
    const links = { ...urls, Signature: "s3cret" };
    const simulator = await startSimulator({
      onAnswer: (answer) => ({
        ...answer,
        ...links,
        DataSet: (answer["DataSet"] as object[]).map((row) => ({ ...row, ...links })),
      }),
    });
    const plugin = await startPlugin({ settings: createSettings(simulator) });
    try {
      for (const [name, args] of [
        ["getURedisBackups", { groupId: demo.uredisGroupId }],
        ["getLatestURedisBackup", { groupId: demo.uredisGroupId }],
        ["getUMemBackups", { zone: demo.zone, spaceId: demo.umemSpaceId }],
        ["getLatestUMemBackup", { zone: demo.zone, spaceId: demo.umemSpaceId }],
      ] as const) {
        const text = JSON.stringify(await plugin.invokeResult(name, args));
        assert.match(text, /"backupId"/);
        assert.doesNotMatch(text, /https?:|Expires|Signature|s3cret/i);
      }
    } finally {
      await plugin.stop();
      await simulator.close();
    }
  });
});

describe("the package", () => {
  it("runs no script when it is installed", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(repositoryRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    // A clone builds in `dependencies`, which npm runs only for the project itself, never for an installed
    // package.
    const hooks = "preinstall install postinstall prepublish preprepare prepare postprepare";
    for (const name of hooks.split(" ")) assert.equal(scripts[name], undefined, name);
    assert.ok(!fs.existsSync(path.join(repositoryRoot, "binding.gyp")), "npm would build it");
  });

  it("has no run-time dependency that runs a script when it is installed", () => {
    const lock = JSON.parse(fs.readFileSync(path.join(repositoryRoot, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dev?: boolean; peer?: boolean; hasInstallScript?: boolean }>;
    };
    const dependencies = Object.entries(lock.packages).filter(
      ([name, { dev, peer }]) => name !== "" && !dev && !peer,
    );
    assert.ok(dependencies.length > 5);
    for (const [name, { hasInstallScript }] of dependencies) assert.ok(!hasInstallScript, name);
  });
});
