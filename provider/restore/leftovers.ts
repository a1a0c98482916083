/**
 * What exists before a creation is sent. A database that an interrupted run made for the same resource must be taken
 * over or deleted first, or there would be two. With `source.locations`, that run may have been in another region.
 */

import { quoteText } from "../backups/text";
import type { Database, DatabaseScope } from "../ucloud/databases";
import { RedisBackupError, rewordError, stripCode } from "../ucloud/errors";
import { formatId } from "./addresses";
import { isOwnName } from "./autoName";
import type { RestoreKind } from "./kinds";
import { getReader, listAll } from "./locate";
import { isAttemptName } from "./names";
import type { RestoreContext } from "./resource";

/** A creation that is about to be sent. */
interface Upcoming {
  readonly kind: RestoreKind;
  readonly context: RestoreContext;
  readonly scope: DatabaseScope;
  /** The other places where an earlier run may have created it. */
  readonly elsewhere: readonly DatabaseScope[];
  /** The name that the database shall have in the end. */
  readonly name: string;
  /** The mark of the resource: see names.ts. */
  readonly mark: string;
}

/**
 * Lists everything that exists, before anything is sent.
 *
 * @returns all of the creation's own region. None of it is what this creation makes
 * @throws RedisBackupError `AlreadyExists` if a creation for this resource was interrupted before
 */
export async function listBefore(upcoming: Upcoming): Promise<readonly Database[]> {
  const { context, scope, elsewhere } = upcoming;
  const [{ databases }, others] = await Promise.all([
    listAll(scope, getReader(context)),
    Promise.all(elsewhere.map((other) => listElsewhere(other, context))),
  ]).catch(refuse);
  inspect(databases, scope, upcoming);
  for (const [index, other] of elsewhere.entries()) inspect(others[index] ?? [], other, upcoming);
  return databases;
}

/** Another region that is out of order does not stop a restore: it may be the one that was lost. */
async function listElsewhere(scope: DatabaseScope, context: RestoreContext): Promise<readonly Database[]> {
  const { listDatabases } = context.openApi({ isBrief: true });
  try {
    const { databases } = await listAll(scope, { list: listDatabases });
    return databases;
  } catch (error) {
    if (!(error instanceof RedisBackupError) || !error.isOutage) throw error;
    context.warn(
      `Whether an interrupted run made a database for this resource in ${scope.region} is not known: ${stripCode(error)} ` +
        "If one did, delete it there when the region is back.",
    );
    return [];
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof RedisBackupError)) throw error;
  throw rewordError(error, `${stripCode(error)} Nothing was created.`);
}

/** Refuses what an interrupted run left, and warns of what only has a name of the resource. */
function inspect(
  databases: readonly Database[],
  scope: DatabaseScope,
  { kind, context, name: wanted, mark }: Upcoming,
): void {
  const { attempts, urn } = context;
  const isHeld = ({ id, name = "" }: Database): boolean =>
    attempts.isHeldInState(urn, id) || attempts.isHeldInState(urn, name);
  const others = databases.filter((each) => !each.isReplica && !isHeld(each));
  const describeId = ({ id, zone }: Database): string =>
    formatId(kind, { ...scope, kind: kind.kind, id, zone });
  const leftover = others.find(({ name }) => isAttemptName(name, mark));
  if (leftover !== undefined) {
    const text = describeLeftover({ kind, urn, leftover, id: describeId(leftover) });
    throw new RedisBackupError("AlreadyExists", text);
  }
  for (const twin of others.filter(({ name = "" }) => name === wanted || isOwnName(name, urn))) {
    context.warn(
      `${twin.id} in ${scope.region}, called ${quoteText(twin.name ?? "")}, has a name of this resource, and is not taken over for that. ` +
        `If it is the one that this run replaces, Pulumi deletes it afterwards. If a state that was lost made it, import it (${describeId(twin)}) or delete it.`,
    );
  }
}

function describeLeftover(options: {
  readonly kind: RestoreKind;
  readonly urn: string;
  readonly leftover: Database;
  readonly id: string;
}): string {
  const { kind, urn, leftover, id } = options;
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return [
    `${leftover.id}: another run made this ${kind.noun} for this resource, under the name ${quoteText(leftover.name ?? "")}, and was interrupted or is still under way. Nothing was created.`,
    "If no run is under way and no state holds it (pulumi stack export), take it over:",
    `  pulumi import ${type} ${name} ${id}`,
    "with --parent and --provider if the resource has them (pulumi refresh --import-pending-creates forgets it);",
    "then, if Pulumi notes that a creation is pending, pulumi refresh --clear-pending-creates, and pulumi up.",
    "To restore anew instead, delete it in the console first.",
  ].join("\n");
}
