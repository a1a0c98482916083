import fs from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";

/** A package of which code is in the bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its package.json. */
  readonly licence: string;
  /** Its licence, and whatever else it asks to be passed on, in full. */
  readonly text: string;
}

const HEADER = `The file pulumi-resource-ucloud-redis.cjs contains code of the packages below. Their licences follow in full.
`;
const RULE = `\n${"-".repeat(80)}\n\n`;
const LICENCE_FILE = /^(licen[cs]e|copying)([-.]|$)/i;
const NOTICE_FILE = /^notice([-.]|$)/i;
const CODE_FILE = /\.(json|[cm]?[jt]s)$/;

/** Packages that ship no licence file: where their text is, beside their folder, and how that is known. */
const TEXTS_ELSEWHERE: Readonly<Record<string, string>> = {
  // The last section of its README is the text.
  "data-uri-to-buffer": "data-uri-to-buffer/README.md",
  // Its package.json names MIT, the author, and the repository of http-proxy-agent, which ships the text of all of it.
  "proxy-agent-negotiate": "http-proxy-agent/LICENSE",
};

/**
 * The text of THIRD_PARTY_NOTICES for a bundle: every package in it with its licence, sorted by name.
 * @param root the folder that the bundle was made in
 * @throws when a package names no licence or comes without its text, naming it.
 */
export function createNotices(root: string, metafile: Metafile): string {
  const sections = listBundledPackages(root, metafile).map(
    ({ name, version, licence, text }) => `${name} ${version}, ${licence}\n\n${text}\n`,
  );
  return [HEADER, ...sections].join(RULE);
}

/** The packages of which files went into a bundle, each version once, sorted by name. */
function listBundledPackages(root: string, metafile: Metafile): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  for (const file of Object.keys(metafile.inputs)) {
    const [, modules, name] = /^(.*node_modules)\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (modules === undefined || name === undefined) continue;
    const bundled = readPackage(path.resolve(root, modules), name);
    found.set(`${bundled.name} ${bundled.version}`, bundled);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bundled]) => bundled);
}

function readPackage(modules: string, folder: string): BundledPackage {
  const file = path.join(modules, folder, "package.json");
  const { name = folder, version, license } = JSON.parse(fs.readFileSync(file, "utf8")) as Manifest;
  const text = readTexts(modules, folder, name);
  if (!license || !version || text === undefined) {
    throw new Error(
      `${name} ${version} would be bundled, but its package has no licence text. ` +
        "Find where its text is and say so in tools/notices.ts, or do without that package.",
    );
  }
  return { name, version, licence: license, text };
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

function readTexts(modules: string, folder: string, name: string): string | undefined {
  const files = fs.readdirSync(path.join(modules, folder)).filter((each) => !CODE_FILE.test(each));
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
  const texts = licences.map((each) => read(folder, each)).filter((text) => text !== "");
  return texts.length === 0
    ? undefined
    : [...texts, ...notices.map((each) => read(folder, each))].join("\n\n");
}
