/** Waiting for a backup that is still running, instead of choosing the one before it. */

import type { Clock } from "../ucloud/clock";
import { RedisBackupError } from "../ucloud/errors";
import { pause, refuseIfCancelled } from "../ucloud/pauses";
import type { Watch } from "../ucloud/watch";
import { describeTime, formatAge } from "./age";
import type { MaxAge } from "./latestMessages";
import type { LookupContext } from "./lookup";
import { findRunning } from "./running";
import type { BackupList, Filterable, Selectable } from "./selection";
import { composeWarning, type Subject } from "./subject";
import { quoteText, shortenText } from "./text";

const FIRST_PAUSE_MS = 1000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 15_000;

/** How a lookup treats `waitForRunning`. */
export interface Waiting {
  /** `announce`, in a preview: says what would be waited for, and goes on with what there is. */
  readonly mode: "wait" | "announce";
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  /** Shows what is waited for. A text replaces the one before. */
  readonly reportProgress: (text: string) => void;
  /** @default nobody follows the waits */
  readonly onWait?: Watch["onWait"];
  /** When the operation that the lookup is part of has to end, by the clock's `elapsed`. @default never */
  readonly deadline?: number | undefined;
}

/** What to look for, and how. */
export interface RunningLookup<Backup extends Selectable> {
  /** Lists anew. */
  readonly look: () => Promise<BackupList<Backup>>;
  /** Whether the filters keep a backup. */
  readonly keep: (backup: Filterable) => boolean;
  /** The state of a backup that is done. */
  readonly finishedState: string;
  /** How long to wait. Absent: not at all. */
  readonly limit: MaxAge | undefined;
  readonly subject: Subject;
  /** Whether another place is asked if this one has an outage. */
  readonly hasOtherPlaces: boolean;
}

/** The listing to choose from. */
export interface SettledList<Backup extends Selectable> {
  readonly list: BackupList<Backup>;
  /** In a preview: the running backup that the update waits for first. */
  readonly awaited?: string | undefined;
}

/**
 * Lists the backups. If newer ones than the newest usable one are running, lists again until none of them runs any
 * more or the time is up; in a preview, only says so.
 *
 * @throws RedisBackupError `Cancelled` as soon as the user cancels; `Timeout` at the operation's own deadline;
 * otherwise as `look` does, except that an outage does not end a wait that has begun, unless there are other places
 */
export async function listSettled<Backup extends Selectable>(
  lookup: RunningLookup<Backup>,
  context: LookupContext,
): Promise<SettledList<Backup>> {
  const list = await lookup.look();
  const { limit, subject } = lookup;
  const { waiting, inform } = context;
  if (waiting === undefined || limit === undefined) return { list };
  const now = context.now();
  const running = findRunning(list, { ...lookup, now });
  const [newest] = running;
  if (newest === undefined) return { list };

  const what = `${nameBackups(running)} of ${subject.description}, started ${describeTime(newest.createdAt, now)}`;
  const most = `at most ${shortenText(limit.text.trim())}`;
  if (waiting.mode === "announce") {
    inform(`The update will wait for running ${what}: ${most}. This preview does not wait.`);
    return { list, awaited: newest.backupId };
  }
  inform(`Waits for running ${what}: ${most}.`);
  return {
    list: await waitForRunning({ ...lookup, limit, first: { list, running } }, { ...context, waiting }),
  };
}

/** A wait that begins with running backups. */
interface RunningWait<Backup extends Selectable> extends RunningLookup<Backup> {
  readonly limit: MaxAge;
  readonly first: { readonly list: BackupList<Backup>; readonly running: readonly Backup[] };
}

/** Looks again and again, and returns the last listing. */
async function waitForRunning<Backup extends Selectable>(
  wait: RunningWait<Backup>,
  context: LookupContext & { readonly waiting: Waiting },
): Promise<BackupList<Backup>> {
  const { waiting } = context;
  const { clock } = waiting;
  const startedAt = clock.elapsed();
  const end = Math.min(startedAt + wait.limit.seconds * 1000, waiting.deadline ?? Infinity);
  const named = new Set(wait.first.running.map(({ backupId }) => backupId));
  let { list } = wait.first;
  /** Why the API could not be asked since the last listing. */
  let outage: RedisBackupError | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(PAUSE_GROWTH * pauseMs, LONGEST_PAUSE_MS)) {
    const running = findRunning(list, { ...wait, now: context.now() });
    const [newest] = running;
    if (newest === undefined) break;
    informOfOthers(running, { named, wait, context });
    const waitedMs = clock.elapsed() - startedAt;
    const waited = formatAge(waitedMs / 1000);
    if (waitedMs >= wait.limit.seconds * 1000) {
      const claim = `running ${nameBackups(running)} was not done after ${waited}`;
      context.warn(composeWarning(wait.subject, `${claim}, so that it is not waited for any longer.`));
      break;
    }
    refuseAtDeadline(newest, { wait, waiting, waited });
    const progress = `${list.explain(newest)}, ${waited} of ${shortenText(wait.limit.text.trim())}`;
    waiting.reportProgress(`waiting for ${nameBackups(running)}: ${progress}`);
    await pause(Math.min(pauseMs, end - clock.elapsed()), waiting);
    refuseIfCancelled(waiting);
    try {
      list = await wait.look();
      outage = undefined;
    } catch (error) {
      if (!(error instanceof RedisBackupError) || !error.isOutage || wait.hasOtherPlaces) throw error;
      outage = error;
    }
  }
  if (outage !== undefined) context.warn(describeOutage(outage, wait.subject));
  return list;
}

/** The time that the user gave the whole operation may be shorter than that for the backup. */
function refuseAtDeadline<Backup extends Selectable>(
  { backupId }: Backup,
  options: { readonly wait: RunningWait<Backup>; readonly waiting: Waiting; readonly waited: string },
): void {
  const { wait, waiting, waited } = options;
  if (waiting.deadline === undefined || waiting.clock.elapsed() < waiting.deadline) return;
  const text =
    `${wait.subject.name}: backup ${quoteText(backupId)} still runs after ${waited}, which is all the time that \`customTimeouts\` gives. ` +
    "Set them longer than `waitForRunning`.";
  throw new RedisBackupError("Timeout", text);
}

/** Names the running backups that came up during the wait. */
function informOfOthers<Backup extends Selectable>(
  running: readonly Backup[],
  options: {
    readonly named: Set<string>;
    readonly wait: RunningWait<Backup>;
    readonly context: LookupContext;
  },
): void {
  const { named, wait, context } = options;
  for (const { backupId, createdAt } of running) {
    if (named.has(backupId)) continue;
    named.add(backupId);
    const started = describeTime(createdAt, context.now());
    context.inform(
      `Waits for backup ${quoteText(backupId)} of ${wait.subject.description} as well, started ${started}, within the same ${shortenText(wait.limit.text.trim())}.`,
    );
  }
}

function describeOutage(outage: RedisBackupError, subject: Subject): string {
  return composeWarning(
    subject,
    `the last listing counts, although it may be out of date: the API could not be asked since. ${outage.message}`,
  );
}

/** The newest one by its id, and how many others there are. */
function nameBackups([newest, ...others]: readonly Selectable[]): string {
  const id = newest?.backupId ?? "";
  const name = id === "" ? "backup without an id" : `backup ${quoteText(id)}`;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
