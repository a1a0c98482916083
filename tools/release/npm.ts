import { runCommand } from "../childProcess";

/**
 * Runs npm, and resolves to its standard output.
 *
 * @throws with what npm wrote to standard error, if it fails
 */
export async function runNpm(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { code, stdout, stderr } = await runCommand(npm, args, options);
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}
