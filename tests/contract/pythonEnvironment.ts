import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = join(__dirname, "../../.cache");
const REQUIREMENTS = join(__dirname, "requirements.txt");
/** The oldest Python that the pinned packages support. */
const OLDEST_PYTHON = [3, 10] as const;
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** A Python with the official UCloud client, or the reason why this machine has none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

/**
 * Installs the pinned client into a virtual environment under `.cache/`, once for each content of
 * requirements.txt and each Python. Several processes may do so concurrently: each fills its own folder, and
 * the first one to finish renames it. So a folder with the final name is always complete.
 */
export async function preparePython(): Promise<PythonEnvironment> {
  const base = process.platform === "win32" ? "python" : "python3";
  const python = await probe(base);
  if (!python) return { missing: `${base} is not installed` };
  if (!isRecent(python.version)) {
    return { missing: `${base} is ${python.version}, older than ${OLDEST_PYTHON.join(".")}` };
  }
  const digest = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .update(JSON.stringify(python))
    .digest("hex");
  const home = join(CACHE, `python-client-${digest.slice(0, 16)}`);
  if (existsSync(home)) return { python: locatePython(home) };
  // Debian and its derivatives package Python without the modules that create environments.
  if (!python.canInstall) return { missing: `${base} has no venv (on Debian: apt install python3-venv)` };
  try {
    await install(base, home);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  return { python: locatePython(home) };
}

/**
 * Runs a script of this folder with `input` as JSON on its standard input, and returns the JSON that it
 * writes.
 *
 * @throws with its standard error when it fails
 */
export async function runScript(
  script: string,
  { python, input }: { readonly python: string; readonly input: object },
): Promise<unknown> {
  const child = spawn(python, ["-I", join(__dirname, script)], {
    stdio: ["pipe", "pipe", "pipe"],
    // A proxy of the machine must not get these requests.
    env: { ...process.env, NO_PROXY: "*", no_proxy: "*" },
  });
  child.stdin.end(JSON.stringify(input));
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output);
}

async function install(base: string, home: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, "python-client-draft-"));
  try {
    await runQuietly(base, ["-m", "venv", draft]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    await runQuietly(locatePython(draft), [...pip, "--require-hashes", "--no-deps", "-r", REQUIREMENTS]);
    await rename(draft, home).catch((error: unknown) => {
      // Another process was faster. Its folder has the same content.
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Runs a step of the installation. Errors leave out addresses, since logs must not name the registry in use.
 */
async function runQuietly(command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, args, { timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const lastLine = stderr.trim().split("\n").at(-1) ?? "";
    throw new Error(
      `installing the official Python client failed (${args.slice(0, 3).join(" ")}): ` +
        (lastLine || message)
          .replaceAll(/\bhttps?:\/\/\S+/g, "(address)")
          .replaceAll(/host='[^']*'/g, "host=…"),
    );
  }
}

interface Probe {
  readonly version: string;
  /** Its folder: an environment breaks when its Python moves. */
  readonly prefix: string;
  readonly canInstall: boolean;
}

async function probe(base: string): Promise<Probe | undefined> {
  const program = `
import importlib.util, json, platform, sys
can_install = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(json.dumps({"version": platform.python_version(), "prefix": sys.base_prefix, "canInstall": can_install}))`;
  try {
    const { stdout } = await run(base, ["-c", program]);
    return JSON.parse(stdout) as Probe;
  } catch {
    return undefined;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

function locatePython(home: string): string {
  return process.platform === "win32" ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");
}
