import { spawn } from "node:child_process";
import path from "node:path";
import { repositoryRoot } from "./repository";

const isWindows = process.platform === "win32";

/** The plugin's launcher. */
export const EXECUTABLE = path.join(
  repositoryRoot,
  "bin",
  `pulumi-resource-ucloud-redis${isWindows ? ".cmd" : ""}`,
);

/** How to start the plugin's process. */
export interface SpawnOptions {
  /** @default {@link EXECUTABLE} */
  readonly executable?: string | undefined;
  /** Flags, then the engine's address. @default none, as when a user starts it */
  readonly args?: readonly string[] | undefined;
  /** The whole environment, not an addition to this process's. */
  readonly env: NodeJS.ProcessEnv;
  /** Working directory. @default the current one */
  readonly cwd?: string;
  /** Whether its standard input is a pipe without data, or closed from the start. @default "open" */
  readonly stdin?: "open" | "closed" | undefined;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running plugin. */
export interface SpawnedPlugin {
  readonly pid: number;
  readonly port: number;
  /** Everything that it wrote until now. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has ended, for any reason. */
  readonly exited: Promise<Exit>;
  /** Kills it, and resolves when it has ended. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the built plugin as the engine does, and waits for its port. The caller stops it.
 *
 * @throws if the plugin ends, or writes anything but a port
 */
export async function spawnPlugin(options: SpawnOptions): Promise<SpawnedPlugin> {
  const { executable = EXECUTABLE, args = [], env, cwd, stdin } = options;
  const child = spawn(executable, args, {
    env,
    cwd,
    stdio: [stdin === "closed" ? "ignore" : "pipe", "pipe", "pipe"],
    shell: isWindows,
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("The plugin was started without pipes.");
  const output = { stdout: "", stderr: "" };
  stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      stdout.setEncoding("utf8").on("data", (text: string) => {
        output.stdout += text;
        if (/^\d+\r?\n/.test(output.stdout)) resolve(Number.parseInt(output.stdout));
        else if (output.stdout.includes("\n")) reject(new Error(`not a port: ${output.stdout}`));
      });
      void exited.then(({ code, signal }) => {
        reject(new Error(`the plugin ended (${signal ?? code ?? ""}): ${output.stdout}${output.stderr}`));
      });
    });
    const stop = async (): Promise<void> => {
      child.kill("SIGKILL");
      await exited;
    };
    return { pid: child.pid ?? 0, port, output, exited, stop };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}
