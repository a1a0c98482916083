/** `ucloud-redis-backups`: the newest usable backup of one database, or the report on all of them. */

import { Option } from "commander";
import type { FunctionToken, RawArguments } from "../backups/arguments";
import { lookupFunctions } from "../backups/functions";
import type { LookupContext } from "../backups/lookup";
import { type CommandDefinition, type CommandSession, requireRegion } from "./command";
import type { ExitCode } from "./failures";
import { describeLatest, type LatestBackup } from "./latestOutput";
import { describeReport } from "./reportOutput";

/** What users can give, by the names of the options. */
interface BackupsOptions {
  readonly group?: string;
  readonly space?: string;
  readonly zone?: string;
  readonly all?: true;
  readonly kind?: string;
  readonly regions?: string;
  readonly region?: string;
  readonly exclude?: string;
  readonly allowEmpty?: true;
  readonly maxAge?: string;
  readonly regionType?: string;
  readonly json?: true;
}

/** The options that give an argument of a function, by that argument. */
const OPTION_NAMES = {
  groupId: "--group",
  regionType: "--region-type",
  spaceId: "--space",
  zone: "--zone",
  kinds: "--kind",
  regions: "--regions",
  excludeIds: "--exclude",
  allowEmpty: "--allow-empty",
  maxAge: "--max-age",
} as const;

/** What the functions advise, and what that is here. The command always prints the whole report. */
const ADVICE = [
  ["raise maxAge, or set onStale to `warn`", "or raise --max-age"],
  ["leave maxAge out, or set onStale to `warn`", "or leave --max-age out"],
  ["leave it out with `excludeIds`", "leave it out with --exclude"],
  ["`excludeIds` names", "--exclude names"],
  ["or set allowEmpty", "or give --allow-empty"],
  ["onStale `warn` returns all", "the table has all"],
] as const;

/** The functions that the command calls, each with the arguments that its options give. */
export const CALLED_FUNCTIONS = {
  "ucloud-redis:index:getLatestURedisBackup": ["groupId", "regionType", "maxAge"],
  "ucloud-redis:index:getLatestUMemBackup": ["spaceId", "zone", "maxAge"],
  "ucloud-redis:index:getRedisBackupReport": ["kinds", "regions", "excludeIds", "allowEmpty", "maxAge"],
} as const satisfies Partial<Record<FunctionToken, readonly (keyof typeof OPTION_NAMES)[]>>;

/** The options that only one of the forms takes. */
const FORMS = {
  group: ["regionType"],
  space: ["zone"],
  all: ["kind", "regions", "exclude", "allowEmpty"],
} as const;

/** The command. */
export const backupsCommand: CommandDefinition<BackupsOptions> = {
  name: "ucloud-redis-backups",
  description:
    "Finds the newest backup that a UCloud Redis database can be restored from, or reports on all databases.\n" +
    "It only reads.",
  optionNames: OPTION_NAMES,
  advice: ADVICE,
  addOptions: (command) =>
    command
      .option("--group <id>", "this URedis group")
      .option("--space <id>", "this UMem space; with --zone")
      .option("--zone <zone>", "the zone of the space")
      .option("--all", "all groups and spaces, which the command finds itself")
      .addOption(new Option("--kind <kind>", "with --all: only these").choices(["uredis", "umem"]))
      .option("--regions <a,b>", "with --all: the regions to look in, instead of --region")
      .option("--exclude <id,id>", "with --all: the databases to leave out")
      .option("--allow-empty", "with --all: finding no database at all is no fault")
      .option("--max-age <duration>", "a backup older than that is a fault: 26h, 90m, 7d (with --all: 26h)")
      .addOption(
        new Option("--region-type <type>", "with --group: cross-region backups").choices([
          "normal",
          "source",
          "target",
        ]),
      )
      .option("--json", "print the result as JSON"),
  findProblem,
  epilogue: `Examples:
  ucloud-redis-backups --group uredis-a1b2c3 --region cn-bj2
  ucloud-redis-backups --space udredis-a1b2c3 --zone cn-bj2-04 --region cn-bj2 --max-age 26h
  ucloud-redis-backups --all --regions cn-bj2,cn-sh2`,
  run: (options, session) => (options.all ? report(options, session) : findLatest(options, session)),
};

function findProblem(options: BackupsOptions): string | undefined {
  const forms = (["group", "space", "all"] as const).filter((form) => options[form] !== undefined);
  const [form] = forms;
  if (form === undefined || forms.length > 1) return "give exactly one of --group, --space and --all";
  if (form === "space" && options.zone === undefined) return "--space needs --zone";
  for (const [owner, names] of Object.entries(FORMS)) {
    const stray = owner === form ? undefined : names.find((name) => options[name] !== undefined);
    if (stray !== undefined) return `${writeOption(stray)} goes with --${owner}`;
  }
  return options.regions !== undefined && options.region !== undefined
    ? "give either --region or --regions"
    : undefined;
}

function writeOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function findLatest(
  { group, space, zone, maxAge, regionType, json }: BackupsOptions,
  session: CommandSession,
): Promise<ExitCode> {
  const region = requireRegion(session.settings);
  const source =
    group === undefined ? `UMem space ${space ?? ""} in ${zone ?? ""}` : `URedis group ${group} in ${region}`;
  session.terminal.reportProgress(`Looking up the backups of ${source}`);
  const latest = await session.lookUp<LatestBackup>((context) =>
    group === undefined
      ? call("ucloud-redis:index:getLatestUMemBackup", { spaceId: space, zone, maxAge }, context)
      : call("ucloud-redis:index:getLatestURedisBackup", { groupId: group, regionType, maxAge }, context),
  );
  if (json) session.terminal.printJson(latest);
  else session.terminal.print(describeLatest(source, latest));
  return 0;
}

async function report(
  { kind, regions: list, exclude, allowEmpty, maxAge, json }: BackupsOptions,
  session: CommandSession,
): Promise<ExitCode> {
  // Empty parts stay: the function refuses them, as it would a region that was meant.
  const regions = splitList(list) ?? [requireRegion(session.settings)];
  session.terminal.reportProgress(`Looking up the backups of all databases in ${regions.join(", ")}`);
  const args = {
    kinds: kind === undefined ? undefined : [kind],
    regions,
    excludeIds: splitList(exclude),
    allowEmpty,
    maxAge,
    onStale: "warn",
  };
  const result = await session.lookUp((context) =>
    call("ucloud-redis:index:getRedisBackupReport", args, context),
  );
  if (json) session.terminal.printJson(result);
  else session.terminal.print(describeReport(result));
  return result.faulty === 0 ? 0 : 1;
}

function splitList(text: string | undefined): readonly string[] | undefined {
  return text?.split(",").map((each) => each.trim());
}

/** Calls a function of the schema with the arguments that were given. */
function call<Token extends keyof typeof CALLED_FUNCTIONS>(
  token: Token,
  args: RawArguments,
  context: LookupContext,
): ReturnType<(typeof lookupFunctions)[Token]> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return lookupFunctions[token](Object.fromEntries(given), context) as ReturnType<
    (typeof lookupFunctions)[Token]
  >;
}
