/** The npm package of the release, installed by npm and by pnpm, once for each state of the checkout. */
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { runCommand } from "../../tools/childProcess";
import { digestFiles } from "../../tools/fileTree";
import { cacheRoot } from "../../tools/repository";
import type { Release } from "../support/release";
import { readCommands } from "./userProject";

const PNPM = "pnpm@10.34.9";
const PULUMI = `@pulumi/pulumi@${packageJson.devDependencies["@pulumi/pulumi"]}`;

/** Runs the page's `npm install` in an empty project. Returns its `node_modules`. */
export async function installFromNpm({ npmArchive: npm }: Release): Promise<string> {
  const commands = readCommands("From the npm package", {
    [packageJson.name]: npm,
    "@pulumi/pulumi": PULUMI,
  });
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, `installed-npm-${digestFiles([npm]).slice(0, 12)}`),
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
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, `installed-pnpm-${digestFiles([npm]).slice(0, 12)}`),
    async fill(unfinished) {
      removeEarlier("installed-pnpm-");
      const pnpm = `npm exec --yes --package ${PNPM} -- pnpm`;
      const options = "--store-dir ./store --config.auto-install-peers=false";
      await run(unfinished, `${pnpm} add ${npm} ${options}`);
    },
  });
  return path.join(folder, "node_modules");
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
