/** Finds the group and the space that a check asks about. */

import { DatabaseRow, mergeDatabases } from "../ucloud/databaseRows";
import type { Database, DatabaseKind, DatabaseScope } from "../ucloud/databases";
import type { JsonObject } from "../ucloud/jsonFields";
import { type Asker, CheckStoppedError, type Reply } from "./asker";
import { isFinished } from "./backupFields";
import { readRows } from "./databaseFields";
import { type ApiRequest, requestBackups, requestDatabase, type Target } from "./requests";

/** How many databases of a kind are compared, to take one with many backups. */
const MAX_CANDIDATES = 5;
const PRICED: readonly (string | undefined)[] = ["Year", "Month", "Dynamic"];

/** A database to ask about, and the first page of its backups. */
export interface Choice {
  readonly target: Target;
  /** Such as "group 1", or its id where ids are shown. */
  readonly subject: string;
  readonly request: ApiRequest;
  readonly first: Reply;
  /** What came when it was asked for by its id. */
  readonly own: Reply;
  /** Whether the user named it: then it may be gone. */
  readonly isGiven: boolean;
}

/** How a database is found. */
export interface Search {
  readonly kind: DatabaseKind;
  readonly scope: DatabaseScope;
  /** The rows of `DescribeUMem`. */
  readonly rows: readonly JsonObject[];
  /** The id that was given. Otherwise running databases are compared. */
  readonly id?: string | undefined;
  readonly zone?: string | undefined;
  readonly showIds: boolean;
}

/**
 * Chooses a database: the one with the given id, else the one with the most backups of the first few that run.
 *
 * @returns undefined if there is none
 * @throws CheckStoppedError if the zone of a space is not known
 */
export async function chooseTarget(asker: Asker, search: Search): Promise<Choice | undefined> {
  const { kind, scope, id, showIds } = search;
  const noun = kind === "uredis" ? "group" : "space";
  const askOwn = async (own: string, subject: string): Promise<Reply> =>
    asker.ask(await requestDatabase(scope, own), `${subject} by its id`);
  const name = (index: number, own: string): string => `${noun} ${showIds ? own : index + 1}`;
  const given = id === undefined ? undefined : await askOwn(id, name(0, id));
  const rows = [...search.rows, ...(given?.body === undefined ? [] : readRows(given.body))];
  const choices: Omit<Choice, "own" | "isGiven">[] = [];
  for (const [index, target] of findTargets({ ...search, rows }).entries()) {
    if (target.kind === "umem" && target.zone === undefined) {
      // The backups of a space are asked for by its zone, so one whose row lacks it is passed over.
      if (id === undefined) continue;
      const text = "The space was not found, and its zone is not known. Check --space, or give its --zone.";
      throw new CheckStoppedError(text, text);
    }
    const subject = name(index, target.id);
    const request = await requestBackups(target);
    choices.push({ target, subject, request, first: await asker.ask(request, subject) });
  }
  const [best] = choices.sort(
    (a, b) => countRows(b.first) - countRows(a.first) || countFinished(b.first) - countFinished(a.first),
  );
  if (best === undefined) return undefined;
  const own = given ?? (await askOwn(best.target.id, best.subject));
  return { ...best, own, isGiven: id !== undefined };
}

/** Of two pages that are cut, the one with more finished backups is taken: one of them is linked to. */
function countFinished({ body }: Reply): number {
  return body === undefined ? 0 : readRows(body).filter(isFinished).length;
}

/** A refusal counts less than an empty list. */
function countRows({ body }: Reply): number {
  return body === undefined ? -1 : readRows(body).length;
}

function findTargets({ kind, scope, rows, id, zone }: Search): readonly Target[] {
  const all = mergeDatabases(rows.flatMap((row) => new DatabaseRow(row).databases));
  if (id !== undefined) {
    const known = all.find((each) => each.id === id);
    return [createTarget({ ...known, id, ...(zone !== undefined && { zone }) }, { kind, scope })];
  }
  return all
    .filter((each) => each.kind === kind && !each.isReplica && each.state === "Running")
    .filter((each) => zone === undefined || each.zone === zone)
    .slice(0, MAX_CANDIDATES)
    .map((database) => createTarget(database, { kind, scope }));
}

function createTarget(
  database: Partial<Database> & Pick<Database, "id">,
  { kind, scope }: Pick<Search, "kind" | "scope">,
): Target {
  const { id, zone, slaveZone, size = 1, version, chargeType } = database;
  return {
    ...scope,
    kind,
    id,
    zone,
    slaveZone,
    size,
    version,
    chargeType: PRICED.includes(chargeType) ? chargeType : "Month",
  };
}
