/** Whole projects for stacks on the real engine, which runs them with its own language hosts. */
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import type { EngineStack } from "../../tools/engineStack";
import { repositoryRoot } from "../../tools/repository";

const examples = path.join(repositoryRoot, "examples");

/**
 * Copies what of this checkout a project sees, so that stacks leave nothing in it: the examples and the root's
 * Pulumi.yaml; the plugin, `dist` and the installed packages are linked.
 *
 * @param name the project's folder, from the repository's root
 * @returns what `layOut` of a stack takes
 */
export function checkout(name: string): (folder: string) => string {
  return (folder) => {
    const root = path.join(folder, "checkout");
    fs.mkdirSync(root);
    for (const name of ["Pulumi.yaml", "package.json"]) {
      fs.copyFileSync(path.join(repositoryRoot, name), path.join(root, name));
    }
    for (const name of ["bin", "dist", "node_modules"]) {
      fs.symlinkSync(path.join(repositoryRoot, name), path.join(root, name), "junction");
    }
    // What the examples' own `npm install` leaves is none of the checkout.
    const filter = (file: string): boolean =>
      !/^(node_modules|package-lock\.json)$/.test(path.basename(file));
    fs.cpSync(examples, path.join(root, "examples"), { recursive: true, filter });
    return path.join(root, name);
  };
}

/**
 * Makes a project of a user's own.
 *
 * @param nodeModules what is installed in it
 * @param files what else it holds, by name
 * @returns what `layOut` of a stack takes
 */
export function project(
  nodeModules: string,
  files: Readonly<Record<string, string>>,
): (folder: string) => string {
  return (folder) => {
    const root = path.join(folder, "project");
    fs.mkdirSync(root);
    fs.symlinkSync(nodeModules, path.join(root, "node_modules"), "junction");
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, name), text);
    return root;
  };
}

/** Long enough for any command here; one that hangs is killed, and its result has no code. */
const COMMAND_MS = 120_000;

/** Runs a command of the CLI, as in a shell in the project's folder: `["preview"]`. */
export async function runPulumi(
  { stack }: Pick<EngineStack, "stack">,
  args: readonly string[],
): Promise<CommandResult> {
  const { pulumiCommand, envVars, pulumiHome = "", workDir } = stack.workspace;
  const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome, PULUMI_STACK: stack.name };
  const flags = ["--non-interactive", "--color", "never"];
  return runCommand(pulumiCommand.command, [...args, ...flags], { cwd: workDir, env, timeoutMs: COMMAND_MS });
}
