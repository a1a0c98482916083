import fs from "node:fs";
import path from "node:path";
import schema from "../../provider/schema.json";
import { runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import type { Block } from "../support/markdown";

/** A Python to use, and a folder for its input. */
export interface PythonRun {
  readonly python: string;
  readonly folder: string;
}

/**
 * Runs each block against Pulumi's mocks with the Python SDK.
 *
 * @returns the errors, each with the block's location
 */
export function checkPython(blocks: readonly Block[], run: PythonRun): Promise<string[]> {
  return runScript("runPrograms.py", { ...run, input: { schema, blocks } });
}

/**
 * Parses each block as C# and looks its names up in the .NET SDK.
 *
 * @param run a Python with the parser
 * @returns the errors, each with the block's location
 */
export function checkCsharp(blocks: readonly Block[], run: PythonRun): Promise<string[]> {
  const sdk = path.join(repositoryRoot, "sdk", "dotnet");
  return runScript("readCsharp.py", { ...run, input: { sdk, blocks } });
}

/** Runs a script of this folder, which prints a list of errors. @throws with its standard error if it fails */
async function runScript(
  script: string,
  { python, folder, input }: PythonRun & { readonly input: object },
): Promise<string[]> {
  const file = path.join(folder, `${script}.json`);
  fs.writeFileSync(file, JSON.stringify(input));
  const { code, stdout, stderr } = await runCommand(python, ["-I", path.join(__dirname, script), file]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}
