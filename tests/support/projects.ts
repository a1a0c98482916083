/** Whole projects for stacks on the real engine, which runs them with its own language hosts. */
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import type { EngineStack } from "../../tools/engine/engineStack";
import { repositoryRoot } from "../../tools/repository";

const examples = path.join(repositoryRoot, "examples");

/** Long enough for any command here. */
const COMMAND_MS = 120_000;

/**
 * A copy of the parts of this checkout that a project needs, so that stacks write nothing into the checkout:
 * the examples and the root's Pulumi.yaml. The plugin, `dist`, the SDKs and the installed packages are links.
 *
 * @param name the project's folder, from the repository's root
 * @returns the `layOut` of a stack
 */
export function checkout(name: string): (folder: string) => string {
  return (folder) => {
    const root = path.join(folder, "checkout");
    fs.mkdirSync(root);
    for (const name of ["Pulumi.yaml", "package.json"]) {
      fs.copyFileSync(path.join(repositoryRoot, name), path.join(root, name));
    }
    for (const name of ["bin", "dist", "node_modules", "sdk"]) {
      fs.symlinkSync(path.join(repositoryRoot, name), path.join(root, name), "junction");
    }
    // What a run or an `npm install` leaves in an example's folder is not part of the checkout.
    const filter = (file: string): boolean =>
      !/^(node_modules|package-lock\.json|venv|target|__pycache__)$/.test(path.basename(file));
    fs.cpSync(examples, path.join(root, "examples"), { recursive: true, filter });
    return path.join(root, name);
  };
}

/**
 * A user's project.
 *
 * @param nodeModules the folder with its installed packages
 * @param files its other files, by name
 * @returns the `layOut` of a stack
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

/**
 * Runs a command of the CLI (`["preview"]`), as a user does in the project's folder. A command that takes
 * longer than `timeoutMs` is killed, and its result has no code.
 */
export function runPulumi(
  { stack }: Pick<EngineStack, "stack">,
  args: readonly string[],
  { timeoutMs = COMMAND_MS }: { readonly timeoutMs?: number } = {},
): Promise<CommandResult> {
  const { pulumiCommand, envVars, pulumiHome = "", workDir } = stack.workspace;
  const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome, PULUMI_STACK: stack.name };
  const flags = ["--non-interactive", "--color", "never"];
  return runCommand(pulumiCommand.command, [...args, ...flags], { cwd: workDir, env, timeoutMs });
}
