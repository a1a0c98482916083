import { type ErrorCode, InvalidInputError, RedisBackupError } from "../ucloud/errors";

/** What a command ends with: 0 all is well, 1 a fault, 2 wrong usage, settings or missing keys. */
export type ExitCode = 0 | 1 | 2;

/** A failure as a command shows it. */
export interface ShownFailure {
  readonly exitCode: ExitCode;
  /** Its code, as in the errors of the functions, or `Unexpected`. */
  readonly fault: ErrorCode | "Unexpected";
  /** Starts with the code in brackets. */
  readonly message: string;
}

/** The failures that another command line or other settings would mend. */
const WRONG_INPUT: ReadonlySet<ErrorCode> = new Set([
  "InvalidArgument",
  "InvalidConfig",
  "MissingCredentials",
]);

/**
 * Describes what a command failed with. Of an unexpected error it shows the kind only, since its message may
 * contain anything.
 *
 * @param optionNames the options of the command by the arguments that they give, to name what the user wrote
 */
export function describeFailure(
  error: unknown,
  optionNames: Readonly<Record<string, string>> = {},
): ShownFailure {
  if (!(error instanceof RedisBackupError)) {
    const kind = error instanceof Error ? error.name : typeof error;
    const message = `[Unexpected] The command failed in a way it should not (${kind}). Please report this.`;
    return { exitCode: 1, fault: "Unexpected", message };
  }
  const named = error instanceof InvalidInputError ? nameOptions(error, optionNames) : error;
  return {
    exitCode: WRONG_INPUT.has(error.code) ? 2 : 1,
    fault: error.code,
    message: named.message,
  };
}

function nameOptions(error: InvalidInputError, optionNames: Readonly<Record<string, string>>): Error {
  const { code, failures } = error;
  if (code !== "InvalidArgument" && code !== "InvalidConfig") return error;
  return new InvalidInputError(
    code,
    failures.map(({ property, reason }) => ({ property: optionNames[property] ?? property, reason })),
  );
}
