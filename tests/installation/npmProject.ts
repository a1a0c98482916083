/** The npm package of the release, installed by npm and by pnpm, once for each state of the checkout. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { runCommand } from "../../tools/childProcess";
import { digestFiles } from "../../tools/fileTree";
import { cacheRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { ensureRelease, type Release } from "../support/release";
import { requireEngine } from "../support/requireEngine";
import { readCommands } from "./userProject";

const PNPM = "pnpm@10.34.9";
const PULUMI = `@pulumi/pulumi@${packageJson.devDependencies["@pulumi/pulumi"]}`;

/** The release, and a `node_modules` with its npm package. Leaves out the suite where there cannot be both. */
export async function prepareInstallation(
  suite: Mocha.Context,
): Promise<{ readonly release: Release; readonly nodeModules: string }> {
  if (process.platform !== "linux" || process.arch !== "x64")
    leaveOut(suite, { need: "Linux on x64", why: "the release of the tests has no other archive" });
  requireEngine.call(suite);
  const release = await ensureRelease(suite);
  return { release, nodeModules: await installFromNpm(release) };
}

/** Runs the page's `npm install` in an empty project. Returns its `node_modules`. */
async function installFromNpm({ npmArchive: npm }: Release): Promise<string> {
  const commands = readCommands("From the npm package", {
    [packageJson.name]: npm,
    "@pulumi/pulumi": PULUMI,
  });
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, `installed-npm-${digestInstallation(npm, commands)}`),
    async fill(unfinished) {
      removeEarlier("installed-npm-");
      // What `npm ci` has fetched for this repository is fetched only once.
      const env = { npm_config_prefer_offline: "true", npm_config_audit: "false" };
      await run(unfinished, commands, env);
    },
  });
  return path.join(folder, "node_modules");
}

/** The same with pnpm, whose `node_modules` holds links, without `@pulumi/pulumi`: enough for YAML. */
export async function installWithPnpm({ npmArchive: npm }: Release): Promise<string> {
  const options = "--store-dir ./store --config.auto-install-peers=false";
  const commands = `npm exec --yes --package ${PNPM} -- pnpm add ${npm} ${options}`;
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, `installed-pnpm-${digestInstallation(npm, commands)}`),
    async fill(unfinished) {
      removeEarlier("installed-pnpm-");
      await run(unfinished, commands);
    },
  });
  return path.join(folder, "node_modules");
}

/** Changes with the package, and with the commands that install it, which count without its folder. */
function digestInstallation(archive: string, commands: string): string {
  const text = commands.replaceAll(archive, path.basename(archive));
  return createHash("sha256")
    .update(`${digestFiles([archive])}\n${text}`)
    .digest("hex")
    .slice(0, 12);
}

/** Removes the folders of earlier states, each of which takes up to 100 MB. */
function removeEarlier(prefix: string): void {
  for (const name of fs.readdirSync(cacheRoot)) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{12}$/.test(name.slice(prefix.length))) continue;
    fs.rmSync(path.join(cacheRoot, name), { recursive: true, force: true });
  }
}

async function run(folder: string, commands: string, env: Record<string, string> = {}): Promise<void> {
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const options = { cwd: folder, env: { ...process.env, ...env } };
  const { code, stdout, stderr } = await runCommand("/bin/sh", ["-e", "-c", commands], options);
  if (code !== 0) throw new Error(`${commands} failed:\n${stdout}\n${stderr}`);
}
