import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { runCommand } from "../childProcess";
import { digestFiles } from "../fileTree";
import { runInstallStep } from "./installStep";
import { cacheRoot, repositoryRoot } from "../repository";

/** The folder of the Python SDK, from which `pulumi_ucloud_redis` is imported. */
export const pythonSdkFolder = path.join(repositoryRoot, "sdk", "python");

/** The packages that the Python SDK needs. `sdk/python/pyproject.toml` allows other versions, too. */
export const pythonRequirements = ["pulumi==3.255.0", "parver==0.5", "semver==3.0.4"] as const;

/** A parser of C#: there is no .NET SDK where this project is made. */
export const csharpParserRequirements = ["tree-sitter==0.25.2", "tree-sitter-c-sharp==0.23.1"] as const;

/** A virtual environment that {@link ensureVirtualEnvironment} makes. */
export interface VirtualEnvironment {
  /** What it is for: the name of its folder in the cache. */
  readonly name: string;
  /** What pip installs, with exact versions. */
  readonly requirements: readonly string[];
  /** The folder of a package that is installed, too, from a copy of it. */
  readonly source?: string;
}

/** The Python of a virtual environment, or one sentence on why there is none. */
export type EnsuredPython = { readonly python: string; readonly bin: string } | { readonly missing: string };

/**
 * Makes a virtual environment with `pulumi`, what the Python SDK depends on, and the SDK itself. Its Python
 * runs programs; the Python language host wants its folder `bin` first on PATH.
 *
 * @throws if pip fails
 */
export function ensurePythonEnvironment(): Promise<EnsuredPython> {
  return ensureVirtualEnvironment({
    name: "pulumi",
    requirements: pythonRequirements,
    source: pythonSdkFolder,
  });
}

/**
 * Makes a virtual environment in the cache, once for each choice of packages and each version of Python.
 *
 * @throws if pip fails
 */
export async function ensureVirtualEnvironment({
  name,
  requirements,
  source,
}: VirtualEnvironment): Promise<EnsuredPython> {
  const lack = await findPythonLack(process.env);
  if (lack !== undefined) return { missing: lack };
  const { stdout: version } = await runCommand(basePython, [
    "-c",
    "import sys; print(sys.version, sys.prefix)",
  ]);
  const digest = createHash("sha256")
    .update(JSON.stringify([version, requirements, source === undefined ? "" : digestFiles([source])]))
    .digest("hex")
    .slice(0, 12);
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, "python", `${name}-${digest}`),
    fill: (unfinished) => fillEnvironment(unfinished, requirements, source),
  });
  const bin = path.join(folder, isWindows ? "Scripts" : "bin");
  return { bin, python: path.join(bin, isWindows ? "python.exe" : "python") };
}

/** What the machine lacks for making virtual environments. */
export async function findPythonLack(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const code = "import importlib.util as u; print(bool(u.find_spec('venv') and u.find_spec('ensurepip')))";
  try {
    const { code: status, stdout } = await runCommand(basePython, ["-c", code], { env, timeoutMs: 30_000 });
    if (status !== 0) return "python3 does not run";
    return stdout === "True" ? undefined : "python3 has no venv (on Debian: apt install python3-venv)";
  } catch {
    return "python3 is not installed";
  }
}

const isWindows = process.platform === "win32";
const basePython = isWindows ? "python" : "python3";

/**
 * The folder is renamed when it is complete. Only the scripts of pip hold its path, so programs are started as
 * `python -m NAME`.
 */
async function fillEnvironment(
  folder: string,
  requirements: readonly string[],
  source: string | undefined,
): Promise<void> {
  const what = `the Python packages ${requirements.join(", ")}`;
  const step = (args: readonly string[], command = basePython) => runInstallStep({ what, command, args });
  await step(["-m", "venv", folder]);
  const python = path.join(folder, isWindows ? "Scripts" : "bin", isWindows ? "python.exe" : "python");
  const packages = [...requirements];
  const copy = path.join(folder, "source");
  if (source !== undefined) {
    // A copy, as building a package writes into its folder.
    fs.cpSync(source, copy, { recursive: true });
    packages.push(copy);
  }
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await step(["-m", "pip", "install", ...quiet, ...packages], python);
  fs.rmSync(copy, { recursive: true, force: true });
}
