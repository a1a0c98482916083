import { spawn } from "node:child_process";
import path from "node:path";
import { repositoryRoot } from "./repository";

const isWindows = process.platform === "win32";

/** What starts the plugin. */
export const EXECUTABLE = path.join(
  repositoryRoot,
  "bin",
  `pulumi-resource-ucloud-redis${isWindows ? ".cmd" : ""}`,
);

/** How the plugin's process is started. */
export interface SpawnOptions {
  /** @default {@link EXECUTABLE} */
  readonly executable?: string | undefined;
  /** The command line: flags, then the engine's address. @default none, as when it is started by hand */
  readonly args?: readonly string[] | undefined;
  /** The whole environment, not additions to it. */
  readonly env: NodeJS.ProcessEnv;
  /** Working directory. @default the current one */
  readonly cwd?: string;
  /** What its standard input is: open to nobody, or at its end from the start. @default "open" */
  readonly stdin?: "open" | "closed" | undefined;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A plugin that serves. */
export interface SpawnedPlugin {
  readonly pid: number;
  readonly port: number;
  /** Everything it wrote so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has ended, whyever. */
  readonly exited: Promise<Exit>;
  /** Ends it, unless it has ended, and waits for that. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the built plugin as the engine does, and waits for its port. Stop it after use.
 * @throws when the plugin ends or writes anything but a port
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
