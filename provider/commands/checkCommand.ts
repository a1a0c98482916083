/** `ucloud-redis-check`: how the API differs from what this package expects of it. */

import { CheckStoppedError } from "../contract/asker";
import { getExitCode } from "../contract/report";
import { checkContract } from "../contract/run";
import { version } from "../schema.json";
import { describeCheck } from "./checkOutput";
import { type CommandDefinition, type CommandSession, requireRegion } from "./command";
import type { ExitCode } from "./failures";

/** What users can give, by the names of the options. */
interface CheckCommandOptions {
  readonly group?: string;
  readonly space?: string;
  readonly zone?: string;
  readonly json?: true;
  readonly showIds?: true;
}

/** The command. */
export const checkCommand: CommandDefinition<CheckCommandOptions> = {
  name: "ucloud-redis-check",
  description:
    "Checks how UCloud's API differs from what this package expects of it, for one URedis group and one UMem " +
    "space. It only reads. What it prints holds no id, name, address, price or size, so that it can be pasted " +
    "into an issue.",
  addOptions: (command) =>
    command
      .option("--group <id>", "the group to ask about (default: one with many backups)")
      .option("--space <id>", "the space to ask about (default: one with many backups)")
      .option("--zone <zone>", "the zone of both; without ids, only databases in it are taken")
      .option("--json", "print the result as JSON")
      .option("--show-ids", "also print ids, request uuids and the API's messages; links never"),
  epilogue: `A fault is a difference that this package relies on. The exit code is 2 as well if the API cannot be
reached, and if there is no database to ask about.`,
  run,
};

async function run(options: CheckCommandOptions, session: CommandSession): Promise<ExitCode> {
  const { settings, terminal, clock, signal } = session;
  const { group: groupId, space: spaceId, zone, json, showIds = false } = options;
  const { credentials, baseUrl, maxRetries, timeoutSeconds, maxConcurrency, projectId } = settings;
  const scope = { region: requireRegion(settings), projectId };
  const client = { credentials, baseUrl, maxRetries, timeoutSeconds, maxConcurrency, version, clock };
  const onAsk = (text: string): void => terminal.reportProgress(text);
  try {
    const report = await checkContract({ client, scope, groupId, spaceId, zone, showIds, onAsk, signal });
    if (json) terminal.printJson(report);
    else terminal.print(describeCheck(report));
    return getExitCode(report);
  } catch (error) {
    if (!(error instanceof CheckStoppedError)) throw error;
    const { message: short, detail } = error;
    const hint = detail === short ? "" : " (--show-ids shows the whole error)";
    const message = showIds ? detail : `${short}${hint}`;
    terminal.complain(`Could not check. ${message}`);
    if (json) terminal.printJson({ fault: "NotChecked", message });
    return 2;
  }
}
