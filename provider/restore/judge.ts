/** What becomes of a database that was never ready. */

import type { Database } from "../ucloud/databases";
import { RedisBackupError } from "../ucloud/errors";
import { formatId, readKept } from "./addresses";
import type { RestoreKind } from "./kinds";
import { findByName, getReader, GIVE_UP_MS, listAll } from "./locate";
import { readTime } from "./outputs";
import { takeText } from "./restoreArguments";
import { locateKept } from "./presence";
import type { ResourceRecord, RestoreContext } from "./resource";
import { isLost } from "./states";

/** How far the clocks of this machine and of the API may differ, in milliseconds. */
const CLOCK_SKEW_MS = 10 * 60 * 1000;

/**
 * Whether an unfinished creation is resumed, or replaced because nothing can come of it any more.
 *
 * @throws RedisBackupError `OutcomeUnknown` if what it made may have lost the name by which it is found
 */
export async function judgeUnfinished(
  kind: RestoreKind,
  record: ResourceRecord,
  context: RestoreContext,
): Promise<"resume" | "replace"> {
  const kept = readKept(kind, record);
  if (kept.id !== undefined) {
    const presence = await locateKept({ kind, kept, outputs: record.outputs, context });
    if (presence.kind === "gone") return "replace";
    return presence.kind === "present" && isLost(presence.database.state) ? "replace" : "resume";
  }

  const { scope, attemptName = "" } = kept;
  const reader = getReader(context);
  const found = await findByName(attemptName, { scope, reader });
  if (found !== undefined) return isLost(found.state) ? "replace" : "resume";
  const { databases } = await listAll(scope, reader);
  const sentAt = readTime(record.outputs, "requestedAt");
  if (sentAt === undefined || context.clock.now() - sentAt < GIVE_UP_MS) return "resume";
  const wantedName = takeText(record.outputs, "name");
  const renamed = databases.filter(
    (each) => each.name === wantedName && !each.isReplica && wasMadeAfter(each, sentAt - CLOCK_SKEW_MS),
  );
  if (renamed.length === 0) return "replace";
  const ids = renamed.map((each) =>
    formatId(kind, { ...scope, kind: kind.kind, id: each.id, zone: each.zone }),
  );
  throw new RedisBackupError(
    "OutcomeUnknown",
    `${attemptName} is not listed, but a database called ${wantedName ?? ""} was made after its creation was sent, and may be it: ${ids.join(", ")}. ` +
      "Look at it in the console. To take it over, remove this resource from state (pulumi state delete) and import it; else rename or delete it, then run again.",
  );
}

function wasMadeAfter({ createTime }: Database, timeMs: number): boolean {
  return createTime !== undefined && createTime * 1000 >= timeMs;
}
