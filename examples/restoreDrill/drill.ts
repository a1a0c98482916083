/**
 * The restore drill: restores the newest backup into a group of its own, runs the command `check` of the config
 * on it, and destroys the group in any case. `clean` as an argument only destroys what an earlier drill left.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** The stack is the drill's own: whatever is in it is destroyed. */
const STACK = process.env.PULUMI_STACK ?? "drill";
/** How long another run may hold the stack: one that was cancelled waits for the answer to what it has sent. */
const LOCK_SECONDS = 180;
const LEFT =
  `the destroy failed, so a group may be left: run \`npm run clean\`. If the stack stays locked although nothing ` +
  `runs on it, run \`pulumi cancel --stack ${STACK}\` first.`;
const isWindows = process.platform === "win32";

/** What runs now, and how it is ended. */
let running: { readonly child: ChildProcess; readonly endsBy: NodeJS.Signals } | undefined;
let isCleaning = false;
const cancellation = new AbortController();
const isCancelled = (): boolean => cancellation.signal.aborted;

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Added to the environment. */
  readonly env?: Record<string, string | undefined>;
  readonly shell?: boolean;
  readonly endsBy?: NodeJS.Signals;
}

/** Runs a command and shows what it writes. It has a process group of its own, so that only `cancel` ends it. */
function run(
  command: string,
  args: readonly string[],
  { env, shell = false, endsBy = "SIGINT" }: RunOptions = {},
): Promise<Result> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    shell,
    detached: !isWindows,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = { child, endsBy };
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      process[name].write(text);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve({ code: null, ...output });
    });
    child.once("close", (code) => {
      running = undefined;
      resolve({ code, ...output });
    });
  });
}

function pulumi(args: readonly string[], env: RunOptions["env"] = {}): Promise<Result> {
  return run("pulumi", [...args, "--stack", STACK, "--non-interactive"], { env });
}

/** Ends what runs, once: a second interrupt would stop Pulumi before it knows what it has made. */
function cancel(): void {
  if (isCancelled()) return;
  cancellation.abort();
  console.error(
    `drill: cancelled; ${isCleaning ? "still destroying the group" : "the group is destroyed next"}.`,
  );
  if (isCleaning || running?.child.pid === undefined) return;
  const { child, endsBy } = running;
  if (isWindows) child.kill(endsBy);
  else process.kill(-running.child.pid, endsBy);
}

/** Destroys the group, also the one that an earlier drill left. Waits for a run that still holds the stack. */
async function destroy(): Promise<boolean> {
  isCleaning = true;
  const until = Date.now() + LOCK_SECONDS * 1000;
  for (;;) {
    const { code, stdout, stderr } = await pulumi(["destroy", "--yes", "--skip-preview"]);
    if (code === 0) break;
    if (!(stdout + stderr).includes("is currently locked") || Date.now() > until) return false;
    console.error("drill: another run still holds the stack; trying again in 5 s.");
    await sleep(5_000);
  }
  isCleaning = false;
  return true;
}

/** Restores and looks. Returns what failed, in words; undefined if nothing did. */
async function restoreAndCheck(check: string): Promise<string | undefined> {
  const password = randomBytes(18).toString("base64url");
  const restored = await pulumi(["up", "--yes", "--skip-preview"], { DRILL_PASSWORD: password });
  if (restored.code !== 0) return "the restore failed";
  if (isCancelled()) return "cancelled";
  const { code, stdout } = await pulumi(["stack", "output", "address"]);
  if (code !== 0) return "the restore failed: it has no address";
  const [REDIS_HOST, REDIS_PORT] = stdout.trim().split(/:(?=\d+$)/);
  const looked = await run(check, [], {
    shell: true,
    endsBy: "SIGKILL",
    env: { REDIS_HOST, REDIS_PORT, REDIS_PASSWORD: password },
  });
  return looked.code === 0 ? undefined : `the check failed (exit code ${looked.code ?? "none"})`;
}

/** Returns everything that failed. */
async function drill(isOnlyCleaning: boolean): Promise<string[]> {
  const selected = await pulumi(["stack", "select", "--create"]);
  if (selected.code !== 0) return [isCancelled() ? "cancelled" : "the stack cannot be selected"];
  if (!(await destroy())) return [LEFT];
  if (isOnlyCleaning || isCancelled()) return isCancelled() ? ["cancelled"] : [];
  const { code, stdout } = await pulumi(["config", "get", "check"]);
  if (isCancelled()) return ["cancelled"];
  if (code !== 0 || stdout.trim() === "") return ["no command to run: pulumi config set check 'COMMAND'"];
  const failure = await restoreAndCheck(stdout.trim());
  const isClean = await destroy();
  return [
    ...(isCancelled() ? ["cancelled"] : failure === undefined ? [] : [failure]),
    ...(isClean ? [] : [LEFT]),
  ];
}

async function main(): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, cancel);
  // Whoever cancels may also close the terminal.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const failures = await drill(process.argv[2] === "clean");
  for (const failure of failures) console.error(`drill: ${failure}`);
  console.error(failures.length === 0 ? "drill: passed" : "drill: FAILED");
  process.exitCode = failures.length === 0 ? 0 : 1;
}

void main();
