import { createRequire } from "node:module";
import path from "node:path";
import { repositoryRoot } from "../repository";

/**
 * Runs an example's Node.js program in this process, again on each call. Returns its exports: the stack's
 * outputs.
 */
export function loadExample(name: string): Record<string, unknown> {
  const load = createRequire(__filename);
  const folder = path.join(repositoryRoot, "examples", name);
  for (const file of Object.keys(load.cache)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a cached module would not run again
    if (file.startsWith(folder + path.sep)) delete load.cache[file];
  }
  return load(folder) as Record<string, unknown>;
}
