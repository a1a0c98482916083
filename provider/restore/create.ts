/**
 * Creates a database from a backup, once. The API has no client token: what a lost request made can only be
 * found by looking. So nothing is sent before everything that exists was listed, it is sent under a name that
 * only this attempt uses, and it is sent again only where it cannot have taken effect.
 */

import { createHash } from "node:crypto";
import type { RawArguments } from "../backups/arguments";
import { quoteText } from "../backups/text";
import type { Database, DatabaseAddress } from "../ucloud/databases";
import { RedisBackupError, rewordError, stripCode } from "../ucloud/errors";
import type { WriteRefusal } from "../ucloud/writeOutcome";
import { formatId, formatPendingId } from "./addresses";
import type { Attempt } from "./attempts";
import { listScopes } from "./choice";
import { finishDatabase } from "./finish";
import type { RestoreKind } from "./kinds";
import { listBefore } from "./leftovers";
import { listAll, pickNamed, settleName } from "./locate";
import { createAttemptName, createMark } from "./names";
import { keepAccount, keepHeld } from "./outputs";
import { readValues, takeText } from "./restoreArguments";
import { refuseIfCancelled } from "../ucloud/pauses";
import { planRestore } from "./plan";
import { type ResourceRecord, type RestoreContext, UnfinishedError } from "./resource";
import { getDeadline } from "./wait";

/** The codes with which the gateway refuses a request that it does not pass on. */
const GATEWAY_RET_CODES: ReadonlySet<number> = new Set([
  153, 160, 161, 170, 171, 172, 174, 220, 230, 292, 293, 294, 295, 299,
]);

/** One creation. */
interface Creation {
  readonly kind: RestoreKind;
  readonly args: RawArguments;
  readonly context: RestoreContext;
  readonly attempt: Attempt;
  readonly key: string;
  readonly deadline: number;
}

/**
 * Restores into a new database, and waits until it can be used.
 *
 * @throws UnfinishedError if one was made, or may have been, that is not ready
 * @throws RedisBackupError if none was made
 */
export async function createDatabase(
  kind: RestoreKind,
  args: RawArguments,
  context: RestoreContext,
): Promise<ResourceRecord> {
  const key = createHash("sha256").update(JSON.stringify(args)).digest("hex");
  const begun = { kind, args, context, key, deadline: getDeadline({ context }) };
  const known = context.attempts.find(context.urn, key);
  // A hook of the program can repeat a call that failed. What the first one made is what the second returns.
  if (known !== undefined) return settle({ ...begun, attempt: known });

  const plan = await planRestore(kind, args, context);
  context.tell?.([`Restores ${plan.description} into ${plan.target}.`, ...plan.notes].join(" "));
  // What was waited for a running backup is not taken off the database's time, unless the user bounds both.
  const deadline = context.timeoutSeconds === undefined ? getDeadline({ context }) : begun.deadline;
  const mark = createMark(context.urn, plan.scope.projectId);
  const { scope } = plan;
  const elsewhere = listScopes(readValues(args), context).filter(({ region }) => region !== scope.region);
  const existing = await listBefore({ kind, context, scope, elsewhere, name: plan.request.name, mark });
  refuseIfCancelled(context);
  const name = createAttemptName({ name: plan.request.name, mark });
  const older = existing.filter((each) => each.name === plan.request.name).map(({ id }) => id);
  const attempt = { name, plan, sentAt: context.clock.now(), older };
  return send({ ...begun, deadline, attempt }, new Set(existing.map(({ id }) => id)));
}

async function send(creation: Creation, existing: ReadonlySet<string>): Promise<ResourceRecord> {
  const { context, attempt, key } = creation;
  const { attempts, urn } = context;
  const { request } = attempt.plan;
  attempts.keep(urn, key, attempt);
  context.reportProgress("creating");
  const outcome = await context.openDatabases().writer.create({ ...request, name: attempt.name });
  if (outcome.kind === "accepted" && outcome.id !== undefined && !existing.has(outcome.id)) {
    return finish(creation, outcome.id);
  }
  if (outcome.kind === "refused") {
    if (!isRefusedByGateway(outcome)) {
      const made = await lookOnce(creation);
      if (made !== undefined) return finish(creation, made.id);
    }
    attempts.forget(urn, key);
    const text = `No ${creation.kind.noun} was created from ${attempt.plan.description}: ${stripCode(outcome.error)}`;
    throw rewordError(outcome.error, text);
  }
  return settle(creation, outcome.kind === "unknown" ? outcome.error : undefined);
}

/**
 * Whether a refusal leaves open that something was made. The gateway refuses before anything runs. Redis itself,
 * and what is behind it, has codes for creations that failed, and those may have made a row.
 */
function isRefusedByGateway({ retCode }: WriteRefusal): boolean {
  return retCode === undefined || GATEWAY_RET_CODES.has(retCode);
}

/** A look at what was made although it was refused. @throws UnfinishedError if that cannot be seen */
async function lookOnce(creation: Creation): Promise<Database | undefined> {
  const { context, attempt } = creation;
  const { scope } = attempt.plan;
  try {
    const listing = await listAll(scope, context.openDatabases().lastLook);
    return pickNamed(listing, { name: attempt.name, scope });
  } catch (error) {
    if (error instanceof RedisBackupError) throw createPending(creation, error);
    throw error;
  }
}

/** Finds what an attempt made whose outcome is not known. */
async function settle(creation: Creation, cause?: RedisBackupError): Promise<ResourceRecord> {
  const { context, attempt } = creation;
  const { scope } = attempt.plan;
  if (attempt.id !== undefined) return finish(creation, attempt.id);
  const found = await settleName(attempt.name, { scope, context }).catch((error: unknown) => {
    if (error instanceof RedisBackupError) throw createPending(creation, error);
    throw error;
  });
  if (found !== undefined) return finish(creation, found.id);
  throw createPending(creation, cause);
}

/** The error for a creation of which nothing was found. It may still appear. */
function createPending({ kind, attempt, context }: Creation, cause?: RedisBackupError): UnfinishedError {
  const { scope, outputs } = attempt.plan;
  const why = cause === undefined ? "its answer was lost" : stripCode(cause);
  const text =
    `The creation of a ${kind.noun} in ${scope.region} was sent under the name ${quoteText(attempt.name)}, and what became of it is not known: ${why} ` +
    "No database of that name was seen. It may still appear: the next `pulumi up` looks for it, and makes another one only when it is certainly too late for the first.";
  const requestedAt = new Date(attempt.sentAt).toISOString();
  const held = [...new Set([...context.attempts.listHeld(context.urn), ...attempt.older])];
  return new UnfinishedError("OutcomeUnknown", text, {
    id: formatPendingId(scope, attempt.name),
    outputs: keepAccount(keepHeld({ ...outputs, requestedAt }, held), context.account),
  });
}

/** Waits for a database that was made, and returns it. */
async function finish(creation: Creation, id: string): Promise<ResourceRecord> {
  const { kind, args, context, attempt, key, deadline } = creation;
  const { scope, request, outputs } = attempt.plan;
  const { attempts, urn } = context;
  attempts.keep(urn, key, { ...attempt, id });
  // From here on it must not be deleted as the one that it replaces.
  attempts.markCreated(id);
  const address: DatabaseAddress = { ...scope, kind: kind.kind, id, zone: request.zone };
  const requestedAt = new Date(attempt.sentAt).toISOString();
  const unready = {
    kind,
    address,
    scope,
    context,
    deadline,
    wanted: { name: request.name, password: readPassword(args) },
    outputs: keepHeld({ ...outputs, requestedAt, [kind.idProperty]: id }, attempts.listHeld(urn)),
  };
  const finished = await finishDatabase(unready);
  // Done: a later call with the same arguments, as in a long-lived process, is another creation.
  attempts.forget(urn, key);
  const zone = takeText(finished, "zone") ?? request.zone;
  return { id: formatId(kind, { ...address, zone }), outputs: finished };
}

/** The password of arguments. An empty one means none. */
export function readPassword(args: RawArguments): string | undefined {
  return typeof args["password"] === "string" ? args["password"] : undefined;
}
