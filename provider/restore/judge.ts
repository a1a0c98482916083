/** What becomes of a database that was never ready. */

import { RedisBackupError } from "../ucloud/errors";
import { formatId, readKept } from "./addresses";
import type { RestoreKind } from "./kinds";
import { CLOCK_SKEW_MS, getReader, GIVE_UP_MS, listAll, pickNamed } from "./locate";
import { mayBeReplaced, readHeld, readTime } from "./outputs";
import { takeText } from "./restoreArguments";
import { locateKept } from "./presence";
import type { ResourceRecord, RestoreContext } from "./resource";

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
    const state = presence.kind === "present" ? presence.database.state : undefined;
    return mayBeReplaced(record.outputs, state) ? "replace" : "resume";
  }

  const { scope, attemptName = "" } = kept;
  const listing = await listAll(scope, getReader(context));
  const found = pickNamed(listing, { name: attemptName, scope });
  if (found !== undefined) return mayBeReplaced(record.outputs, found.state) ? "replace" : "resume";
  const sentAt = readTime(record.outputs, "requestedAt");
  if (sentAt === undefined || context.clock.now() - sentAt < GIVE_UP_MS) return "resume";
  const wantedName = takeText(record.outputs, "name");
  // What state held before, such as the database that is replaced, may have the same name.
  const held = new Set(readHeld(record.outputs));
  const renamed = listing.databases.filter(
    ({ id, name, isReplica, createTime = 0 }) =>
      name === wantedName && !isReplica && !held.has(id) && createTime * 1000 >= sentAt - CLOCK_SKEW_MS,
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
