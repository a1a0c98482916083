/** Checks the arguments of a resource that restores, and names the database. */

import {
  dropNullish,
  findArgumentFailures,
  type RawArguments,
  refuseIfAny,
  writeVersionAsText,
} from "../backups/arguments";
import type { DatabaseReader, DatabaseScope } from "../ucloud/databases";
import type { InputFailure } from "../ucloud/errors";
import { createName } from "./autoName";
import { findSourceFailures, listScopes } from "./choice";
import type { RestoreKind } from "./kinds";
import { findChanges, haveTriggersChanged, matches, readRow, refuseChange } from "./placement";
import type { CheckRequest, RestoreContext } from "./resource";
import { readValues, type RestoreValues } from "./restoreArguments";
import { findRuleFailures } from "./rules";

/**
 * The arguments to keep in state: checked, with a name. Unknown ones are not among them, and nothing is refused
 * because of them. A changed placement is refused, unless `triggers` change too or the database has it already.
 *
 * @throws InvalidInputError `InvalidArgument`
 */
export async function checkRestore(
  kind: RestoreKind,
  request: CheckRequest,
  context: RestoreContext,
): Promise<RawArguments> {
  const { unknown = new Set<string>() } = request;
  context.attempts.markChecked(context.urn);
  const args = writeVersionAsText(request.args);
  const olds = readValues(writeVersionAsText(request.olds ?? {}));
  if (olds.name !== undefined) context.attempts.holdInState(context.urn, olds.name);

  // First what a value is: the other checks take the types for granted.
  refuseIfAny(findArgumentFailures(kind.token, { args, unknown }));
  const news = readValues(args);
  const naming = nameDatabase(request, { olds, news, context });
  refuseIfAny([
    ...findSourceFailures(kind, news, { context, unknown }),
    ...findBrokenRules(olds, news, unknown),
    ...naming.failures,
    ...(await findRefusedChanges(request, { olds, news, context })),
  ]);
  return dropNullish({ ...args, ...(naming.name === undefined ? {} : { name: naming.name }) });
}

/** The rules for single arguments. What the database has already, such as an imported name, is not refused. */
function findBrokenRules(
  olds: RestoreValues,
  news: RestoreValues,
  unknown: ReadonlySet<string>,
): InputFailure[] {
  if (news.preflight === "warn" || unknown.has("preflight")) return [];
  const isKept = ({ property }: InputFailure): boolean =>
    olds[property as keyof RestoreValues] === news[property as keyof RestoreValues];
  return findRuleFailures(news).filter((failure) => !isKept(failure));
}

interface Comparison {
  readonly olds: RestoreValues;
  readonly news: RestoreValues;
  readonly context: RestoreContext;
}

function nameDatabase(
  { unknown, autonaming, randomSeed }: CheckRequest,
  { olds, news, context }: Comparison,
): { readonly name?: string | undefined; readonly failures: readonly InputFailure[] } {
  if (news.name !== undefined || unknown?.has("name") === true) return { failures: [] };
  if (olds.name !== undefined) return { name: olds.name, failures: [] };
  const { urn, clock } = context;
  const created = createName({ urn, autonaming, randomSeed, clock });
  return "failure" in created ? { failures: [created.failure] } : { name: created.name, failures: [] };
}

async function findRefusedChanges(
  { unknown, olds: oldArgs }: CheckRequest,
  { olds, news, context }: Comparison,
): Promise<InputFailure[]> {
  // Unknown triggers may turn out to be changed ones.
  if (oldArgs === undefined || unknown?.has("triggers") === true) return [];
  const changed = findChanges(olds, news);
  if (changed.length === 0 || haveTriggersChanged(olds, news)) return [];
  const look = await findLive(olds, context);
  return changed
    .filter((name) => look.live === undefined || !matches(name, news[name], look.live))
    .map((name) => refuseChange(name, { before: olds[name], after: news[name], doubt: look.doubt }));
}

/** What was found of a database. Without exactly one, `doubt` says why. */
interface Look {
  readonly live?: RestoreValues;
  readonly doubt?: string;
}

/**
 * The database of the old arguments as it is now. Arguments do not say which of several locations it came up in, so
 * that all are looked through. One whose region does not answer hides no database in another one.
 */
async function findLive(olds: RestoreValues, context: RestoreContext): Promise<Look> {
  const scopes = listScopes(olds, context);
  const { name } = olds;
  if (scopes.length === 0 || name === undefined) return { doubt: "its name and region are not known." };
  // One of several regions may be lost, and must not hold up what the others say.
  const list: DatabaseReader["list"] = (scope) =>
    scopes.length === 1
      ? context.openDatabases().reader.list(scope)
      : context.openApi({ isBrief: true }).listDatabases(scope);
  const looks = await Promise.all(scopes.map((scope) => findNamed(name, scope, list)));
  const [found, ...others] = looks.filter(({ live }) => live !== undefined);
  if (others.length > 0) return { doubt: "databases in several regions have its name." };
  return found ?? { doubt: looks.map(({ doubt = "" }) => doubt).join(" ") };
}

async function findNamed(name: string, scope: DatabaseScope, list: DatabaseReader["list"]): Promise<Look> {
  const { region } = scope;
  try {
    const listing = await list(scope);
    const [row, ...others] = listing.databases.filter((each) => each.name === name);
    if (row === undefined) return { doubt: `no database in ${region} has its name.` };
    if (others.length > 0) return { doubt: `several databases in ${region} have its name.` };
    if (!listing.isComplete) return { doubt: `the listing of the databases in ${region} is not complete.` };
    return { live: { ...readRow(row), ...scope } };
  } catch (error) {
    return { doubt: error instanceof Error ? error.message : String(error) };
  }
}
