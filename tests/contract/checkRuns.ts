/** Runs the contract check against simulators. */

import type { Finding } from "../../provider/contract/findings";
import type { CheckReport } from "../../provider/contract/report";
import { checkContract, type CheckOptions } from "../../provider/contract/run";
import { checkCommand } from "../../provider/commands/checkCommand";
import { runCommand } from "../../provider/commands/command";
import { systemClock } from "../../provider/ucloud/clock";
import { demo, type Simulator } from "../../simulator/index";
import { createHostEnvironment } from "../support/hostEnvironment";
import { createVariables } from "../support/simulatedSettings";

/** Runs the check itself, without retries. */
export function runCheck(
  { url, publicKey, privateKey }: Pick<Simulator, "url" | "publicKey" | "privateKey">,
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> {
  const client = {
    baseUrl: url,
    credentials: { publicKey, privateKey },
    ...{ maxRetries: 0, timeoutSeconds: 10, maxConcurrency: 8, version: "1.2.3-test" },
  };
  return checkContract({
    client,
    scope: { region: demo.region, projectId: undefined },
    showIds: false,
    ...options,
  });
}

/** Runs the command in this process. */
export async function runCheckCommand(
  simulator: Pick<Simulator, "url" | "publicKey" | "privateKey">,
  args: readonly string[] = [],
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const exitCode = await runCommand(checkCommand, {
    args,
    environment: createHostEnvironment({ env: createVariables(simulator) }),
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    // Retries do not wait.
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
  });
  return { exitCode, ...written };
}

/** A finding in one line. */
export function writeFinding({ severity, action, field, text }: Finding): string {
  return `${severity} ${action}${field === undefined ? "" : ` ${field}`}: ${text}`;
}
