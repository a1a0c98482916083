import fs from "node:fs";
import path from "node:path";
import { runNpm } from "../release/npm";

/** How npm installs. */
export interface InstallOptions {
  /** How often npm asks its registry again. @default npm's own, with which it fails after a minute without network */
  readonly retries?: number;
}

/**
 * Installs packages of exact versions from npm's registry into a folder, without their scripts. Makes a `package.json`
 * there unless the folder has one.
 *
 * @throws as {@link runNpm}
 */
export async function installPackages(
  folder: string,
  packages: readonly string[],
  { retries }: InstallOptions = {},
): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, "package.json");
  if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{ "private": true }\n');
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--save-exact"];
  if (retries !== undefined) options.push(`--fetch-retries=${retries}`);
  await runNpm(["install", ...options, ...packages], { cwd: folder });
}
