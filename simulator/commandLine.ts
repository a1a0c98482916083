import { Command as Program, Option } from "commander";
import { createDemoFleet } from "./demoFleet";
import { allDifferences, type Difference } from "./differences";
import type { Fault } from "./faults";
import { readDifferences, readDownRegion, readFailure, readLoss, several, wholeNumber } from "./flagValues";
import type { Fleet } from "./fleet";
import type { Provisioning } from "./lifecycles";
import type { SimulatorOptions } from "./options";

/** The result of reading a command line. */
export type Command =
  | {
      readonly kind: "start";
      readonly options: SimulatorOptions;
      readonly faults: readonly Fault[];
      /** When a newer backup of the first group is taken. */
      readonly backupAfterSeconds?: number;
    }
  | { readonly kind: "help" | "version" }
  /** `reason` is one line that says what is wrong. */
  | { readonly kind: "refuse"; readonly reason: string };

/** The values of the flags that are given. */
interface Flags {
  readonly port?: number;
  readonly pageCap?: number;
  readonly latency?: number;
  readonly takes?: number;
  readonly fleet?: "demo" | "healthy";
  readonly seed?: number;
  readonly backupAfter?: number;
  readonly deleted?: readonly string[];
  readonly differ?: readonly Difference[];
  readonly fail?: readonly Fault[];
  readonly lose?: readonly Fault[];
  readonly down?: readonly Fault[];
  readonly hang?: boolean;
  readonly redis?: boolean;
  readonly version?: boolean;
}

const DAY_SECONDS = 86_400;
const NARROWEST = 80;
const WIDEST = 110;

/** Returns the text of `--help` for a terminal of so many columns. */
export function writeHelp(columns: number = NARROWEST): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  return defineProgram()
    .configureOutput({ getOutHelpWidth: () => width })
    .helpInformation();
}

/** Reads the arguments after the program's name. Never throws: invalid arguments give a `refuse`. */
export function readCommandLine(args: readonly string[]): Command {
  const program = defineProgram();
  try {
    program.parse(args, { from: "user" });
    return readFlags(program.opts());
  } catch (error) {
    return readError(error, program);
  }
}

/** Returns the times of a simulator whose operations take so many real seconds each. */
export function takeSeconds(seconds: number): Provisioning {
  return { create: { seconds }, delete: { seconds }, resize: { seconds }, backup: { seconds } };
}

function defineProgram(): Program {
  return (
    new Program("ucloud-redis-simulator")
      .description(
        "Serves a local UCloud API with the Redis databases and backups of a made-up company, until it is interrupted. " +
          "Databases can be created, also from a backup, changed and deleted.",
      )
      // The caller writes, and chooses the exit code.
      .exitOverride()
      .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
      .option("--port <n>", "listen on this port (default: any free one)", wholeNumber("--port", 0, 65_535))
      .option(
        "--page-cap <n>",
        "return at most so many rows a page, whatever the request asks for (default: 100)",
        wholeNumber("--page-cap", 1, 1_000_000),
      )
      .option(
        "--latency <ms>",
        "delay each answer by so many milliseconds (default: 0)",
        wholeNumber("--latency", 0, 3_600_000),
      )
      .option(
        "--takes <seconds>",
        "how long creating, resizing, backing up and deleting take (default: 2)",
        wholeNumber("--takes", 0, DAY_SECONDS),
      )
      .addOption(
        new Option(
          "--fleet <name>",
          "the databases: some in trouble, or all healthy (default: demo)",
        ).choices(["demo", "healthy"]),
      )
      .option(
        "--seed <n>",
        "makes another fleet with other backup ids (default: 20)",
        wholeNumber("--seed", 0, 1_000_000),
      )
      .option(
        "--backup-after <seconds>",
        'take a newer backup of the first group after so long; a line "backup [ID]" on standard input takes one ' +
          "at once",
        wholeNumber("--backup-after", 0, DAY_SECONDS),
      )
      .option(
        "--deleted <id>",
        "this group or space no longer exists, but its backups do; may be given several times",
        several((id) => [id]),
      )
      .option(
        "--differ <kind>",
        `differ from what the package expects of the API: ${allDifferences.join(", ")}, or all; may be given several times`,
        several(readDifferences),
      )
      .option(
        "--fail <what>",
        "[ACTION=]STATUS|RETCODE[xN]: fail the first N requests (default: all) for this action (default: any) with this " +
          "HTTP status (400 to 599) or this RetCode (any other number); may be given several times",
        several(readFailure),
      )
      .option(
        "--lose <what>",
        "ACTION[xN]: carry out the first N requests (default: all) for this action, but cut the connection instead of " +
          "answering; may be given several times",
        several(readLoss),
      )
      .option(
        "--down <region>",
        "answer every request for this region with HTTP 503; may be given several times",
        several(readDownRegion),
      )
      .option("--hang", "never answer")
      .option(
        "--redis",
        "run a redis-server (6.2 or newer) on loopback for each URedis group: the one on PATH, or the one that " +
          "UCLOUD_REDIS_SIMULATOR_SERVER names",
      )
      .option("--version", "show the version")
      .helpOption("--help", "show this text")
  );
}

function readFlags(flags: Flags): Command {
  if (flags.version) return { kind: "version" };
  const { port, pageCap, latency: latencyMs, takes, backupAfter, differ: differs } = flags;
  const faults = [...(flags.down ?? []), ...(flags.fail ?? []), ...(flags.lose ?? [])];
  if (flags.hang) faults.push({ kind: "hang", times: Infinity });
  const fleet = chooseFleet(flags);
  return {
    kind: "start",
    options: {
      ...(port !== undefined && { port }),
      ...(pageCap !== undefined && { pageCap }),
      ...(latencyMs !== undefined && { latencyMs }),
      ...(takes !== undefined && { provisioning: takeSeconds(takes) }),
      ...(fleet && { fleet }),
      ...(differs && { differs }),
      ...(flags.redis && { redis: true }),
    },
    faults,
    ...(backupAfter !== undefined && { backupAfterSeconds: backupAfter }),
  };
}

function readError(error: unknown, program: Program): Command {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === "commander.helpDisplayed") return { kind: "help" };
  if (code === "commander.excessArguments") {
    return { kind: "refuse", reason: `there is no argument "${program.args[0] ?? ""}", only options` };
  }
  const reason = String(message)
    .replace(/^error: /, "")
    .replaceAll("\n", " ");
  return { kind: "refuse", reason };
}

/** Returns the fleet that the flags ask for; undefined for the default one. */
function chooseFleet({ fleet: name, seed, deleted }: Flags): Fleet | undefined {
  if (name === undefined && seed === undefined && deleted === undefined) return undefined;
  const choice = { now: new Date(), healthy: name === "healthy", ...(seed !== undefined && { seed }) };
  const fleet = createDemoFleet(choice);
  const unknown = deleted?.find((each) => fleet.databases?.every(({ id }) => id !== each));
  if (unknown !== undefined) throw new RangeError(`--deleted takes a group or space, not "${unknown}"`);
  return deleted ? createDemoFleet({ ...choice, deleted }) : fleet;
}
