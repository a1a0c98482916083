/**
 * Decides what changed arguments bring about. Nothing but `triggers` restores anew a database that ran: a
 * replacement deletes it.
 */

import { isDeepStrictEqual } from "node:util";
import { refuseIfAny, writeVersionAsText } from "../backups/arguments";
import { quoteText } from "../backups/text";
import type { InputFailure } from "../ucloud/errors";
import type { RestoreKind } from "./kinds";
import { findHeldPlace, placeValues } from "./locations";
import { didRun, isImported as wasImported, readHeld, wasReady } from "./outputs";
import {
  findAdditions,
  findChanges,
  haveTriggersChanged,
  isSame,
  matches,
  PLACEMENT,
  refuseChange,
  type SettledName,
  show,
  TERMS,
} from "./placement";
import { isPlannable, planRestore } from "./plan";
import type { ChangeRequest, ResourceDiff, ResourceOutputs, RestoreContext } from "./resource";
import { readValues, type RestoreValues, takeMap, takeText } from "./restoreArguments";
import { describeSourceChange } from "./sourceChange";

/** What becomes of a database that was never ready. */
export type Judgement = "keep" | "resume" | "replace";

/** A change, read. */
interface Comparison {
  readonly kind: RestoreKind;
  readonly olds: RestoreValues;
  readonly news: RestoreValues;
  readonly outputs: ResourceOutputs;
  readonly held: RestoreValues;
  readonly unknown: ReadonlySet<string>;
  /** Whether it was imported: then no backup is known, and what cannot be read is taken as given. */
  readonly isImported: boolean;
}

/**
 * Compares arguments with a resource in state. Before it answers that the resource is replaced, it plans the
 * restore: the engine may delete the old database before it asks for the new one.
 *
 * @param judge asked for a database that was never ready
 * @throws RedisBackupError if a change is refused, or a replacement would fail
 */
export async function compareRestore(
  kind: RestoreKind,
  change: ChangeRequest,
  context: RestoreContext,
  judge: () => Promise<Judgement>,
): Promise<ResourceDiff> {
  const comparison = readChange(kind, change);
  holdInState(comparison, change, context);
  const isJustImported = context.attempts.takeImported(context.urn);

  const isUnfinished = !comparison.isImported && !wasReady(comparison.outputs);
  if (context.attempts.isRefreshing(context.urn)) {
    // The old arguments follow the cloud, and the new ones are those of the last update. Nobody asks for a
    // change, so nothing is refused and nothing planned: a refresh must not fail for what it finds.
    if (!isUnfinished) warnOfState(comparison, context);
    return { replaces: [], updates: findUpdates(comparison, isJustImported) };
  }
  const isTriggered = mayReplace(comparison);
  const verdict = isUnfinished && !isTriggered ? await judge() : "keep";
  if (isTriggered || verdict === "replace") {
    await prepareReplacement(comparison, change, context);
    return { replaces: [isTriggered ? "triggers" : "readyAt"], updates: [] };
  }
  refuseIfAny(findRefusals(comparison));
  if (verdict === "resume") {
    const name = takeText(comparison.outputs, kind.idProperty) ?? "the creation that was sent";
    context.inform(`Goes on with ${name}, which is not ready yet. No second one is made.`);
  }
  if (!isUnfinished) warnOfState(comparison, context);
  warnOfSource(comparison, context);
  const updates = findUpdates(comparison, isJustImported);
  return { replaces: [], updates: verdict === "resume" ? [...updates, "readyAt"] : updates };
}

function readChange(kind: RestoreKind, change: ChangeRequest): Comparison {
  const { outputs, unknown = new Set() } = change;
  return {
    kind,
    olds: readValues(writeVersionAsText(change.oldArgs)),
    news: readValues(writeVersionAsText(change.args)),
    outputs,
    held: readValues(outputs),
    unknown,
    isImported: wasImported(outputs),
  };
}

/** What the state holds is no leftover of an interrupted creation. */
function holdInState(
  { kind, olds, held, outputs }: Comparison,
  { id }: ChangeRequest,
  { attempts, urn }: RestoreContext,
): void {
  const last = id.slice(id.lastIndexOf("/") + 1).replace(/^name=/, "");
  const own = [last, takeText(outputs, kind.idProperty), held.name, olds.name];
  for (const each of [...own, ...readHeld(outputs)]) {
    if (each !== undefined && each !== "") attempts.holdInState(urn, each);
  }
}

/** Unknown triggers count as changed: a preview must show the worst. First ones replace what was not imported. */
function mayReplace({ olds, news, unknown, isImported }: Comparison): boolean {
  if (isImported && olds.triggers === undefined) return false;
  return unknown.has("triggers") || haveTriggersChanged(olds, news);
}

async function prepareReplacement(
  comparison: Comparison,
  { args }: ChangeRequest,
  context: RestoreContext,
): Promise<void> {
  const { kind, unknown, news, outputs } = comparison;
  // The creation that follows plans again, and shows the same.
  const silent: RestoreContext = { ...context, warn: () => undefined, inform: () => undefined };
  const plan = isPlannable(unknown) ? await planRestore(kind, args, silent, unknown) : undefined;
  if (!didRun(outputs) && !comparison.isImported) return;

  const own = takeText(outputs, kind.idProperty);
  const backup = takeMap(plan?.outputs ?? {}, "backup") ?? {};
  const source = takeText(backup, kind.idProperty) ?? takeText(news.source ?? {}, kind.idProperty);
  if (own === undefined || source === own) return;
  const from = source === undefined ? "another database" : `${kind.noun} ${quoteText(source)}`;
  const what = plan === undefined ? `a backup of ${from}` : plan.description;
  context.warn(
    `${kind.noun} ${quoteText(own)} is to be replaced by ${what}. Nothing that was written to ${quoteText(own)} ` +
      `is in it. To restore ${quoteText(own)} from its own backups, name it in \`source.${kind.idProperty}\`.`,
  );
}

/** The changes that no action makes. Those that Check has let pass are in the database already. */
function findRefusals(comparison: Comparison): InputFailure[] {
  const { olds, news, held, isImported, unknown } = comparison;
  const areTriggersNew = unknown.has("triggers") || haveTriggersChanged(olds, news);
  // The first triggers of an imported database excuse nothing, and Check cannot tell that it was imported.
  const suspects = [...findAdditions(olds, news), ...(areTriggersNew ? findChanges(olds, news) : [])];
  const isAccepted = (name: SettledName): boolean =>
    (isImported && held[name] === undefined) ||
    (isImported && name === "quantity") ||
    matches(name, news[name], held);
  const { size } = news;
  const isSmaller = size !== undefined && held.size !== undefined && size < held.size;
  const reason = `cannot be less than the ${held.size ?? 0} GB that the database has: a database does not shrink`;
  return [
    ...suspects
      .filter((name) => !isAccepted(name))
      .map((name) => refuseChange(name, { before: held[name], after: news[name] })),
    ...(isSmaller ? [{ property: "size", reason }] : []),
  ];
}

/** The arguments that are changed in the database, and those that are only stored. */
function findUpdates(comparison: Comparison, isJustImported: boolean): string[] {
  const { kind, olds, news, held, unknown, isImported } = comparison;
  const inPlace = (["name", "size", "autoBackup", "backupHour"] as const).filter(
    (name) => unknown.has(name) || (news[name] !== undefined && news[name] !== (held[name] ?? olds[name])),
  );
  // Drift that the program follows: the outputs are read anew.
  const followed = findChanges(olds, news).filter((name) => !matches(name, news[name], held));
  // An import must end without changes, or the engine refuses it; the next run stores these, and renames what
  // still has the name of an attempt.
  if (isImported && isJustImported) {
    return [...inPlace.filter((name) => news[name] !== olds[name]), ...followed];
  }
  const finalBackup = news.finalBackup ?? kind.finalBackupByDefault;
  const isStored = {
    password: isPasswordChanged(comparison),
    finalBackup:
      unknown.has("finalBackup") || finalBackup !== (held.finalBackup ?? kind.finalBackupByDefault),
    preflight: unknown.has("preflight") || (news.preflight ?? "error") !== (held.preflight ?? "error"),
    triggers: unknown.has("triggers") || !isDeepStrictEqual(news.triggers, held.triggers),
    quantity: isImported && news.quantity !== undefined && news.quantity !== held.quantity,
  };
  const stored = Object.entries(isStored).filter(([, isChanged]) => isChanged);
  return [...new Set([...inPlace, ...followed, ...stored.map(([name]) => name)])];
}

function isPasswordChanged({ news, held, unknown, isImported }: Comparison): boolean {
  if (unknown.has("password")) return true;
  if (news.password === undefined || news.password === held.password) return false;
  // What was created without a password has none; what was imported may have any.
  return isImported || news.password !== "" || held.password !== undefined;
}

/** What happened in the cloud is shown, and never replaces anything. */
function warnOfState(comparison: Comparison, context: RestoreContext): void {
  const { kind, held, outputs } = comparison;
  const own = takeText(outputs, kind.idProperty) ?? "";
  const state = takeText(outputs, "state") ?? "";
  if (/fail/i.test(state)) {
    const advice = "Look at it in UCloud's console. Nothing is replaced for that.";
    context.warn(
      `${kind.noun} ${quoteText(own)} ran, and is now in the state ${quoteText(state)}. ${advice}`,
    );
  }
  const { olds, news } = placeBoth(comparison);
  const names: readonly SettledName[] = [...PLACEMENT, ...TERMS];
  const drifted = names.filter(
    (name) =>
      news[name] !== undefined &&
      held[name] !== undefined &&
      isSame(name, olds[name], news[name]) &&
      !matches(name, news[name], held),
  );
  if (drifted.length === 0) return;
  const list = drifted.map((name) => `${name} ${show(held[name])}, in the program ${show(news[name])}`);
  const advice = "Nothing is changed for that. Write the database's values into the program.";
  context.warn(`${kind.noun} ${quoteText(own)} was changed in the cloud: ${list.join("; ")}. ${advice}`);
}

/**
 * The arguments with those of the location where the database is. For the old ones, that is as it was chosen by: a
 * location that was changed since is a changed source, and never drift.
 */
function placeBoth({ olds, news, held, outputs }: Comparison): Pick<Comparison, "olds" | "news"> {
  const backup = takeMap(outputs, "backup");
  const chosenBy = { ...olds, source: held.source ?? olds.source };
  return {
    olds: placeValues(chosenBy, findHeldPlace(chosenBy.source, backup)),
    news: placeValues(news, findHeldPlace(news.source, backup)),
  };
}

function warnOfSource({ kind, news, outputs, isImported }: Comparison, context: RestoreContext): void {
  if (news.source === undefined || isImported) return;
  const text = describeSourceChange(kind, { source: news.source, outputs, now: context.now() });
  if (text !== undefined) context.warn(text);
}
