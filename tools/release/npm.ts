import { runCommand } from "../childProcess";

/**
 * Runs npm, and resolves to its standard output.
 *
 * @throws with npm's own line of error, if it fails, without addresses: a registry may be a company's, with a key in it
 */
export async function runNpm(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { code, stdout, stderr } = await runCommand(npm, args, options);
  if (code === 0) return stdout;
  const lines = stderr.match(/^npm (?:error|ERR!) .*$/gm) ?? [stderr];
  throw new Error(redactAddresses(`npm ${args.join(" ")} failed:\n${lines.join("\n")}`));
}

/** A text without the servers that its addresses name. */
export function redactAddresses(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/"]+/g, "://…")
    .replaceAll(/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED) \S+/g, "$1 …");
}
