/** The places of `locations`: where to look for backups, in order of preference. */

import type { InputFailure } from "../ucloud/errors";
import type { RegionType } from "../schemaTypes";

/** A region, and which backups to use there. */
export interface Place {
  readonly region: string;
  /** @default `normal` */
  readonly regionType?: RegionType | undefined;
}

/** The checked arguments that say where to look. */
export interface PlaceArgs {
  readonly groupId?: string;
  readonly region?: string;
  readonly regionType?: RegionType;
  readonly slaveZone?: string;
  readonly locations?: readonly Place[];
}

/** The arguments that name one region, or belong to one. */
const OF_ONE_REGION = ["region", "regionType", "slaveZone"] as const;

/** What is wrong with `locations`, and with what is given beside it. `unknown`: the arguments given later. */
export function findLocationFailures(
  args: PlaceArgs,
  unknown: ReadonlySet<string> = new Set(),
): InputFailure[] {
  const { locations, groupId } = args;
  if (locations === undefined) return [];
  const misplaced = OF_ONE_REGION.filter((name) => args[name] !== undefined).map((property) => ({
    property,
    reason: "fits one region only, and `locations` names several: leave one of the two out",
  }));
  const empty = {
    property: "locations",
    reason: "must name a place to look in; leave it out to look in `region`",
  };
  // Without a group, another place could have the backups of another database.
  const nameless = {
    property: "groupId",
    reason: "is required with `locations`: each place may have backups of other groups",
  };
  return [
    ...misplaced,
    ...(locations.length === 0 ? [empty] : []),
    ...(groupId === undefined && !unknown.has("groupId") ? [nameless] : []),
    ...findRepeated(locations),
  ];
}

function findRepeated(locations: readonly Place[]): InputFailure[] {
  return locations.flatMap((place, index) => {
    const first = locations.findIndex((each) => isSamePlace(each, place));
    if (first === index) return [];
    return [{ property: `locations[${index}]`, reason: `is the same place as locations[${first}]` }];
  });
}

/** Whether two places are one. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.region === b.region && (a.regionType ?? "normal") === (b.regionType ?? "normal");
}

/**
 * Whether a backup that was chosen in `chosen` would still be looked for there first: it is the first place, or those up
 * to it are the same as before. What comes after it does not matter.
 */
export function keepsPlace(
  chosen: Place,
  { before, after }: { readonly before: readonly Place[]; readonly after: readonly Place[] },
): boolean {
  const index = after.findIndex((each) => isSamePlace(each, chosen));
  const isSame = (each: Place, i: number): boolean => before[i] !== undefined && isSamePlace(each, before[i]);
  return index === 0 || (index > 0 && after.slice(0, index + 1).every(isSame));
}

/** A place in the words of messages: `cn-bj2 (regionType target)`. */
export function describePlace({ region, regionType = "normal" }: Place): string {
  return `${region} (regionType ${regionType})`;
}
