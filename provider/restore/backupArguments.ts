/** The arguments of a backup that is taken by hand. */

import { isDeepStrictEqual } from "node:util";
import { dropNullish, findArgumentFailures, type RawArguments, refuseIfAny } from "../backups/arguments";
import { REGION_MISSING } from "../backups/lookupRequest";
import { createName } from "./autoName";
import type { BackupKind } from "./backupIds";
import type { ChangeRequest, CheckRequest, RestoreContext } from "./resource";
import { findNameProblem } from "./rules";

/** A changed one of these takes another backup. */
const SELECTION = ["region", "projectId", "zone", "groupId", "spaceId", "slaveZone", "name", "triggers"];

/** The arguments to keep, with a name if none is given. @throws InvalidInputError `InvalidArgument` */
export function checkBackup(kind: BackupKind, request: CheckRequest, context: RestoreContext): RawArguments {
  const { olds, unknown = new Set<string>(), autonaming, randomSeed } = request;
  const args = dropNullish(request.args);
  refuseIfAny(findArgumentFailures(kind.token, { args, unknown }));
  const isRegionKnown = unknown.has("region") || (args["region"] ?? context.region) !== undefined;
  const given = args["name"] ?? (unknown.has("name") ? undefined : olds?.["name"]);
  const { urn, clock } = context;
  const isNamed = given !== undefined || unknown.has("name");
  const made = isNamed ? { name: given } : createName({ urn, autonaming, randomSeed, clock });
  const problem = typeof given === "string" ? findNameProblem(given) : undefined;
  refuseIfAny([
    ...(isRegionKnown ? [] : [{ property: "region", reason: REGION_MISSING }]),
    ...("failure" in made ? [made.failure] : []),
    ...(problem === undefined ? [] : [{ property: "name", reason: problem }]),
  ]);
  return dropNullish({ ...args, name: "name" in made ? made.name : undefined });
}

/** The changed arguments that take another backup. */
export function findReplacing({
  args,
  oldArgs,
  outputs,
  unknown = new Set<string>(),
}: ChangeRequest): string[] {
  const isSame = (name: string): boolean => {
    if (unknown.has(name)) return false;
    const [before, after] = [oldArgs[name] ?? undefined, args[name] ?? undefined];
    // What is taken out changes nothing: the backup has been taken.
    if (after === undefined || isDeepStrictEqual(before, after)) return true;
    // The first triggers of an imported backup do not take another one.
    if (name === "triggers") return before === undefined && outputs["requestedAt"] === undefined;
    // To name what was in effect anyway changes nothing.
    return outputs[name] === after;
  };
  return SELECTION.filter((name) => !isSame(name));
}

/** The region and project of a backup: its own, else those of the settings. */
export function resolveScope(args: RawArguments, context: RestoreContext): RawArguments {
  return dropNullish({
    region: args["region"] ?? context.region,
    projectId: args["projectId"] ?? context.projectId,
  });
}
