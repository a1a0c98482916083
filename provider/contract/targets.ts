/** Finds the group and the space that a check asks about. */

import { DatabaseRow, mergeDatabases } from "../ucloud/databaseRows";
import type { Database, DatabaseKind, DatabaseScope } from "../ucloud/databases";
import { type JsonObject } from "../ucloud/jsonFields";
import type { Asker, Reply } from "./asker";
import { CheckStoppedError } from "./asker";
import { readRows } from "./databaseFields";
import { type ApiRequest, requestBackups, type Target } from "./requests";

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
  const noun = search.kind === "uredis" ? "group" : "space";
  const choices: Choice[] = [];
  for (const [index, target] of findTargets(search).entries()) {
    if (target.kind === "umem" && target.zone === undefined) {
      const text = "The space was not found, and its zone is not known. Check --space, or give its --zone.";
      throw new CheckStoppedError(text, text);
    }
    const subject = search.showIds ? `${noun} ${target.id}` : `${noun} ${index + 1}`;
    const request = await requestBackups(target);
    const first = await asker.ask(request, subject);
    choices.push({ target, subject, request, first });
  }
  const count = ({ first }: Choice): number => (first.body === undefined ? -1 : readRows(first.body).length);
  return choices.reduce<Choice | undefined>(
    (best, choice) => (best === undefined || count(choice) > count(best) ? choice : best),
    undefined,
  );
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
