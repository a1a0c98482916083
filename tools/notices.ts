import fs from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";

/** A package with code in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its package.json. */
  readonly licence: string;
  /** The full text of its licence, and of its notice files. */
  readonly text: string;
}

const HEADER =
  "The files pulumi-resource-ucloud-redis*.cjs contain code of the packages below. " +
  "Their licences follow in full.\n";
const RULE = `\n${"-".repeat(80)}\n\n`;
const LICENCE_FILE = /^(licen[cs]e|copying)([-.]|$)/i;
const NOTICE_FILE = /^notice([-.]|$)/i;
const CODE_FILE = /\.(json|[cm]?[jt]s)$/;

/**
 * For packages without a licence file: where the text is, relative to `node_modules`, and how that is known.
 */
const TEXTS_ELSEWHERE: Readonly<Record<string, string>> = {
  // The last section of its README is the text.
  "data-uri-to-buffer": "data-uri-to-buffer/README.md",
  // Its package.json names MIT, the author and the repository. They are those of http-proxy-agent, which has
  // the text.
  "proxy-agent-negotiate": "http-proxy-agent/LICENSE",
};

/**
 * The text of THIRD_PARTY_NOTICES for a bundle: each package in it with its licence, sorted by name.
 *
 * @param root the folder that the bundle was made in
 * @throws if a package names no licence or has no licence text; the message names the package
 */
export function createNotices(root: string, metafile: Metafile): string {
  const sections = listBundledPackages(root, metafile).map(
    ({ name, version, licence, text }) => `${name} ${version}, ${licence}\n\n${text}\n`,
  );
  return [HEADER, ...sections].join(RULE);
}

/** The packages with files in a bundle that was made in `root`, each version once, sorted by name. */
export function listBundledPackages(root: string, metafile: Metafile): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  for (const file of Object.keys(metafile.inputs)) {
    const [, modules, name] = /^(.*node_modules)\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (modules === undefined || name === undefined) continue;
    const bundled = readPackage(path.resolve(root, modules), name);
    found.set(`${bundled.name} ${bundled.version}`, bundled);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bundled]) => bundled);
}

/** @param name its folder in `modules`, a `node_modules` folder */
function readPackage(modules: string, name: string): BundledPackage {
  const file = path.join(modules, name, "package.json");
  const { version, license } = JSON.parse(fs.readFileSync(file, "utf8")) as Manifest;
  const text = readTexts(modules, name);
  if (!license || !version || text === undefined) {
    throw new Error(
      `${name} ${version} would be bundled, but its package has no licence text. ` +
        "Add the file that holds the text to tools/notices.ts, or do without that package.",
    );
  }
  return { name, version, licence: license, text };
}

interface Manifest {
  readonly version?: string;
  readonly license?: string;
}

function readTexts(modules: string, name: string): string | undefined {
  const files = fs.readdirSync(path.join(modules, name)).filter((each) => !CODE_FILE.test(each));
  const licences = files.filter((each) => LICENCE_FILE.test(each)).sort();
  const notices = files.filter((each) => NOTICE_FILE.test(each)).sort();
  const read = (...parts: readonly string[]): string =>
    fs
      .readFileSync(path.join(modules, ...parts), "utf8")
      .replaceAll("\r\n", "\n")
      .trim();
  const elsewhere = TEXTS_ELSEWHERE[name];
  if (licences.length === 0 && elsewhere !== undefined) {
    return read(elsewhere)
      .replace(/^[^]*\nLicen[cs]e\n-+\n/, "")
      .trim();
  }
  const texts = licences.map((each) => read(name, each)).filter((text) => text !== "");
  return texts.length === 0 ? undefined : [...texts, ...notices.map((each) => read(name, each))].join("\n\n");
}
