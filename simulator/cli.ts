#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { readCommandLine, takeSeconds, writeHelp } from "./commandLine";
import { describeSimulator } from "./printedFleet";
import { startSimulator } from "./server";

/** How long things take unless `--takes` says otherwise: a person can watch them, and waits little. */
const DEFAULT_SECONDS = 2;

async function run(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      process.stdout.write(writeHelp(process.stdout.columns));
      return;
    case "version":
      process.stdout.write(`${readVersion()}\n`);
      return;
    case "refuse":
      process.stderr.write(`ucloud-redis-simulator: ${command.reason}\n`);
      process.exitCode = 2;
      return;
    case "start": {
      const simulator = await startSimulator({
        provisioning: takeSeconds(DEFAULT_SECONDS),
        ...command.options,
        // Why a server failed, or starts empty, is in no answer of the API.
        ...(command.options.redis === true && { redis: { log: writeLine } }),
      });
      for (const fault of command.faults) simulator.injectFault(fault);
      // Before anything is printed, so that a caller that waits for the output can stop the process
      // immediately.
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.close());
      process.stdout.write(describeSimulator(simulator));
    }
  }
}

function writeLine(line: string): void {
  process.stderr.write(`ucloud-redis-simulator: ${line}\n`);
}

function readVersion(): string {
  // By the package's name, because the relative path differs between simulator/ and dist/simulator/.
  const manifest: unknown = JSON.parse(
    readFileSync(require.resolve("pulumi-ucloud-redis/package.json"), "utf8"),
  );
  return (manifest as { version: string }).version;
}

run().catch((error: unknown) => {
  process.stderr.write(`ucloud-redis-simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
