import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { ensureCacheFolder } from "../cacheFolder";
import { digestFiles } from "../fileTree";
import { runInstallStep } from "../toolchains/installStep";
import { writeArchive } from "./archive";
import type { PackageOptions } from "./packageOptions";

const python = process.platform === "win32" ? "python" : "python3";
const requirements = path.join(__dirname, "pythonRequirements.txt");

/** Calls the backend as Python's installers do. It changes `sys.argv`. */
const BUILD = `
import sys
from setuptools import build_meta
folder = sys.argv[1]
build_meta.build_sdist(folder)
build_meta.build_wheel(folder)
`;

/**
 * Makes the wheel and the source archive of the Python SDK, with the pinned setuptools.
 *
 * @throws if Python fails
 */
export async function makePythonPackages({
  source,
  date,
  cache,
  scratch,
  out,
}: PackageOptions): Promise<void> {
  const setuptools = await installSetuptools(cache);
  const project = copyPlainly(path.join(source, "sdk", "python"), path.join(scratch, "python"));
  const built = path.join(scratch, "python-built");
  fs.mkdirSync(built);
  const env = {
    ...process.env,
    PYTHONPATH: setuptools,
    PYTHONDONTWRITEBYTECODE: "1",
    SOURCE_DATE_EPOCH: String(date.getTime() / 1000),
  };
  const args = ["-c", BUILD, built];
  await runInstallStep({ what: "the Python packages", command: python, args, cwd: project, env });
  for (const name of fs.readdirSync(built)) {
    const file = path.join(built, name);
    if (name.endsWith(".whl")) fs.copyFileSync(file, path.join(out, name));
    // setuptools writes the times at which it copied the files.
    else await repack(file, { date, file: path.join(out, name) });
  }
}

/** Copies a folder's files with the same mode for all, which the wheel keeps. */
function copyPlainly(from: string, to: string): string {
  fs.cpSync(from, to, { recursive: true });
  for (const entry of fs.readdirSync(to, { recursive: true, withFileTypes: true })) {
    fs.chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  return to;
}

async function repack(
  archive: string,
  { date, file }: { readonly date: Date; readonly file: string },
): Promise<void> {
  const folder = `${archive}-unpacked`;
  fs.mkdirSync(folder);
  await extract({ cwd: folder, file: archive });
  await writeArchive(file, { folder, date });
}

function installSetuptools(cache: string): Promise<string> {
  return ensureCacheFolder({
    folder: path.join(cache, "release-python", digestFiles([requirements]).slice(0, 16)),
    fill: async (unfinished) => {
      const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
      const pinned = ["--require-hashes", "--no-deps", "--target", unfinished, "-r", requirements];
      await runInstallStep({ what: "setuptools", command: python, args: [...args, ...pinned] });
    },
  });
}
