import path from "node:path";
import { hasCode, runCommand } from "../childProcess";
import { goEnvironment } from "./goBuild";
import { cacheRoot, repositoryRoot } from "../repository";

/** The folder of the Go SDK, a module of its own. */
export const goSdkFolder = path.join(repositoryRoot, "sdk", "go", "ucloudredis");

/** What the machine lacks for building programs in Go. */
export async function findGoLack(): Promise<string | undefined> {
  try {
    const { code } = await runCommand("go", ["version"], { timeoutMs: 60_000 });
    return code === 0 ? undefined : "go does not run";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "go is not installed (https://go.dev/dl/)";
    throw error;
  }
}

/**
 * Runs `go` in a module's folder, with its go.mod as it is. Go keeps what it has compiled in its own cache.
 *
 * @throws with Go's output, without the address of the module proxy, if it fails
 */
export async function runGo(args: readonly string[], folder = goSdkFolder): Promise<string> {
  const env = { ...goEnvironment(process.env, cacheRoot), GOFLAGS: "-mod=readonly" };
  const { code, stdout, stderr } = await runCommand("go", args, { cwd: folder, env });
  if (code === 0) return stdout;
  throw new Error(`go ${args.join(" ")} failed:\n${stderr.replaceAll(/:\/\/[^\s/"]+/g, "://…")}`);
}
