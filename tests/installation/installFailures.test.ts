/** What Pulumi prints when a way to install fails: each row of the page's table. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { findClosedPort, useServers } from "../support/loopback";
import { readTable } from "../support/markdown";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import type { Release } from "../support/release";
import { prepareInstallation } from "./npmProject";
import { serveArchives } from "./releaseServers";
import { nodeProject, page, runShell, userProject, yamlProject } from "./userProject";

const PLUGIN = `node_modules/${packageJson.name}/bin`;
const INSTALL = `pulumi plugin install resource ucloud-redis ${packageJson.version}`;
const PREVIEW = "pulumi preview";
const byPath = (folder: string): string =>
  `plugins: { providers: [{ name: ucloud-redis, path: ${folder} }] }\n`;
const quotes = readTable(page, "Pulumi prints").map(([cell = ""]) => cell.replaceAll("`", ""));

describe("where a way to install fails, Pulumi prints what the page quotes", function () {
  this.timeout(600_000);
  const startStack = useSimulatedStacks();
  const use = useServers();
  const met = new Set<string>();
  let release: Release;
  let nodeModules: string;
  let running: SimulatedStack;
  /** Where nothing listens: there is no internet. */
  let closed: string;

  before(async function () {
    ({ release, nodeModules } = await prepareInstallation(this));
    closed = `http://127.0.0.1:${await findClosedPort()}`;
  });
  after(function () {
    if (!this.test?.parent?.tests.every(({ state }) => state === "passed")) return;
    assert.deepEqual([...met].sort(), [...quotes].sort(), "every row of the table is tested");
  });

  async function start(files: Readonly<Record<string, string>>): Promise<void> {
    running = await startStack({
      layOut: userProject(files, { node_modules: nodeModules }),
      env: { HTTPS_PROXY: closed, https_proxy: closed, PULUMI_DISABLE_REGISTRY_RESOLVE: "true" },
    });
  }

  /** Checks that commands fail with the row of the table that begins so, and returns what they print. */
  async function fail(commands: string, beginning: string, programs?: string): Promise<string> {
    const quote = quotes.find((each) => each.startsWith(beginning)) ?? assert.fail(`no row: ${beginning}`);
    met.add(quote);
    const shell = programs === undefined ? {} : { programs };
    const { code, stdout, stderr } = await runShell(running, commands, shell);
    const said = `${stdout}\n${stderr}`;
    assert.notEqual(code, 0, said);
    assert.ok(said.includes(quote), said);
    return said;
  }

  it("without Node.js, with one that is too old, and without execute bits", async () => {
    await start(yamlProject(byPath(PLUGIN)));
    const programs = path.join(running.folder, "programs");
    fs.mkdirSync(programs);
    const advice = "install the plugin from the archive of its release, which holds Node.js";
    assert.ok((await fail(PREVIEW, "Node.js 20.19 or newer is needed, but", programs)).includes(advice));

    const old = path.join(programs, "old.cjs");
    fs.writeFileSync(old, `Object.defineProperty(process.versions, "node", { value: "18.20.8" });`);
    const node = `#!/bin/sh\nexec '${process.execPath}' --require '${old}' "$@"\n`;
    fs.writeFileSync(path.join(programs, "node"), node, { mode: 0o755 });
    assert.ok((await fail(PREVIEW, "Node.js 20.19 or newer is needed, this", programs)).includes(advice));

    const unpacked = `cp -RL ${PLUGIN} unpacked && chmod -x unpacked/pulumi-*`;
    const said = await fail(
      `${unpacked}\nsed -i s,${PLUGIN},unpacked, Pulumi.yaml\n${PREVIEW}`,
      "permission",
    );
    assert.match(said, /unpacked\/pulumi-resource-ucloud-redis: permission denied/);
  });

  it("without a plugin, in YAML", async () => {
    await start(yamlProject());
    await fail(PREVIEW, "could not find latest version");
    await fail(`pulumi package add ./${PLUGIN}`, `expected ""`);
  });

  it("with another version of the plugin than that of the package", async () => {
    await start(nodeProject());
    const older = `pulumi plugin install resource ucloud-redis 0.0.9 --file ${PLUGIN}`;
    const said = await fail(`${older}\n${PREVIEW}`, "Could not automatically");
    assert.ok(said.includes(`at version v${packageJson.version}`));
  });

  it("from a mirror that lacks the archive or Content-Length, and with --checksum", async () => {
    await start(yamlProject());
    // A small archive under the name: the failures come before it is unpacked.
    const plugin = path.join(running.folder, path.basename(release.pluginArchive));
    const { code, stderr } = await runShell(running, `tar -czf ${plugin} -C ${PLUGIN}/ .`);
    assert.equal(code, 0, stderr);
    const mirror = await use(serveArchives({ pluginArchive: plugin }));
    const unsized = await use(serveArchives({ pluginArchive: plugin }, { isSized: false }));
    await fail(`pulumi plugin install resource ucloud-redis 9.9.9 --server ${mirror.url}`, "404");
    await fail(`${INSTALL} --server ${unsized.url}`, "expected -1");
    const sum = `$(sha256sum ${plugin} | cut -d " " -f 1)`;
    await fail(`${INSTALL} --server ${mirror.url} --checksum ${sum}`, "invalid checksum");
  });
});
