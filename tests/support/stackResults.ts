/**
 * Quick results of updates. After each `up`, Pulumi's Automation API starts three more processes of the CLI,
 * which take longer than most updates here. What they print is in the stack's state.
 */
import fs from "node:fs";
import path from "node:path";
import type { OutputMap, UpdateSummary } from "@pulumi/pulumi/automation";
import type { EngineStack } from "../../tools/engine/engineStack";

/** The mark of a secret in state. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Lets a stack read its outputs and the summary of its last update from its state, where it can. */
export function readResultsFromState<Made extends EngineStack>(made: Made): Made {
  const { stack, folder } = made;
  const state = path.join(folder, "state", ".pulumi");
  const readOutputs = stack.outputs.bind(stack);
  stack.outputs = async () => readPlainOutputs(state, stack.name) ?? (await readOutputs());
  stack.info = () => Promise.resolve(readSummary(state, stack.name));
  return made;
}

/** The stack's outputs; undefined if one of them is secret, since only the CLI can decrypt it. */
function readPlainOutputs(state: string, name: string): OutputMap | undefined {
  const file = findFiles(path.join(state, "stacks"), (each) => each === `${name}.json`)[0];
  if (file === undefined) return undefined;
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    checkpoint: { latest?: { resources?: { type: string; outputs?: Record<string, unknown> }[] } };
  };
  const root = checkpoint.latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  if (root === undefined || JSON.stringify(root.outputs ?? {}).includes(SECRET)) return undefined;
  const outputs = Object.entries(root.outputs ?? {});
  return Object.fromEntries(outputs.map(([key, value]) => [key, { value, secret: false }]));
}

function readSummary(state: string, name: string): UpdateSummary | undefined {
  const isOfStack = (each: string): boolean => each.startsWith(`${name}-`) && each.endsWith(".history.json");
  const newest = findFiles(path.join(state, "history"), isOfStack).at(-1);
  if (newest === undefined) return undefined;
  return JSON.parse(fs.readFileSync(newest, "utf8")) as UpdateSummary;
}

/** The files below a folder with such names, sorted. Their names hold the time. */
function findFiles(folder: string, isWanted: (name: string) => boolean): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((each) => isWanted(path.basename(each)))
    .sort()
    .map((each) => path.join(folder, each));
}
