import type { OptionValues } from "commander";
import { type CommandDefinition, runCommand } from "../../provider/commands/command";
import { createInstantClock } from "../support/fakeClock";
import { createHostEnvironment } from "../support/hostEnvironment";

/** The present time of the fleets and of the command's clock. */
export const NOW = new Date("2026-01-31T00:12:00.000Z");

/** What a command wrote and ended with. */
export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** What a run has besides its arguments. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, unknown>;
  readonly signal?: AbortSignal;
}

/** Runs a command in this process, with an instant clock and without a terminal. */
export async function runInProcess<Options extends OptionValues>(
  definition: CommandDefinition<Options>,
  args: readonly string[],
  { env, files, signal = new AbortController().signal }: RunOptions = {},
): Promise<CommandRun> {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runCommand(definition, {
    args,
    environment: createHostEnvironment({ ...(env && { env }), ...(files && { files }) }),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => errors.push(text) },
    clock: createInstantClock({ startMs: NOW.getTime() }),
    signal,
  });
  return { code, out: out.join(""), errors: errors.join("") };
}
