/** The real CLI as a process, for what happens when it is interrupted or killed. Linux only, as it looks into /proc. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";

/** A run of the CLI. */
export interface CliRun {
  readonly child: ChildProcess;
  /** Resolves with all it wrote once it has ended. */
  readonly ended: Promise<string>;
}

/** Starts `pulumi preview` on a stack whose program is in a language that the CLI runs by itself. */
export function startPreview(stack: Stack, env: Readonly<Record<string, string>> = {}): CliRun {
  const { workspace, name } = stack;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(
    workspace.pulumiCommand.command,
    ["preview", "--stack", name, "--non-interactive", "--color", "never"],
    {
      cwd: workspace.workDir,
      env: { PATH, HOME, PULUMI_HOME: workspace.pulumiHome ?? "", ...workspace.envVars, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return { child, ended: once(child, "close").then(() => output) };
}

/** The command lines of all processes that run in `folder`, as `ps` shows them, by process id. */
export function listProcesses(folder: string): Map<number, string> {
  const real = fs.realpathSync(folder);
  const found = new Map<number, string>();
  for (const entry of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (fs.readlinkSync(`/proc/${entry}/cwd`) !== real) continue;
      found.set(Number(entry), fs.readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // It has ended meanwhile, or is not ours to look at.
    }
  }
  return found;
}

/** Lets the event loop turn until something has happened; the test's own time limit ends the waiting. */
export async function until(hasHappened: () => boolean): Promise<void> {
  while (!hasHappened()) await new Promise((resolve) => setTimeout(resolve, 5));
}
