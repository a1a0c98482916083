import fs from "node:fs";
import path from "node:path";
import { hasChanges } from "./source";

/** A package in a lockfile of npm. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}

/**
 * Checks that what a release would be made from is what the commit names: no changes that are not committed, and the
 * packages of the lockfile, which are bundled.
 *
 * @throws if not, with what to do
 */
export async function checkCheckout(root: string): Promise<void> {
  if (await hasChanges(root)) {
    throw new Error(
      "The checkout has changes that are not committed, or files that Git does not know. A release is made of a commit: commit or remove them.",
    );
  }
  const [problem] = compareInstalled(root);
  if (problem !== undefined) throw new Error(`${problem}. Run \`npm ci --ignore-scripts\`.`);
}

/**
 * Compares the packages in `node_modules` with those of package-lock.json. Optional ones may be missing, as those for other
 * platforms are.
 *
 * @returns what differs, a sentence without a full stop each
 */
export function compareInstalled(root: string): string[] {
  const locked = readPackages(path.join(root, "package-lock.json"));
  const installed = readPackages(path.join(root, "node_modules", ".package-lock.json"));
  const names = new Set([...locked.keys(), ...installed.keys()]);
  return [...names].flatMap((name) => {
    const [right, found] = [locked.get(name), installed.get(name)];
    if (right === undefined) return [`${name} is installed, but is not in package-lock.json`];
    if (found === undefined) return right.optional === true ? [] : [`${name} is not installed`];
    const isSame = found.version === right.version && found.integrity === right.integrity;
    return isSame
      ? []
      : [`${name} is installed as ${String(found.version)}, and not as package-lock.json has it`];
  });
}

/** The packages that a lockfile names, by their folders, without links: those lead into the repository. */
function readPackages(file: string): Map<string, LockedPackage> {
  if (!fs.existsSync(file)) return new Map();
  const { packages } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  return new Map(
    Object.entries(packages).filter(([name, { link }]) => name.startsWith("node_modules/") && link !== true),
  );
}
