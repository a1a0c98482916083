/**
 * However the package is installed, a preview asks the internet for nothing: neither for a plugin nor for
 * anything else.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { installPacked } from "../support/packedPackage";
import { project, runPulumi } from "../support/projects";
import { type SilentProxy, startSilentProxy } from "../support/silentProxy";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { requireEngine } from "../support/requireEngine";

const { name, version } = packageJson;
const BIN = `node_modules/${name}/bin`;
const BY_PATH = `plugins: { providers: [{ name: ucloud-redis, path: ${BIN} }] }\n`;

const program = (entryPoint: string): Record<string, string> => ({
  "package.json": '{ "main": "index.js" }\n',
  "index.js": `
const { getLatestURedisBackupOutput, URedisBackupPin } = require("${entryPoint}");
const pin = new URedisBackupPin("orders", { groupId: "${demo.uredisGroupId}" });
exports.found = [pin.backupId, getLatestURedisBackupOutput({ groupId: "${demo.uredisGroupId}" }).backupId];
`,
});
const NODE = "name: offline\nruntime: nodejs\n";
const YAML = `name: offline
runtime: yaml
resources: { orders: { type: "ucloud-redis:URedisBackupPin", properties: { groupId: ${demo.uredisGroupId} } } }
`;

const ways: Record<string, { files: Record<string, string>; isInstalled?: boolean }> = {
  "a Node program, its plugin named by path": { files: { ...program(name), "Pulumi.yaml": NODE + BY_PATH } },
  "a YAML program, its plugin named by path": { files: { "Pulumi.yaml": YAML + BY_PATH } },
  "a Node program, its plugin installed": {
    files: { ...program(name), "Pulumi.yaml": NODE },
    isInstalled: true,
  },
  "a YAML program, its plugin installed": { files: { "Pulumi.yaml": YAML }, isInstalled: true },
  "a Node program without a plugin": { files: { ...program(`${name}/dynamic`), "Pulumi.yaml": NODE } },
};

describe("behind a proxy that never answers", function () {
  this.timeout(240_000);
  before(requireEngine);
  const startStack = useSimulatedStacks();
  let proxy: SilentProxy;

  beforeEach(async () => (proxy = await startSilentProxy()));
  afterEach(() => proxy.close());

  function start(layOut: (folder: string) => string): Promise<SimulatedStack> {
    const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"];
    return startStack({ layOut, env: Object.fromEntries(names.map((name) => [name, proxy.url])) });
  }

  for (const [title, { files, isInstalled = false }] of Object.entries(ways)) {
    it(`${title}, previews without asking it for anything`, async () => {
      const stack = await start(project(await installPacked(), files));
      if (isInstalled) {
        const args = ["plugin", "install", "resource", "ucloud-redis", version, "--file", BIN];
        const { code, stderr } = await runPulumi(stack, args);
        assert.equal(code, 0, stderr);
      }
      const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
      assert.deepEqual(proxy.requests, []);
      assert.equal(code, 0, stdout + stderr);
    });
  }

  it("a package whose package.json names a plugin makes Pulumi ask, so this package's must not", async () => {
    const nodeModules = await installPacked();
    const layOut = project(nodeModules, { ...program(`${name}/dynamic`), "Pulumi.yaml": NODE });
    const stack = await start((folder) => {
      const root = layOut(folder);
      const other = path.join(folder, "other", "node_modules", "other");
      fs.mkdirSync(other, { recursive: true });
      const pulumi = { resource: true, name: "ucloud-redis", version };
      fs.writeFileSync(path.join(other, "package.json"), JSON.stringify({ name: "other", version, pulumi }));
      fs.symlinkSync(path.dirname(path.dirname(other)), path.join(root, "more"), "junction");
      return root;
    });
    const preview = runPulumi(stack, ["preview"]);
    await Promise.race([proxy.firstRequest, preview]);
    await proxy.close();
    await preview;
    assert.match(proxy.requests.join("\n"), /^CONNECT \S+:443 /m);
  });

  it("no package.json in the packed package names a plugin", async () => {
    const folder = path.join(await installPacked(), name);
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const manifests = files.filter((file) => path.basename(file) === "package.json");
    assert.ok(manifests.length >= 2);
    for (const file of manifests) {
      assert.ok(
        !("pulumi" in (JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as object)),
        file,
      );
    }
  });
});
