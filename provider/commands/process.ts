/** Runs a command as this process. */

import type { OptionValues } from "commander";
import { systemClock } from "../ucloud/clock";
import { getHostEnvironment } from "../ucloud/settingSources";
import { type CommandDefinition, runCommand } from "./command";

/**
 * Runs a command with the arguments, environment and streams of this process, and ends the process with its
 * exit code. A signal aborts its requests and ends the process as if nothing had handled it.
 */
export function runAsProcess<Options extends OptionValues>(definition: CommandDefinition<Options>): void {
  // With DEBUG, libraries print what they do to standard error, which may include a proxy's password.
  delete process.env.DEBUG;
  const cancellation = new AbortController();
  let received: NodeJS.Signals | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Once: a second signal ends the process immediately.
    process.once(signal, () => {
      received = signal;
      cancellation.abort();
    });
  }
  let isWritten = true;
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    // The reader has seen enough, as in `| head`. The exit code is still the verdict.
    if (code === "EPIPE") return;
    // What was not written was not seen: a gate must not pass.
    isWritten = false;
    process.exitCode = 1;
    process.stderr.write(`${definition.name}: Standard output cannot be written (${code ?? "unknown"}).\n`);
  });
  process.stderr.on("error", () => undefined);
  void runCommand(definition, {
    args: process.argv.slice(2),
    environment: getHostEnvironment(),
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    signal: cancellation.signal,
  }).then((exitCode) => {
    if (received !== undefined) {
      process.removeAllListeners(received);
      process.kill(process.pid, received);
      return;
    }
    // Not process.exit(), which would drop what a pipe has not taken yet.
    process.exitCode = isWritten ? exitCode : 1;
  });
}
