/** Each way of docs/installation.md, with the files of a release, from nothing to a preview that shows a backup. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { useServers } from "../support/loopback";
import { itInMatrix } from "../support/matrix";
import { startProxy } from "../support/proxy";
import { startSilentProxy, type SilentProxy } from "../support/silentProxy";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import type { Release } from "../support/release";
import { installWithPnpm, prepareInstallation } from "./npmProject";
import { serveArchives, serveGitHub } from "./releaseServers";
import {
  nodeProject,
  page,
  readBlock,
  readCommands,
  readPlaces,
  runPreview,
  runShell,
  userProject,
  yamlProject,
} from "./userProject";

const MIRROR = "https://mirror.example.com/pulumi";
const PREVIEW = "\npulumi preview";

describe("the plugin, installed from the files of a release", function () {
  this.timeout(600_000);
  const startStack = useSimulatedStacks();
  const use = useServers();
  let release: Release;
  let nodeModules: string;
  /** The internet: nothing may be asked there, unless a test says so. */
  let internet: SilentProxy;

  before(async function () {
    ({ release, nodeModules } = await prepareInstallation(this));
  });
  after(function () {
    if (!this.test?.parent?.tests.every(({ state }) => state === "passed")) return;
    const places = page.text
      .split(/^## /m)
      .flatMap((part) =>
        ["sh", "yaml"]
          .filter((language) => part.includes(`\`\`\`${language}\n`))
          .map((language) => `${part.split("\n")[0] ?? ""}, ${language}`),
      );
    assert.deepEqual([...readPlaces].sort(), places.sort(), "every block of the page is run");
  });
  beforeEach(async () => (internet = await use(startSilentProxy())));

  function start(
    files: Readonly<Record<string, string>>,
    links: Readonly<Record<string, string>> = {},
  ): Promise<SimulatedStack> {
    const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"];
    const env = Object.fromEntries(names.map((name) => [name, internet.url]));
    return startStack({ layOut: userProject(files, links), env: { ...env, GITHUB_TOKEN: "" } });
  }

  const byPath = readBlock("From the npm package", "yaml");

  itInMatrix(
    { part: "installation", name: "plugins.providers[].path, npm", what: "preview in YAML" },
    async () => {
      await runPreview(await start(yamlProject(byPath), { node_modules: nodeModules }), PREVIEW);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    { part: "installation", name: "plugins.providers[].path, npm", what: "preview in JavaScript" },
    async () => {
      await runPreview(await start(nodeProject(byPath), { node_modules: nodeModules }), PREVIEW);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    { part: "installation", name: "plugins.providers[].path, pnpm", what: "preview in YAML" },
    async () => {
      const links = { node_modules: await installWithPnpm(release) };
      assert.ok(fs.lstatSync(path.join(links.node_modules, "pulumi-ucloud-redis")).isSymbolicLink());
      await runPreview(await start(yamlProject(byPath), links), PREVIEW);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix({ part: "installation", name: "packages: FOLDER", what: "preview in YAML" }, async () => {
    const files = yamlProject(readBlock("As a folder in `packages`", "yaml"));
    await runPreview(await start(files, { node_modules: nodeModules }), PREVIEW);
    assert.deepEqual(internet.requests, []);
  });

  itInMatrix(
    { part: "installation", name: "plugin install --file FOLDER, package add", what: "preview in YAML" },
    async () => {
      const running = await start(yamlProject(), { node_modules: nodeModules });
      const install = readCommands("Once for a machine, by npm");
      const add = readCommands("With `pulumi package add`");
      await runPreview(running, install + add + PREVIEW);
      const project = fs.readFileSync(path.join(running.stack.workspace.workDir, "Pulumi.yaml"), "utf8");
      assert.match(project, /^packages:\n +ucloud-redis: ucloud-redis@0\.1\.0$/m);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    {
      part: "installation",
      name: "plugin install --file ARCHIVE",
      what: "preview in YAML, without Node.js or the internet",
    },
    async () => {
      const archive = path.basename(release.pluginArchive);
      const running = await start(yamlProject(), {
        [archive]: release.pluginArchive,
        SHA256SUMS: path.join(release.folder, "SHA256SUMS"),
      });
      const install = readCommands("From an archive", { "linux-amd64": release.platform });
      const { code, stdout, stderr } = await runShell(running, install);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^pulumi-resource-\S+: OK$/m);
      const programs = path.join(running.folder, "programs");
      fs.mkdirSync(programs);
      await runPreview(running, `! command -v node\n${PREVIEW}`, { programs });
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    {
      part: "installation",
      name: "plugin install --file ARCHIVE --reinstall",
      what: "over the plugin from npm; preview in YAML, without Node.js",
    },
    async () => {
      const archive = path.basename(release.pluginArchive);
      const links = { node_modules: nodeModules, [archive]: release.pluginArchive };
      const running = await start(yamlProject(), links);
      const fromNpm = readCommands("Once for a machine, by npm");
      const again = fromNpm.replace(/--file \S+/, `--file ${archive}`);
      const installed = path.join(
        running.folder,
        "home",
        "plugins",
        `resource-ucloud-redis-v${release.version}`,
      );
      const hasNode = (): boolean => fs.existsSync(path.join(installed, "node"));
      const { code, stdout, stderr } = await runShell(running, `${fromNpm}\n${again}`);
      assert.equal(code, 0, stdout + stderr);
      assert.equal(hasNode(), false, "Pulumi replaces a plugin without --reinstall, unlike the page says");
      const replaced = await runShell(running, `${again.trimEnd()} --reinstall`);
      assert.equal(replaced.code, 0, replaced.stdout + replaced.stderr);
      assert.equal(hasNode(), true);
      const programs = path.join(running.folder, "programs");
      fs.mkdirSync(programs);
      await runPreview(running, `! command -v node\n${PREVIEW}`, { programs });
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    { part: "installation", name: "plugin install --server http://…", what: "preview in YAML" },
    async () => {
      const mirror = await use(serveArchives(release));
      const install = readCommands("From a mirror", { [MIRROR]: `${mirror.url}/pulumi` });
      await runPreview(await start(yamlProject()), install + PREVIEW);
      assert.deepEqual(mirror.asked, [`/pulumi/${path.basename(release.pluginArchive)}`]);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    {
      part: "installation",
      name: "plugin install --server github://…",
      what: "preview in YAML, with answers as GitHub's API gives them",
    },
    async () => {
      const running = await start(yamlProject());
      const github = await use(serveGitHub(release, running.folder));
      const proxy = await use(startProxy(github.url));
      const env = { HTTPS_PROXY: `http://${proxy.host}`, SSL_CERT_FILE: github.certificateFile };
      const { code, stdout, stderr } = await runShell(running, readCommands("From a release"), { env });
      assert.equal(code, 0, stdout + stderr);
      await runPreview(running, PREVIEW);
      assert.equal(github.asked.length, 2);
      assert.deepEqual([...new Set(proxy.asked)], ["CONNECT api.github.com:443"]);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    {
      part: "installation",
      name: "automatic download by PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES",
      what: "preview in JavaScript",
    },
    async () => {
      const mirror = await use(serveArchives(release));
      const running = await start(nodeProject(), { node_modules: nodeModules });
      const commands = readCommands("Downloaded by the program", { [MIRROR]: `${mirror.url}/pulumi` });
      assert.match(await runPreview(running, commands), /Downloading provider: ucloud-redis$/m);
      assert.deepEqual(mirror.asked, [`/pulumi/${path.basename(release.pluginArchive)}`]);
      assert.deepEqual(internet.requests, []);
    },
  );

  itInMatrix(
    {
      part: "installation",
      name: "automatic download by PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES",
      what: "pulumi install and preview in YAML",
    },
    async () => {
      const mirror = await use(serveArchives(release));
      const files = yamlProject(readBlock("Downloaded for a YAML program", "yaml"));
      const [variable = ""] = readCommands("Downloaded by the program", {
        [MIRROR]: `${mirror.url}/pulumi`,
      }).split("\n");
      const running = await start(files);
      await runPreview(running, `${variable}\n${readCommands("Downloaded for a YAML program")}`);
      fs.rmSync(path.join(running.folder, "home", "plugins"), { recursive: true });
      await runPreview(running, variable + PREVIEW);
      const archive = `/pulumi/${path.basename(release.pluginArchive)}`;
      assert.deepEqual(mirror.asked, [archive, archive]);
      assert.deepEqual(internet.requests, []);
    },
  );
});
