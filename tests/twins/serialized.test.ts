/** The serialized text of the twin's providers, which is part of each pin in state. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { demo } from "../../simulator";
import { runCommand } from "../../tools/childProcess";
import { installPackage, type Project } from "../support/installedPackage";

const SETTINGS = {
  publicKey: "a-public-key",
  privateKey: "a-private-key",
  securityToken: "a-token",
  baseUrl: "http://127.0.0.1:9",
  region: "a-region",
  projectId: "a-project",
};

/** Prints the text of each pin's provider, with Pulumi's mocks in place of the engine. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setAllConfig(JSON.parse(process.env.CONFIG));
const texts = {};
pulumi.runtime.setMocks({
  newResource: ({ type, inputs }) => ((texts[type] = inputs.__provider), { id: "x", state: inputs }),
  call: () => ({}),
});
const twin = require("pulumi-ucloud-redis/dynamic");
const pins = [
  new twin.URedisBackupPin("uredis", { groupId: "${demo.uredisGroupId}" }),
  new twin.UMemBackupPin("umem", { zone: "z", spaceId: "${demo.umemSpaceId}", triggers: { a: process.cwd() } }),
];
const lookup = twin.getURedisBackups({ groupId: "g", limit: 1 }).catch(() => undefined);
Promise.all([lookup, ...pins.map(({ id }) => new Promise((done) => id.apply(done)))]).then(() =>
  console.log(JSON.stringify(texts)),
);
`;

describe("the serialized provider of the twin", function () {
  this.timeout(60_000);
  let project: Project;
  let folder: string;
  let texts: Record<string, string>;

  const serialize = async (cwd: string, config: Record<string, string>): Promise<Record<string, string>> => {
    const env = {
      ...process.env,
      NODE_PATH: project.nodeModules,
      CONFIG: JSON.stringify(
        Object.fromEntries(Object.entries(config).map(([key, value]) => [`ucloud-redis:${key}`, value])),
      ),
    };
    const { stdout, stderr } = await runCommand(process.execPath, ["-e", PROGRAM], { cwd, env });
    assert.notEqual(stdout, "", stderr);
    // Pulumi prints the message about the API before it.
    return JSON.parse(stdout.split("\n").at(-1) ?? "") as Record<string, string>;
  };

  before(async () => {
    project = await installPackage();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "twins-"));
    texts = await serialize(folder, SETTINGS);
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it("is the same for all settings and folders", async () => {
    const others = await serialize(project.folder, { region: "elsewhere", maxRetries: "0" });
    assert.deepEqual(others, texts);
    assert.equal(Object.keys(texts).length, 2);
  });

  it("names the module with the implementation, and contains none of it", () => {
    for (const [type, text] of Object.entries(texts)) {
      const required = [...text.matchAll(/\brequire\(([^)]*)\)/g)].map((match) => match[1]);
      assert.deepEqual(required, ['"pulumi-ucloud-redis/dynamic/pinProvider"']);
      assert.match(text, new RegExp(`token: "ucloud-redis:index:${type.split(":").at(-1) ?? ""}"`));
      assert.ok(text.length < 4000, `${text.length} characters`);
    }
  });

  it("contains no key, token, URL, path or other object", () => {
    for (const text of Object.values(texts)) {
      for (const value of Object.values(SETTINGS)) assert.ok(!text.includes(value), value);
      for (const fragment of [project.folder, folder, os.homedir(), "http", "node_modules"])
        assert.ok(!text.includes(fragment), fragment);
      // The captured variables: an empty object for the loaded module, and functions.
      const captured = [...text.matchAll(/^var (\w+) = (.*);$/gm)].map(([, name, value]) => [name, value]);
      assert.deepEqual(captured[0], ["__kept", "{}"]);
      assert.deepEqual(
        captured.slice(1).map(([name, value]) => [name, value?.replaceAll(/\w+: __f\d+/g, "f")]),
        [["__provider", "{f, f, f, f, f, f, f}"]],
      );
    }
  });
});
