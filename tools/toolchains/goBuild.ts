import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { hasCode, runCommand } from "../childProcess";
import { cacheRoot } from "../repository";

const progressMs = 15_000;

/** The Go module that pins the CLI and its YAML language host. */
export const toolsModule = path.dirname(__dirname);

/** The Go module of the SDK generator. It pins the generators of all languages. */
export const sdkgenModule = path.join(toolsModule, "sdkgen");

/**
 * The Go module that pins the language hosts for Node.js, Go and Python. They need older versions of the
 * CLI's dependencies.
 */
export const hostsModule = path.join(toolsModule, "hosts");

/**
 * The Go module that pins the language host for Java, with the CLI's versions where it has any, so that Go
 * compiles little for it after the CLI. A module of its own, since a change of tools/go.mod would build the
 * CLI again.
 */
export const javaHostModule = path.join(hostsModule, "java");

/** The suffix of a program's file name on this platform. */
export const programSuffix = process.platform === "win32" ? ".exe" : "";

/** One call of `go build`. */
export interface GoBuild {
  /** The folder of the Go module that pins the packages. @default {@link toolsModule} */
  readonly module?: string;
  /** Package paths or folders. Each one becomes a program with the name of its last part. */
  readonly packages: readonly string[];
  /** Existing folder for the programs. */
  readonly folder: string;
  /** What is being built, for the progress lines. */
  readonly title: string;
  /** Values that the linker sets string variables to, by their full names. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Receives a line of progress every 15 seconds. */
  readonly log: (line: string) => void;
  /** @default this process's */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Builds programs from a Go module of this repository with the Go on PATH.
 *
 * @throws if Go is missing, with what to install, and if the build fails, with the end of Go's output
 */
export async function buildGoPrograms(build: GoBuild): Promise<void> {
  const { module = toolsModule } = build;
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const args = [
    ...["build", "-v", "-mod=readonly", "-buildvcs=false", `-ldflags=-s -w ${variables.join(" ")}`],
    ...["-o", build.folder + path.sep, ...build.packages],
  ];
  const progress = new Progress();
  const startedAt = Date.now();
  const timer = setInterval(() => {
    build.log(`${build.title}: ${Math.round((Date.now() - startedAt) / 1000)} s, ${progress.describe()}`);
  }, progressMs);
  try {
    const { code } = await runCommand("go", args, {
      cwd: module,
      env: goEnvironment(build.environment ?? process.env, cacheRoot),
      onErrorLine: (line) => progress.read(line),
    });
    if (code !== 0) throw new Error(`go build failed:\n${progress.otherLines.slice(-20).join("\n")}`);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new Error(
      `Go was not found, and ${build.title} needs it. Install Go ${requiredGo(module)} or newer (https://go.dev/dl/).`,
      { cause: error },
    );
  } finally {
    clearInterval(timer);
  }
}

/**
 * The environment for `go`: without a C compiler and without a surrounding Go workspace. If there is no home
 * folder, Go's caches are in `cache`.
 */
export function goEnvironment(environment: NodeJS.ProcessEnv, cache: string): NodeJS.ProcessEnv {
  const ours: NodeJS.ProcessEnv = { ...environment, CGO_ENABLED: "0", GOWORK: "off" };
  if (environment.HOME || process.platform === "win32") return ours;
  return { GOCACHE: path.join(cache, "go-build"), GOPATH: path.join(cache, "go"), ...ours };
}

/**
 * A short digest of all that a built program depends on: a module's go.mod and go.sum, the platform, and
 * `more`.
 */
export function goDigest(module: string, ...more: readonly string[]): string {
  const hash = createHash("sha256").update([process.platform, process.arch, ...more].join("\0"));
  for (const file of ["go.mod", "go.sum"]) hash.update(fs.readFileSync(path.join(module, file)));
  return hash.digest("hex").slice(0, 12);
}

/** The folder with the sources of a dependency of this repository's Go module, which Go downloads if needed. */
export async function findGoSources(dependency: string, module = toolsModule): Promise<string> {
  const { code, stdout } = await runCommand("go", ["mod", "download", "-json", dependency], {
    cwd: module,
    env: goEnvironment(process.env, cacheRoot),
  });
  const { Dir } = JSON.parse(stdout || "{}") as { Dir?: string };
  if (code !== 0 || Dir === undefined) throw new Error(`go mod download ${dependency} failed`);
  return Dir;
}

/** The version of a dependency in the go.mod of `module`, with its leading `v`. */
export function goModuleVersion(dependency: string, module = toolsModule): string {
  const [, version] =
    readGoMod(module).match(new RegExp(`^\\s*(?:require )?${dependency} (v\\S+)`, "m")) ?? [];
  if (version === undefined) throw new Error(`${path.join(module, "go.mod")} does not require ${dependency}`);
  return version;
}

function requiredGo(module: string): string {
  return /^go (\S+)$/m.exec(readGoMod(module))?.[1] ?? "(see tools/go.mod)";
}

function readGoMod(module: string): string {
  return fs.readFileSync(path.join(module, "go.mod"), "utf8");
}

/**
 * Reads the output of `go build -v`: counts its thousands of lines about modules and packages, and keeps the
 * errors.
 */
class Progress {
  readonly otherLines: string[] = [];
  #downloads = 0;
  #packages = 0;

  read(line: string): void {
    if (line.startsWith("go: downloading ")) this.#downloads++;
    else if (/^[\w.~+/-]+$/.test(line)) this.#packages++;
    // Go's errors hold the address of the module proxy, which may be private and must not get into a CI log.
    else this.otherLines.push(line.replace(/:\/\/[^\s/"]+/g, "://…"));
  }

  describe(): string {
    return `${this.#downloads} modules downloaded, ${this.#packages} packages compiled`;
  }
}
