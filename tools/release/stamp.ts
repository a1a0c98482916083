import fs from "node:fs";
import path from "node:path";
import { readTree } from "../fileTree";

/** The repository that committed files name. It is not taken for anyone's: releases name a real one instead. */
export const PLACEHOLDER = "pulumi-ucloud-redis/pulumi-ucloud-redis";

const OWNER_AND_NAME = /^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}\/[A-Za-z0-9._-]{1,100}$/;
const ADDRESS = new RegExp(`(?<=github(?:usercontent)?\\.com[/:])${PLACEHOLDER}(?![\\w-])`, "g");
const UNTOUCHED = /^(node_modules|\.cache|dist|tests|tools)\//;

/**
 * Checks the name of a GitHub repository.
 *
 * @throws unless it is `OWNER/NAME`, and if it is a placeholder: whoever claims that name could answer in its place
 */
export function parseRepository(text: string): string {
  const name = text.split("/")[1] ?? "";
  if ([PLACEHOLDER, "owner/name"].includes(text.toLowerCase())) {
    throw new Error(
      `--repository ${text} is a placeholder, and such a repository may be anyone's: name your own`,
    );
  }
  if (OWNER_AND_NAME.test(text) && !/^\.{1,2}$/.test(name) && !name.endsWith(".git")) return text;
  throw new Error(
    `--repository must be OWNER/NAME, as in acme/pulumi-ucloud-redis, and not ${JSON.stringify(text)}`,
  );
}

/**
 * Writes the repository's address into a copy of the source: wherever an address names the placeholder, and in the schema as
 * `pluginDownloadURL`, from which Pulumi downloads the plugin. SDKs get it when they are generated again.
 */
export function stampRepository(folder: string, repository: string): void {
  for (const file of listTexts(folder)) {
    const text = fs.readFileSync(file, "utf8");
    const stamped = text.replaceAll(ADDRESS, repository);
    if (stamped !== text) fs.writeFileSync(file, stamped);
  }
  const file = path.join(folder, "provider", "schema.json");
  const schema = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
  schema["pluginDownloadURL"] = `github://api.github.com/${repository}`;
  fs.writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
}

function listTexts(folder: string): string[] {
  const names = fs.readdirSync(folder).filter((name) => !UNTOUCHED.test(`${name}/`));
  return names.flatMap((name) => {
    const files = [...readTree(path.join(folder, name))].filter(([, bytes]) => !bytes.includes(0));
    return files.map(([file]) => path.join(folder, name, file));
  });
}
