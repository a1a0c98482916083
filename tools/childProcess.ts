import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How to run a program. */
export interface CommandOptions {
  /** Working directory. @default the current one */
  readonly cwd?: string;
  /** The whole environment, not an addition to this process's. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** After how many milliseconds the program is killed. Its result then has `code: null`. @default never */
  readonly timeoutMs?: number;
  /**
   * Whether the time limit also kills the processes that the program started. They form a process group of
   * their own, which Ctrl-C in a terminal does not reach. @default false
   */
  readonly isGroup?: boolean;
  /** Receives each line of standard error when it is written. */
  readonly onErrorLine?: (line: string) => void;
}

/** How a program ended and what it wrote. */
export interface CommandResult {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell, and resolves when it has ended, whatever its exit code.
 *
 * @throws a system error if the program cannot be started, such as `ENOENT`
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: options.isGroup === true && process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => stdout.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => {
      stderr.push(line);
      options.onErrorLine?.(line);
    });
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(() => end(child, options), options.timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: stdout.join("\n"), stderr: stderr.join("\n") });
    });
  });
}

function end(child: ChildProcess, { isGroup = false }: CommandOptions): void {
  if (!isGroup || child.pid === undefined || process.platform === "win32") {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

/** Whether an error carries this system error code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && "code" in error && error.code === code;
}
