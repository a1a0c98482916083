import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { gte, parse } from "semver";
import { ensureCacheFolder } from "../cacheFolder";
import { runCommand } from "../childProcess";
import { dynamicHost } from "./dynamicHost";
import {
  assembleEngine,
  type Build,
  buildCli,
  buildHosts,
  cliVersion,
  engineFolderName,
  programs,
} from "./engineBuild";
import { downloadEngine, isSiteReachable } from "./engineDownload";
import { cacheRoot } from "../repository";

/** The oldest CLI accepted from PATH: the oldest one that this project was tested with. */
export const minimumVersion = "3.250.0";

/** The programs that a CLI needs to run this project's programs, and the dynamic resources in them. */
const hosts = [programs.yamlHost, programs.nodeHost, dynamicHost];

/** A Pulumi CLI with its language hosts for YAML and Node.js. */
export interface Engine {
  /** For the Automation API's `PulumiCommand.get({ root })`; holds `bin/pulumi`. */
  readonly root: string;
  /** Absolute path of the CLI itself. */
  readonly command: string;
  /** Its version, without a leading `v`. */
  readonly version: string;
  /** Where it is from: the user's PATH, the vendor's site, or built here from Go modules. */
  readonly source: "path" | "download" | "built";
}

/** Everything that the choice of an engine depends on. Tests replace single parts. */
export interface EngineParts {
  /** Read for `PATH` and `ENGINE_SOURCE`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder in which engines are kept. */
  readonly cacheFolder: string;
  /** Receives lines about progress, and the reason why each other source was not used. */
  readonly log: (line: string) => void;
  /** Returns the version that `pulumi version` prints; undefined if it does not run. */
  readonly readVersion: (command: string) => Promise<string | undefined>;
  /** Whether a download is worth trying. Resolves within seconds. */
  readonly isSiteReachable: () => Promise<boolean>;
  /** Whether to wait while another process downloads the same version. */
  readonly waits: boolean;
  /** Installs the official CLI into a folder, as `bin/pulumi` and its language hosts. */
  readonly download: (version: string, folder: string) => Promise<void>;
  /** Builds the CLI and its YAML language host into a folder. */
  readonly buildCli: Build;
  /** Builds the Node.js language host into a folder. */
  readonly buildHosts: Build;
}

/** Where to look for an engine. */
export type EngineSource = "path" | "cache" | "download" | "build";

type Step = (parts: EngineParts) => Promise<Engine | undefined>;

const steps: Readonly<Record<EngineSource, Step>> = {
  path: findOnPath,
  cache: findInCache,
  download: downloadIntoCache,
  build: buildIntoCache,
};

/**
 * Makes a real Pulumi CLI available. It tries in this order: the CLI on PATH (3.250.0 or newer, with its
 * language hosts), the one that an earlier call downloaded or built, the official download, a build with Go.
 * The build takes about 6 minutes. The environment variable `ENGINE_SOURCE` (`path`, `cache`, `download` or
 * `build`) allows only one of them.
 *
 * @throws if no source works; the message says what to install
 */
export async function ensureEngine(options: Partial<EngineParts> = {}): Promise<Engine> {
  const engine = await findEngine(["path", "cache", "download", "build"], options);
  if (engine) return engine;
  const { environment } = { ...realParts, ...options };
  throw new Error(`ENGINE_SOURCE=${environment.ENGINE_SOURCE} has no Pulumi CLI`);
}

/** As {@link ensureEngine}, but from some of the sources only. Returns undefined if none has an engine. */
export async function findEngine(
  sources: readonly EngineSource[],
  options: Partial<EngineParts> = {},
): Promise<Engine | undefined> {
  const parts: EngineParts = { ...realParts, ...options };
  const only = parts.environment.ENGINE_SOURCE;
  if (only && !(only in steps)) {
    throw new Error(`ENGINE_SOURCE must be one of ${Object.keys(steps).join(", ")}, not "${only}"`);
  }
  for (const source of sources) {
    const engine = !only || only === source ? await steps[source](parts) : undefined;
    if (engine) return engine;
  }
  return undefined;
}

/** The parts that are used outside tests. */
export const realParts: EngineParts = {
  environment: process.env,
  cacheFolder: path.join(cacheRoot, "pulumi"),
  log: (line) => console.error(line),
  readVersion,
  isSiteReachable: () => isSiteReachable(),
  waits: true,
  download: downloadEngine,
  buildCli,
  buildHosts,
};

async function findOnPath(parts: EngineParts): Promise<Engine | undefined> {
  const folders = (parts.environment.PATH ?? "")
    .split(path.delimiter)
    .filter((each) => path.isAbsolute(each));
  const folder = folders.find((each) => isProgram(path.join(each, programs.cli)));
  if (folder === undefined) return undefined;
  const command = path.join(folder, programs.cli);
  const version = await parts.readVersion(command);
  if (version === undefined || !gte(version, minimumVersion)) {
    parts.log(
      `not using ${command}: its version is ${version ?? "unknown"}, and ${minimumVersion} or newer is needed`,
    );
    return undefined;
  }
  const missing = hosts.filter((host) => !folders.some((each) => isProgram(path.join(each, host))));
  if (missing.length > 0) {
    parts.log(`not using ${command}: not on PATH: ${missing.join(", ")}`);
    return undefined;
  }
  const root = path.basename(folder) === "bin" ? path.dirname(folder) : await linkRoot(parts, command);
  return { root, command, version, source: "path" };
}

/** Makes the folder with `bin/pulumi` that the Automation API needs. Version managers have none. */
function linkRoot(parts: EngineParts, command: string): Promise<string> {
  const digest = createHash("sha256").update(command).digest("hex").slice(0, 12);
  return ensureCacheFolder({
    folder: path.join(parts.cacheFolder, `path-${digest}`),
    fill: (folder) => {
      fs.mkdirSync(path.join(folder, "bin"));
      fs.symlinkSync(command, path.join(folder, "bin", path.basename(command)));
      return Promise.resolve();
    },
  });
}

async function findInCache(parts: EngineParts): Promise<Engine | undefined> {
  return (
    (await readCached(parts, { root: downloadFolder(parts), source: "download" })) ??
    (await readCached(parts, { root: buildFolder(parts), source: "built" }))
  );
}

async function downloadIntoCache(parts: EngineParts): Promise<Engine | undefined> {
  if (!(await parts.isSiteReachable())) {
    parts.log("the Pulumi download site cannot be reached");
    return undefined;
  }
  const version = cliVersion.replace(/^v/, "");
  parts.log(`downloading the Pulumi CLI ${version}`);
  try {
    const root = await ensureCacheFolder({
      folder: downloadFolder(parts),
      fill: (unfinished) => parts.download(version, unfinished),
      onWait: () => {
        if (!parts.waits) throw new Error("another process is downloading it");
        parts.log("waiting for another process that is downloading it");
      },
    });
    return await readCached(parts, { root, source: "download" });
  } catch (error) {
    parts.log(`the download failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function buildIntoCache(parts: EngineParts): Promise<Engine> {
  const root = await ensureCacheFolder({
    folder: buildFolder(parts),
    fill: (unfinished) => assembleEngine({ ...parts, folder: unfinished }),
    onWait: () => parts.log("waiting for another process that is building the Pulumi CLI"),
  });
  const engine = await readCached(parts, { root, source: "built" });
  if (engine) return engine;
  throw new Error(`the Pulumi CLI in ${root} does not run; delete ${parts.cacheFolder} and try again`);
}

async function readCached(
  parts: EngineParts,
  { root, source }: Pick<Engine, "root" | "source">,
): Promise<Engine | undefined> {
  const command = path.join(root, "bin", programs.cli);
  if (![programs.cli, ...hosts].every((name) => isProgram(path.join(root, "bin", name)))) return undefined;
  const version = await parts.readVersion(command);
  return version === undefined ? undefined : { root, command, version, source };
}

function downloadFolder(parts: EngineParts): string {
  return path.join(parts.cacheFolder, `download-${cliVersion}`);
}

function buildFolder(parts: EngineParts): string {
  return path.join(parts.cacheFolder, engineFolderName);
}

/** Whether there is a file that may be run. */
export function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

async function readVersion(command: string): Promise<string | undefined> {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await runCommand(command, ["version"], { env, timeoutMs: 30_000 });
    return parse(stdout.trim())?.version;
  } catch {
    return undefined;
  }
}
