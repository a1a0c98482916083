import { Command, CommanderError, type OptionValues } from "commander";
import { version } from "../schema.json";

/** The part of a command that is about its arguments. */
export interface CommandLine {
  /** As users type it. */
  readonly name: string;
  /** What it does, and what it never does: the start of its help. */
  readonly description: string;
  /** Adds the options of the command. Those of {@link addSettingOptions} are there already. */
  readonly addOptions: (command: Command) => void;
  /** What is wrong with options that are well-formed by themselves. */
  readonly findProblem?: ((options: OptionValues) => string | undefined) | undefined;
  /** The end of the help, such as examples. */
  readonly epilogue?: string | undefined;
}

/** The options that every command has. Each overrides a setting. */
export interface SettingOptions {
  readonly region?: string;
  readonly project?: string;
  readonly profile?: string;
}

/** A command line that was read: options to run with, or the exit code of one that is done already. */
export type ReadCommandLine =
  | { readonly kind: "run"; readonly options: OptionValues & SettingOptions }
  | { readonly kind: "done"; readonly exitCode: 0 | 2 };

const SETTINGS_HELP = `
Settings come from these options, from environment variables (UCLOUD_PUBLIC_KEY, UCLOUD_PRIVATE_KEY,
UCLOUD_REGION, UCLOUD_PROJECT_ID, UCLOUD_PROFILE, ...) or from a profile of ~/.ucloud.

Exit code: 0 all is well, 1 a fault, 2 wrong usage, wrong settings or missing keys.`;

/** Reads the arguments after the program's name. Writes help to `writeOut`, and what is wrong to `writeErr`. */
export function readCommandLine(
  line: CommandLine,
  args: readonly string[],
  output: { readonly writeOut: (text: string) => void; readonly writeErr: (text: string) => void },
): ReadCommandLine {
  const command = new Command(line.name)
    .description(line.description)
    .version(version, "--version", "show the version")
    .helpOption("--help", "show this text")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ ...output, outputError: (text, write) => write(`${line.name}: ${cleanError(text)}`) });
  line.addOptions(command);
  addSettingOptions(command);
  command.addHelpText("after", SETTINGS_HELP);
  if (line.epilogue !== undefined) command.addHelpText("after", `\n${line.epilogue}`);
  try {
    const options = command.parse(args, { from: "user" }).opts<OptionValues & SettingOptions>();
    const problem = line.findProblem?.(options);
    if (problem !== undefined) command.error(problem);
    return { kind: "run", options };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "done", exitCode: 0 };
    output.writeErr(`Usage: ${command.createHelp().commandUsage(command)}\nSee ${line.name} --help.\n`);
    return { kind: "done", exitCode: 2 };
  }
}

function addSettingOptions(command: Command): void {
  command
    .option("--region <region>", "the region to look in")
    .option("--project <id>", "the project to look in")
    .option("--profile <name>", "the profile that settings are read from");
}

/** Drops values that the parser repeats: a key may have been pasted after an option that does not exist. */
function cleanError(text: string): string {
  return text.replace(/^error: /, "").replace(/'(--?[^'=\s]+)=.*'/s, "'$1'");
}
