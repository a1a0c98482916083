/** `getRedisBackupReport`: whether every database has a recent usable backup. */

import type { GetRedisBackupReportResult, ReportedDatabase, ReportedRegion } from "../schemaTypes";
import type { Database } from "../ucloud/databases";
import { isBeforeRunning } from "../ucloud/databaseStates";
import { type ErrorCode, RedisBackupError, stripCode } from "../ucloud/errors";
import type { RawArguments } from "./arguments";
import { dropUndefined } from "./fields";
import type { LookupContext } from "./lookup";
import { compareTexts } from "./order";
import { createReportRequest, type ReportRequest } from "./reportArguments";
import { RegionHealth } from "./regionHealth";
import { checkDatabase, type CheckOptions, type ReportEntry } from "./reportEntries";
import { describeFaults, type Fault, nameDatabase } from "./reportMessages";
import { describeNothing, createUnlistedError, describeUnusedExclusions } from "./reportSilence";
import { maskUnprintable, shortenText } from "./text";

/** A region, and what was found in it. */
export interface RegionReport {
  readonly region: string;
  /** Why its databases could not be listed, or not all of them. */
  readonly failure?: RedisBackupError;
  /** Whether nothing of it is known. */
  readonly isUnlisted: boolean;
  /** The ids of all rows, whatever they are. */
  readonly ids: ReadonlySet<string>;
  /** How many databases there are before the filters, without those that `idle` counts. */
  readonly living: number;
  /** How many databases are being made or deleted, or never ran. */
  readonly idle: number;
  readonly entries: readonly ReportEntry[];
}

/** A database in one of these states never ran, or needs no backup any more. */
const IDLE_STATES: ReadonlySet<string> = new Set(["CreateFail", "Deleting"]);

/** Worst first: any other code is that of a lookup that failed, which is worse. */
const FAULTS_BY_GRAVITY = ["NoBackups", "NoUsableBackup", "StaleBackup"];

/**
 * The function of the schema. It checks its arguments. All regions and databases are looked up concurrently, within the
 * client's `maxConcurrency`.
 *
 * @throws RedisBackupError once, with all faults; `NotFound` if there was no database to check; `Cancelled`
 */
export async function getRedisBackupReport(
  args: RawArguments,
  context: LookupContext,
): Promise<GetRedisBackupReportResult> {
  const request = createReportRequest(args, context);
  // Missing keys are no fault of a region.
  context.openApi();
  const regions = await Promise.all(
    request.regions.map((region) => checkRegion(region, { request, context })),
  );
  if (regions.every(({ isUnlisted }) => isUnlisted)) throw createUnlistedError(regions);

  const unused = describeUnusedExclusions(request, regions);
  if (unused !== undefined) context.warn(unused);
  const entries = sortWorstFirst(regions);
  reportFaults({ regions, entries, request, context });
  if (entries.length === 0 && !request.allowEmpty) {
    throw new RedisBackupError("NotFound", describeNothing(request, regions));
  }
  const report = createReport({ regions, entries, request });
  context.tell?.(describeCounts(report));
  return report;
}

/** The report on one line. */
function describeCounts({ regions, checked, healthy, fresh, faulty }: GetRedisBackupReportResult): string {
  const names = regions.map(({ region }) => shortenText(region)).join(", ");
  const databases = `${checked} ${checked === 1 ? "database" : "databases"}`;
  return `Checked the backups of ${databases} in ${names}: ${healthy} healthy, ${fresh} too new to have one, ${faulty} faulty.`;
}

async function checkRegion(
  region: string,
  options: { readonly request: ReportRequest; readonly context: LookupContext },
): Promise<RegionReport> {
  const { request, context } = options;
  const listing = await context
    .openApi()
    .listDatabases({ region, projectId: request.projectId })
    .catch((error: unknown) => {
      if (error instanceof RedisBackupError && error.code !== "Cancelled") return error;
      throw error;
    });
  if (listing instanceof RedisBackupError) {
    return { region, failure: listing, isUnlisted: true, ids: new Set(), living: 0, idle: 0, entries: [] };
  }
  const { databases, isComplete } = listing;
  const own = databases.filter(isRedisDatabase);
  const oldestMs = context.now().getTime() - request.maxAge.seconds * 1000;
  const living = own.filter((each) => !isIdle(each, oldestMs));
  const wanted = living.filter(request.keep);
  return {
    region,
    ...(isComplete ? {} : { failure: createIncompleteError(region) }),
    isUnlisted: false,
    ids: new Set(databases.map(({ id }) => id)),
    living: living.length,
    idle: own.length - living.length,
    entries: await checkDatabases(wanted, { ...options, region }),
  };
}

/** Checks as many databases at once as requests are sent, so that none waits for a region that does not answer. */
async function checkDatabases(
  databases: readonly Database[],
  options: Omit<CheckOptions, "health">,
): Promise<ReportEntry[]> {
  const { context } = options;
  const health = new RegionHealth(context.now);
  const entries: ReportEntry[] = [];
  const left = databases.values();
  const check = async (): Promise<void> => {
    for (const database of left) entries.push(await checkDatabase(database, { ...options, health }));
  };
  const workers = Math.min(databases.length, context.openApi().maxConcurrency);
  await Promise.all(Array.from({ length: workers }, check));
  return entries;
}

/** Whether a database has no backup to rely on yet, or needs none any more. An old one that starts may have data. */
function isIdle({ state, createTime }: Database, oldestMs: number): boolean {
  if (state !== undefined && IDLE_STATES.has(state)) return true;
  return isBeforeRunning(state) && (createTime === undefined || createTime * 1000 > oldestMs);
}

/** Replicas are backed up with their group. Memcache has no backups. */
function isRedisDatabase({ isReplica, otherProtocol }: Database): boolean {
  return !isReplica && otherProtocol !== "memcache";
}

function createIncompleteError(region: string): RedisBackupError {
  const claim = `DescribeUMem (Region ${shortenText(region)}) did not give a whole list of the databases`;
  const advice = "Others may be missing in this report. Try again in a few minutes.";
  return new RedisBackupError("BadResponse", `${claim}. ${advice}`);
}

/** Fails with all faults, or shows them as one warning. */
function reportFaults(options: {
  regions: readonly RegionReport[];
  entries: readonly ReportEntry[];
  request: ReportRequest;
  context: LookupContext;
}): void {
  const { regions, entries, request, context } = options;
  const faults = [...regions.flatMap(findRegionFault), ...entries.flatMap(findFault)];
  const [worst] = faults;
  if (worst === undefined) return;
  const text = describeFaults(faults, { checked: entries.length, regions: regions.length });
  const error = new RedisBackupError(worst.code, text);
  if (request.onStale !== "warn") throw error;
  context.warn(error.message);
}

function findRegionFault({ region, failure }: RegionReport): (Fault & { code: ErrorCode })[] {
  if (failure === undefined) return [];
  const message = writeOneLine(failure);
  return [{ code: failure.code, title: shortenText(region), message }];
}

function findFault({ database, nextStep }: ReportEntry): (Fault & { code: ErrorCode })[] {
  const { id, region, fault, message } = database;
  if (fault === undefined) return [];
  // Every fault is the code of an error.
  return [{ code: fault as ErrorCode, title: nameDatabase(database), id, region, message, nextStep }];
}

function writeOneLine(error: RedisBackupError): string {
  return maskUnprintable(stripCode(error).replaceAll("\n", " "));
}

function sortWorstFirst(regions: readonly RegionReport[]): ReportEntry[] {
  const ranks = new Map(regions.map(({ region }, index) => [region, index]));
  const rank = ({ region }: ReportedDatabase): number => ranks.get(region) ?? 0;
  return regions
    .flatMap(({ entries }) => entries)
    .sort(
      ({ database: a }, { database: b }) =>
        measureGravity(a) - measureGravity(b) ||
        // An unknown age is the worst one.
        (b.ageSeconds ?? Number.MAX_VALUE) - (a.ageSeconds ?? Number.MAX_VALUE) ||
        rank(a) - rank(b) ||
        compareTexts(a.name ?? "", b.name ?? "") ||
        compareTexts(a.id, b.id),
    );
}

/** The lower, the worse. */
function measureGravity({ fault, fresh }: ReportedDatabase): number {
  if (fault !== undefined) return FAULTS_BY_GRAVITY.indexOf(fault);
  return FAULTS_BY_GRAVITY.length + (fresh ? 0 : 1);
}

function createReport(options: {
  regions: readonly RegionReport[];
  entries: readonly ReportEntry[];
  request: ReportRequest;
}): GetRedisBackupReportResult {
  const { regions, entries, request } = options;
  const databases = entries.map(({ database }) => database);
  const faulty = databases.filter(({ fault }) => fault !== undefined).length;
  const fresh = databases.filter((each) => each.fresh).length;
  return dropUndefined<GetRedisBackupReportResult>({
    databases,
    regions: regions.map(({ region, failure, entries: { length } }) =>
      dropUndefined<ReportedRegion>({
        region,
        databases: length,
        fault: failure?.code,
        message: failure && writeOneLine(failure),
      }),
    ),
    checked: databases.length,
    healthy: databases.length - faulty - fresh,
    faulty: faulty + regions.filter(({ failure }) => failure !== undefined).length,
    fresh,
    projectId: request.projectId,
  });
}
