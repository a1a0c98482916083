/**
 * The Pulumi CLI as a process, for tests that interrupt or kill it. Linux only: processes are listed from
 * /proc.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";

/** A run of the CLI. */
export interface CliRun {
  readonly child: ChildProcess;
  /** Resolves with the whole output when the run ends. */
  readonly ended: Promise<string>;
}

/** Starts `pulumi preview` on a stack whose program needs no process of the test, such as a YAML program. */
export function startPreview(stack: Stack, env: Readonly<Record<string, string>> = {}): CliRun {
  return startPulumi(stack, ["preview"], { env });
}

/**
 * Starts a command of the CLI on such a stack. With `isGroup`, the CLI leads a process group of its own, to
 * which signals can be sent as a terminal does.
 */
export function startPulumi(
  stack: Stack,
  args: readonly string[],
  {
    env = {},
    isGroup = false,
  }: { readonly env?: Readonly<Record<string, string>>; readonly isGroup?: boolean } = {},
): CliRun {
  const { workspace, name } = stack;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(
    workspace.pulumiCommand.command,
    [...args, "--stack", name, "--non-interactive", "--color", "never"],
    {
      cwd: workspace.workDir,
      env: { PATH, HOME, PULUMI_HOME: workspace.pulumiHome ?? "", ...workspace.envVars, ...env },
      detached: isGroup,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return { child, ended: once(child, "close").then(() => output) };
}

/** Returns the command lines of the processes whose working directory is `folder`, by process id. */
export function listProcesses(folder: string): Map<number, string> {
  const real = fs.realpathSync(folder);
  const found = new Map<number, string>();
  for (const entry of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (fs.readlinkSync(`/proc/${entry}/cwd`) !== real) continue;
      found.set(Number(entry), fs.readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // The process has ended, or belongs to another user.
    }
  }
  return found;
}

/** Ends the processes whose working directory is `folder` with SIGKILL: the CLI, language hosts, plugins. */
export function killProcesses(folder: string): void {
  for (const id of listProcesses(folder).keys()) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has ended with another one.
    }
  }
}
