import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How to run a program; everything is optional. */
export interface CommandOptions {
  /** Working directory. @default the current one */
  readonly cwd?: string;
  /** The whole environment, not additions to it. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is killed; its result then has `code: null`. @default none */
  readonly timeoutMs?: number;
  /** Whether the time limit also ends what the program started. Ctrl-C in a terminal then does not reach it. @default false */
  readonly isGroup?: boolean;
  /** Called with each line of stderr as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

/** How a program ended and what it said. */
export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell and waits for its end. Any exit code is a result; only a program that cannot be
 * started at all (`ENOENT` and the like) rejects.
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
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
