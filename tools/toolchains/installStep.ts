import { runCommand } from "../childProcess";

const installMs = 5 * 60_000;

/** One program of an installation. */
export interface InstallStep {
  /** What is being installed, for the error. */
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  /** @default the current one */
  readonly cwd?: string;
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a step of an installation, for at most five minutes.
 *
 * @throws with the last line of its output if it fails. Addresses are left out of it: logs must not name the
 * registry in use
 */
export async function runInstallStep({
  what,
  command,
  args,
  cwd,
  env = process.env,
}: InstallStep): Promise<void> {
  const options = { env, timeoutMs: installMs, isGroup: true, ...(cwd === undefined ? {} : { cwd }) };
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code === 0) return;
  const lines = `${stdout}\n${stderr}`.trim().split("\n");
  const reason = (lines.find((line) => line.startsWith("[ERROR]")) ?? lines.at(-1) ?? "").trim();
  const safe = reason.replaceAll(/\bhttps?:\/\/\S+/g, "(address)").replaceAll(/host='[^']*'/g, "host=…");
  throw new Error(`installing ${what} failed (${args.slice(0, 3).join(" ")}): ${safe || code}`);
}
