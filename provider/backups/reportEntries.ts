/** What a report says of one database: its newest usable backup, or what is wrong. */

import type { ReportedBackup, ReportedDatabase } from "../schemaTypes";
import type { Database } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import { type Age, formatAge, formatTime, measureAge } from "./age";
import type { FunctionToken } from "./arguments";
import { dropUndefined } from "./fields";
import { chooseLatest } from "./latest";
import { isRunningState } from "./running";
import { listBackups, type LookupContext } from "./lookup";
import { createLookupRequest } from "./lookupRequest";
import type { RegionHealth } from "./regionHealth";
import type { ReportRequest } from "./reportArguments";
import { composeSentence, type Explanation, explainFailure } from "./reportMessages";
import { type Selectable, selectBackups, type Selection } from "./selection";
import { type RedisService, umemService, uredisService } from "./services";
import { quoteText } from "./text";

/** A database in a report. */
export interface ReportEntry {
  readonly database: ReportedDatabase;
  /** What to do about the fault. Absent if there is none, or if the message says it. */
  readonly nextStep?: string | undefined;
}

/** What is known of a database's backups. */
type Findings = Pick<ReportedDatabase, "latest" | "ageSeconds" | "fault"> & {
  readonly fresh?: boolean;
  readonly explanation: Explanation;
};

/** What a check of a database needs besides the database. */
export interface CheckOptions {
  readonly region: string;
  readonly request: ReportRequest;
  readonly context: LookupContext;
  readonly health: RegionHealth;
}

/** In words that follow "check", where a database has no backup. */
const SUSPECTS = "its automatic backups, leave it out with `excludeIds`";

/**
 * Looks up the newest usable backup of a database, as the `getLatest…` functions do. A lookup that fails is a
 * fault of the entry.
 *
 * @throws RedisBackupError `Cancelled`
 */
export async function checkDatabase(database: Database, options: CheckOptions): Promise<ReportEntry> {
  const { latest, ageSeconds, fault, fresh = false, explanation } = await findBackup(database, options);
  const { kind = "unknown", id, name, zone, size, version, state, tag, autoBackup, createTime } = database;
  const isOff = fault !== undefined && autoBackup === false;
  return {
    nextStep: explanation.nextStep,
    database: dropUndefined<ReportedDatabase>({
      ...{ kind, id, name, region: options.region, zone, size, version, state, tag, autoBackup },
      createdAt: formatTime(createTime),
      ...{ latest, ageSeconds, fresh, fault },
      message: composeSentence([...explanation.claims, ...(isOff ? ["automatic backups are off"] : [])]),
    }),
  };
}

async function findBackup(database: Database, options: CheckOptions): Promise<Findings> {
  const { id, kind, zone } = database;
  if (kind === undefined) {
    const what = "the API gave it a type that this version does not know, so its backups were not looked up";
    const nextStep = "Update this package, or check its backups by hand and leave it out with `excludeIds`.";
    return { fault: "BadResponse", explanation: { claims: [what], nextStep } };
  }
  if (kind === "uredis") {
    const token = "ucloud-redis:index:getLatestURedisBackup";
    return lookUp(database, { ...options, token, service: uredisService, ids: { groupId: id } });
  }
  if (zone === undefined) {
    const what = "the API gave it no zone, without which its backups cannot be listed";
    return { fault: "BadResponse", explanation: { claims: [what] } };
  }
  const token = "ucloud-redis:index:getLatestUMemBackup";
  return lookUp(database, { ...options, token, service: umemService, ids: { zone, spaceId: id } });
}

interface Lookup<Args, Backup extends Selectable, Row> extends CheckOptions {
  readonly token: FunctionToken;
  readonly service: RedisService<Args, Backup, Row>;
  readonly ids: Readonly<Record<string, string>>;
}

async function lookUp<Args, Backup extends Selectable, Row>(
  database: Database,
  { region, request, context, health, token, service, ids }: Lookup<Args, Backup, Row>,
): Promise<Findings> {
  const { lost } = health;
  if (lost !== undefined) {
    const what = "its backups were not looked up, as the region does not answer";
    return { fault: lost.code, explanation: { claims: [what, ...explainFailure(lost, undefined).claims] } };
  }
  const { projectId, maxAge } = request;
  const args = { ...ids, region, projectId, maxAge: maxAge.text };
  const now = context.now();
  let selection: Selection<Backup> | undefined;
  try {
    const query = createLookupRequest({ token, service, args, defaults: context });
    const list = await listBackups({ service, query }, context);
    health.noteAnswer();
    service.assertSingleDatabase(list.backups, query);
    selection = selectBackups(list, query.keep);
    const { backup, ageSeconds, warnings } = chooseLatest(selection, {
      subject: service.describe(query),
      suspects: SUSPECTS,
      unfiltered: list.backups,
      now,
      ...query.guard,
    });
    warnings.forEach(context.warn);
    const age = ageSeconds === undefined ? undefined : { ageSeconds };
    return { latest: pickBackup(backup), ...age, explanation: explainHealthy(backup, age) };
  } catch (error) {
    if (!(error instanceof RedisBackupError) || error.code === "Cancelled") throw error;
    if (error.isOutage) health.noteOutage(error);
    else health.noteAnswer();
    if (selection !== undefined && isFresh(database, { selection, maxAgeSeconds: maxAge.seconds, now })) {
      return { fresh: true, explanation: explainFresh(selection) };
    }
    return {
      ...describeLatest(selection, now),
      fault: error.code,
      explanation: explainFailure(error, selection),
    };
  }
}

/** The newest usable backup of a database whose backup is a fault: a stale one. */
function describeLatest(
  selection: Selection<Selectable> | undefined,
  now: Date,
): Pick<Findings, "latest" | "ageSeconds"> {
  const latest = selection?.latest;
  if (latest === undefined) return {};
  const { ageSeconds } = measureAge(latest.createdAt, now.getTime());
  return { latest: pickBackup(latest), ...(ageSeconds === undefined ? {} : { ageSeconds }) };
}

function pickBackup({ backupId, backupName, backupType, createdAt }: Selectable): ReportedBackup {
  return dropUndefined<ReportedBackup>({ backupId, backupName, backupType, createdAt });
}

/** Whether the first backup of a young database is still to come: there is none at all, or it is running. */
function isFresh(
  { createTime }: Database,
  { selection, maxAgeSeconds, now }: { selection: Selection<Selectable>; maxAgeSeconds: number; now: Date },
): boolean {
  const { ageSeconds, isInFuture } = measureAge(formatTime(createTime), now.getTime());
  if (ageSeconds === undefined || isInFuture || ageSeconds >= maxAgeSeconds) return false;
  return selection.backups.every(({ usable, state }) => !usable && isRunningState(state));
}

function explainHealthy(
  { backupId }: Selectable,
  age: Pick<Required<Age>, "ageSeconds"> | undefined,
): Explanation {
  const shown = age === undefined ? "has no known time" : `is ${formatAge(age.ageSeconds)} old`;
  return { claims: [`newest usable backup ${quoteText(backupId)} ${shown}`] };
}

function explainFresh({ backups }: Selection<Selectable>): Explanation {
  const shown = backups.length === 0 ? "it has no backup yet" : "its first backup is still running";
  return { claims: [`the database is younger than maxAge, and ${shown}`] };
}
