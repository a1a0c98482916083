/** From arguments to a checked request: the backup, every default, the preflight. Reads only. */

import { dropNullish, type RawArguments, refuseIfAny, writeVersionAsText } from "../backups/arguments";
import { describeSkipped } from "../backups/pinMessages";
import { quoteText } from "../backups/text";
import type { CreateGroup, CreateSpace, DatabaseScope } from "../ucloud/databases";
import {
  type ErrorCode,
  type InputFailure,
  RedisBackupError,
  rewordError,
  stripCode,
} from "../ucloud/errors";
import { chooseBackup, type ChosenBackup, findSourceFailures, resolveScope } from "./choice";
import { describeCosts } from "./costs";
import { type Defaults, findMissing, pickConfig, resolveDefaults, writeOfferedVersion } from "./defaults";
import type { RestoreKind } from "./kinds";
import { type LiveSource, lookAtSource, readZoneFacts, type ZoneFacts } from "./liveFacts";
import { COPIES, placeValues, readLocations } from "./locations";
import { runPreflight } from "./preflight";
import type { ResourceOutputs, RestoreContext } from "./resource";
import { readValues, type RestoreValues, takeText } from "./restoreArguments";
import { findRuleFailures } from "./rules";

/** Everything that a creation needs: the backup is chosen, every default is resolved, the preflight has passed. */
export interface RestorePlan {
  readonly scope: DatabaseScope;
  /** The whole request. Its `name` is the one that the database shall have in the end. */
  readonly request: CreateGroup | CreateSpace;
  /** The outputs as far as they are known before anything is created, `backup` and `source` included. */
  readonly outputs: ResourceOutputs;
  /** The backup in words that follow "Restored", such as "backup `x` (or copy) of URedis group y, made ... ago". */
  readonly description: string;
  /** What is created, in words that follow "into": "a new URedis group x, 8 GB, version 6.0, in cn-bj2-02". */
  readonly target: string;
  /** What a preview shows besides: newer backups that were skipped, the price, and which configuration is used instead of the source's. */
  readonly notes: readonly string[];
}

/** The arguments without which no backup can be chosen. */
const ESSENTIAL = ["source", "region", "projectId"] as const;

/** What a lookup answers where no backup can be chosen. */
const NO_CHOICE: ReadonlySet<ErrorCode> = new Set(["NoBackups", "NoUsableBackup", "StaleBackup"]);

/** Whether a preview can plan although these arguments are not known yet. */
export function isPlannable(unknown: ReadonlySet<string>): boolean {
  return ESSENTIAL.every((name) => !unknown.has(name));
}

/**
 * Chooses the backup, resolves every default and runs the preflight. Reads only.
 *
 * @param unknown the arguments that are not known yet, in a preview: they must be {@link isPlannable}. The request
 * lacks them then, and what depends on them is not checked
 * @throws RedisBackupError if there is no usable backup, or something that was checked contradicts the restore
 */
export async function planRestore(
  kind: RestoreKind,
  args: RawArguments,
  context: RestoreContext,
  unknown: ReadonlySet<string> = new Set(),
): Promise<RestorePlan> {
  const given = readValues(writeVersionAsText(args));
  refuseBadSource(kind, given, { context, unknown });
  const { backup, source } = await chooseAndLook(kind, given, context);
  const values = placeValues(given, backup.place);
  const basis = { values, unknown, backup, source };
  const filled = resolveDefaults(kind, basis);
  const zone = await readZoneFacts(kind, { backup, settings: filled, unknown }, context);
  const settings = settle(kind, filled, { zone, unknown });
  const missing = [...findMissing(filled, basis), ...findMissingConfig(kind, settings, unknown)];
  const { failures, warnings } = runPreflight({ kind, values, settings, unknown, backup, source, zone });

  // What is not known yet may be `warn`.
  const isLenient = values.preflight === "warn" || unknown.has("preflight");
  refuseIfAny(isLenient ? missing : joinFailures(missing, failures));
  const doubts = isLenient ? failures.map(describeIgnored) : [];
  for (const text of [...source.warnings, ...zone.warnings, ...warnings, ...doubts]) context.warn(text);
  return composePlan(kind, { values, settings, backup, source, zone, now: context.now() });
}

function refuseBadSource(
  kind: RestoreKind,
  values: RestoreValues,
  options: { readonly context: RestoreContext; readonly unknown: ReadonlySet<string> },
): void {
  if (values.source === undefined) {
    const reason = `is required to restore: it says which backup the ${kind.noun} is made from`;
    const isLenient = values.preflight === "warn";
    refuseIfAny([{ property: "source", reason }, ...(isLenient ? [] : findRuleFailures(values))]);
  }
  refuseIfAny(findSourceFailures(kind, values, options));
}

/**
 * The backup and the live source, at once where the program names the source and its only region. Not where a backup
 * may be waited for: what is known of the source would be old by then.
 */
async function chooseAndLook(
  kind: RestoreKind,
  values: RestoreValues,
  context: RestoreContext,
): Promise<{ backup: ChosenBackup; source: LiveSource }> {
  const { source = {} } = values;
  const choose = (): Promise<ChosenBackup> => chooseBackup(kind, values, context).catch(nameSource);
  const named = takeText(source, kind.idProperty);
  const isNamed = named !== undefined && readLocations(source) === undefined;
  if (!isNamed || takeText(source, "waitForRunning") !== undefined) {
    const backup = await choose();
    const { scope, regionType, databaseId } = backup;
    const isCopy = regionType === COPIES;
    const id = named ?? databaseId;
    return { backup, source: await lookAtSource(kind, { scope, id, isCopy }, context) };
  }
  const { region = "", projectId } = resolveScope(values, context);
  const isCopy = source["regionType"] === COPIES;
  const look = lookAtSource(kind, { scope: { region, projectId }, id: named, isCopy }, context);
  const [backup, live] = await Promise.all([choose(), look]);
  return { backup, source: live };
}

/** Says which argument asked for a backup that there is not. */
function nameSource(error: unknown): never {
  if (!(error instanceof RedisBackupError) || !NO_CHOICE.has(error.code)) throw error;
  throw rewordError(error, `source: ${stripCode(error)}`);
}

/** The settings in the words of the zone: the version as it is offered, and the configuration for it. */
function settle(
  kind: RestoreKind,
  settings: Defaults,
  { zone, unknown }: { readonly zone: ZoneFacts; readonly unknown: ReadonlySet<string> },
): Defaults {
  if (kind.kind === "umem") return { ...settings, configId: undefined };
  if (settings.version === undefined) return settings;
  const version = writeOfferedVersion(settings.version, zone.versions);
  const isPicked = settings.configId === undefined && !unknown.has("configId");
  return { ...settings, version, configId: isPicked ? pickConfig(version, zone.configs) : settings.configId };
}

function findMissingConfig(
  kind: RestoreKind,
  { version, configId }: Defaults,
  unknown: ReadonlySet<string>,
): InputFailure[] {
  if (kind.kind === "umem" || configId !== undefined || version === undefined) return [];
  if (unknown.has("configId")) return [];
  const reason = `is required: no default configuration is known for version ${version}`;
  return [{ property: "configId", reason }];
}

/** A version that is refused needs no configuration. */
function joinFailures(missing: readonly InputFailure[], failures: readonly InputFailure[]): InputFailure[] {
  const isVersionRefused = failures.some(({ property }) => property === "version");
  return [...missing.filter(({ property }) => property !== "configId" || !isVersionRefused), ...failures];
}

function describeIgnored({ property, reason }: InputFailure): string {
  return `The preflight would refuse this, and \`preflight\` is \`warn\`: ${property} ${reason}.`;
}

interface PlanParts {
  readonly values: RestoreValues;
  readonly settings: Defaults;
  readonly backup: ChosenBackup;
  readonly source: LiveSource;
  readonly zone: ZoneFacts;
  readonly now: Date;
}

function composePlan(kind: RestoreKind, parts: PlanParts): RestorePlan {
  const { values, settings, backup, source, zone, now } = parts;
  const { scope } = backup;
  const costs = describeCosts(zone.prices, settings, now);
  const sourceConfig = source.database?.configId;
  const isOtherConfig = sourceConfig !== undefined && sourceConfig !== settings.configId;
  const configNote = `The source uses configuration ${sourceConfig ?? ""}, the restored group ${settings.configId ?? ""}.`;
  return {
    scope,
    request: kind.kind === "uredis" ? createGroup(settings, backup) : createSpace(settings, backup),
    outputs: dropNullish({
      ...settings,
      ...scope,
      source: values.source,
      backup: backup.result,
      preflight: values.preflight,
      triggers: values.triggers,
    }),
    description: backup.description,
    target: describeTarget(kind, settings, scope),
    notes: [
      ...describeSkipped(backup.skipped),
      ...(kind.kind === "uredis" && isOtherConfig && values.configId === undefined ? [configNote] : []),
      ...(costs === undefined ? [] : [costs]),
    ],
  };
}

function describeTarget(
  kind: RestoreKind,
  { name, size, version, zone, slaveZone }: Defaults,
  { region }: DatabaseScope,
): string {
  const parts = [
    `a new ${kind.noun}${name === undefined ? "" : ` ${quoteText(name)}`}`,
    ...(size === undefined ? [] : [`${size} GB`]),
    ...(version === undefined ? [] : [`version ${version}`]),
    `in ${zone ?? region}`,
    ...(slaveZone === undefined ? [] : [`with its replica in ${slaveZone}`]),
  ];
  return parts.join(", ");
}

/** The part of a request that both kinds have. Only a preview, with unknown arguments, lacks any of these. */
function createCommon(settings: Defaults, { scope, backupId }: ChosenBackup) {
  const { name = "", zone = "", size = 0, slaveZone, version, vpcId, subnetId, port } = settings;
  const { highPerformance, chargeType, quantity, tag, password } = settings;
  return {
    ...{ ...scope, backupId, name, zone, size, slaveZone, version, vpcId, subnetId, port },
    ...{ highPerformance, chargeType, quantity, tag, password },
  };
}

function createGroup(settings: Defaults, backup: ChosenBackup): CreateGroup {
  const { configId, highAvailability = true, autoBackup = true, backupHour } = settings;
  return {
    kind: "uredis",
    ...createCommon(settings, backup),
    ...{ configId, highAvailability, autoBackup, backupHour },
  };
}

function createSpace(settings: Defaults, backup: ChosenBackup): CreateSpace {
  const { blockCount, proxySize, proxyPort, clusterMode } = settings;
  return {
    kind: "umem",
    ...createCommon(settings, backup),
    sourceSpaceId: backup.databaseId ?? "",
    ...{ blockCount, proxySize, proxyPort, clusterMode },
  };
}
