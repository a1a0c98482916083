/**
 * Runs a command: arguments, settings, the task, its failure, its exit code. Everything from outside is in
 * {@link CommandHost}, so that tests run commands in their own process.
 */

import type { OptionValues } from "commander";
import type { LookupContext } from "../backups/lookup";
import { Connections } from "../engine/connections";
import { type EngineLog, runLookup } from "../engine/lookupSession";
import type { Clock } from "../ucloud/clock";
import type { Credentials } from "../ucloud/client";
import type { HostEnvironment } from "../ucloud/settingSources";
import { InvalidInputError } from "../ucloud/errors";
import { requireCredentials, resolveSettings, type Settings } from "../ucloud/settings";
import { type CommandLine, readCommandLine, type SettingOptions } from "./commandLine";
import { describeFailure, type ExitCode } from "./failures";
import { type OutputStream, Terminal } from "./terminal";

/** What a command gets from outside. */
export interface CommandHost {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly environment: HostEnvironment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
}

/** A command. */
export interface CommandDefinition<Options extends OptionValues> extends CommandLine {
  /** The options by the arguments of functions that they give, for messages: `{ maxAge: "--max-age" }`. */
  readonly optionNames?: Readonly<Record<string, string>> | undefined;
  /** What texts of the functions advise, each with what to write instead: the command has other words for it. */
  readonly advice?: readonly (readonly [text: string, own: string])[] | undefined;
  /** Does what the command is for, and prints its result. */
  readonly run: (options: Options & SettingOptions, session: CommandSession) => Promise<ExitCode>;
}

/** What a command works with. */
export interface CommandSession {
  /** The settings, with the options and the keys in place. */
  readonly settings: Settings & { readonly credentials: Credentials };
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  /** Runs a lookup over one connection. The settings' notices and warnings are shown with the first. */
  readonly lookUp: <Result>(task: (context: LookupContext) => Promise<Result>) => Promise<Result>;
}

/** The options by the settings that they give. */
const SETTING_OPTION_NAMES = { region: "--region", projectId: "--project", profile: "--profile" };

const KEY_ADVICE =
  "Set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY, or name a profile of ~/.ucloud/credential.json with --profile or " +
  "UCLOUD_PROFILE.";

/**
 * Runs a command. Never rejects. A failure is one text on standard error, and with `--json` also an object on
 * standard output. A cancelled command writes nothing more.
 */
export async function runCommand<Options extends OptionValues>(
  definition: CommandDefinition<Options>,
  host: CommandHost,
): Promise<ExitCode> {
  const { clock, stdout, stderr, signal } = host;
  const terminal = new Terminal({ name: definition.name, stdout, stderr, clock });
  const read = readCommandLine(definition, host.args, {
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.explain(text.trimEnd()),
  });
  if (read.kind === "done") return read.exitCode;
  const reword = createRewording(definition.advice);
  const connections = new Connections();
  const cancel = (): void => connections.cancel();
  signal.addEventListener("abort", cancel);
  try {
    signal.throwIfAborted();
    const session = openSession(read.options, { host, terminal, connections, reword });
    // `Options` is what the definition's own options are read into.
    return await terminal.watch(() => definition.run(read.options as Options & SettingOptions, session));
  } catch (error) {
    if (signal.aborted) return 1;
    const { exitCode, fault, ...failure } = describeFailure(error, {
      ...SETTING_OPTION_NAMES,
      ...definition.optionNames,
    });
    const message = reword(failure.message);
    terminal.complain(message);
    if (read.options["json"] === true) terminal.printJson({ fault, message });
    return exitCode;
  } finally {
    signal.removeEventListener("abort", cancel);
    // Kept-alive connections would keep the process running.
    connections.cancel();
  }
}

function openSession(
  options: SettingOptions,
  outside: {
    readonly host: CommandHost;
    readonly terminal: Terminal;
    readonly connections: Connections;
    readonly reword: (text: string) => string;
  },
): CommandSession {
  const { host, terminal, connections, reword } = outside;
  const given = { region: options.region, projectId: options.project, profile: options.profile };
  const resolved = resolveSettings(given, host.environment);
  const settings = { ...resolved, credentials: requireCredentials(resolved, KEY_ADVICE) };
  const { clock, signal } = host;
  const now = (): Date => new Date(clock.now());
  const log: EngineLog = { ...terminal.log, warn: (text) => terminal.log.warn(reword(text)) };
  return {
    settings,
    terminal,
    clock,
    signal,
    lookUp: (task) => runLookup({ settings, connections, log, now, clock }, task),
  };
}

function createRewording(advice: CommandDefinition<OptionValues>["advice"] = []): (text: string) => string {
  return (text) => advice.reduce((changed, [theirs, own]) => changed.replaceAll(theirs, own), text);
}

/**
 * The region of the settings.
 *
 * @throws InvalidInputError `InvalidConfig` if there is none
 */
export function requireRegion({ region }: Settings): string {
  if (region !== undefined) return region;
  const reason = "is missing: give --region, or set UCLOUD_REGION or the profile's region";
  throw new InvalidInputError("InvalidConfig", [{ property: "region", reason }]);
}
