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
    const links = {
      BackupURL: link,
      InnerBackupURL: link,
      BackupPath: [link],
      Url: link,
      Signature: "s3cret",
    };
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
  it("runs nothing when it is installed", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(repositoryRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    // A clone builds with `dependencies`, which npm runs for the project itself and never for an installed package.
    const hooks = [
      "preinstall",
      "install",
      "postinstall",
      "prepublish",
      "preprepare",
      "prepare",
      "postprepare",
    ];
    for (const name of hooks) {
      assert.equal(scripts[name], undefined, name);
    }
    assert.ok(!fs.existsSync(path.join(repositoryRoot, "binding.gyp")), "which npm would build");
  });

  it("depends at run time on nothing that runs a script when it is installed", () => {
    const lock = JSON.parse(fs.readFileSync(path.join(repositoryRoot, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dev?: boolean; peer?: boolean; hasInstallScript?: boolean }>;
    };
    const ours = Object.entries(lock.packages).filter(
      ([name, { dev, peer }]) => name !== "" && !dev && !peer,
    );
    assert.ok(ours.length > 5);
    for (const [name, { hasInstallScript }] of ours) assert.ok(!hasInstallScript, name);
  });
});
