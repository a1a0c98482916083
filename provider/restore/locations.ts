/**
 * `source.locations`: the places where a group may be restored, in order of preference. Zones and networks fit one
 * region, so each place has its own, and the resource has none.
 */

import { dropNullish, type RawArguments } from "../backups/arguments";
import type { InputFailure } from "../ucloud/errors";
import { isZoneOf } from "../ucloud/zones";
import { type RestoreValues, takeText } from "./restoreArguments";

/** What a place says of the database that is restored there. */
export const PLACE_FIELDS = ["zone", "slaveZone", "vpcId", "subnetId"] as const;

type PlaceField = (typeof PLACE_FIELDS)[number];

/** One of `source.locations`. */
export type RestoreLocation = Readonly<Record<PlaceField | "region" | "regionType", string | undefined>>;

/** The arguments that each location has for itself. */
const OWN_FIELDS: readonly ("region" | PlaceField)[] = ["region", ...PLACE_FIELDS];

/** The region type of copies that were made in another region. */
export const COPIES = "target";

/** The locations of a source. `undefined` if it has none. */
export function readLocations(source: RawArguments | undefined): readonly RestoreLocation[] | undefined {
  const locations: unknown = source?.["locations"];
  if (!Array.isArray(locations) || locations.length === 0) return undefined;
  return locations.map((each: unknown) => readLocation(isMap(each) ? each : {}));
}

/** The source as a lookup takes it: where to look, without what is restored there. */
export function narrowLocations(source: RawArguments): RawArguments {
  const locations = readLocations(source);
  if (locations === undefined) return source;
  return {
    ...source,
    locations: locations.map(({ region, regionType }) => dropNullish({ region, regionType })),
  };
}

/** The values with the zones and the network of one of the locations, as if the resource had them. */
export function placeValues(values: RestoreValues, place: number | undefined): RestoreValues {
  const location = place === undefined ? undefined : readLocations(values.source)?.[place];
  if (location === undefined) return values;
  const { zone, slaveZone, vpcId, subnetId } = location;
  return { ...values, zone, slaveZone, vpcId, subnetId };
}

/** The index of the location where a restored backup was found. `backup` is the output of that name. */
export function findHeldPlace(
  source: RawArguments | undefined,
  backup: RawArguments | undefined,
): number | undefined {
  const region = takeText(backup ?? {}, "region");
  const isHeld = (each: RestoreLocation): boolean =>
    each.region === region && (each.regionType ?? "normal") === readRegionType(backup);
  const index = region === undefined ? -1 : (readLocations(source)?.findIndex(isHeld) ?? -1);
  return index < 0 ? undefined : index;
}

/** A property as the program writes it: `source.locations[1].zone` if `zone` comes from that location. */
export function nameInLocation(place: number | undefined, property: string): string {
  if (place === undefined) return property;
  const name = property.replace(/^source\./, "");
  const isOwn = name === "regionType" || OWN_FIELDS.some((each) => each === name);
  return isOwn ? `source.locations[${place}].${name}` : property;
}

/** Whether a restored backup is a copy of one of another region. `backup` is the output of that name. */
export function isCopy(backup: RawArguments | undefined): boolean {
  return readRegionType(backup) === COPIES;
}

/** Locations in a message. */
export function describeLocations(source: RawArguments): string {
  const texts = (readLocations(source) ?? []).map(({ region = "", regionType }) =>
    regionType === undefined ? region : `${region} (${regionType})`,
  );
  return texts.join(", ");
}

/**
 * What is wrong with the locations as places to restore in. A copy's region has no source to take anything from.
 * What is missing there is refused at once, as nobody wants to learn of it on the day when the other region is lost.
 */
export function findPlacementFailures(
  values: RestoreValues,
  unknown: ReadonlySet<string>,
): readonly InputFailure[] {
  const locations = readLocations(values.source);
  if (locations === undefined) return [];
  const isGiven = (name: "region" | "chargeType" | PlaceField): boolean =>
    values[name] !== undefined || unknown.has(name);
  const isLenient = values.preflight === "warn" || unknown.has("preflight");
  const copies = locations.flatMap(({ regionType }, place) => (regionType === COPIES ? [place] : []));
  const [first] = copies;
  return [
    ...OWN_FIELDS.filter(isGiven).map((property) => ({ property, reason: FITS_ONE_REGION })),
    ...copies.flatMap((place) => findMissingNetwork(place, locations[place])),
    ...(first === undefined || isGiven("chargeType") ? [] : [requireChargeType(first)]),
    ...(isLenient ? [] : locations.flatMap((location, place) => findStrangeZones(place, location))),
  ];
}

const FITS_ONE_REGION =
  "must be left out beside `source.locations`, as it fits one region only: give it in the location that it belongs to";

function findMissingNetwork(place: number, location: RestoreLocation | undefined): InputFailure[] {
  const needed = ["vpcId", "subnetId"] as const;
  return needed
    .filter((name) => location?.[name] === undefined)
    .map((name) => ({
      property: nameInLocation(place, name),
      reason:
        "is required: a copy is restored in another region than its source, which has no network to take over",
    }));
}

function requireChargeType(place: number): InputFailure {
  const reason = `is required, as it decides what you pay: Month, Year or Dynamic. Where \`${nameInLocation(place, "region")}\` is, there is no source to take it from`;
  return { property: "chargeType", reason };
}

function findStrangeZones(place: number, location: RestoreLocation): InputFailure[] {
  const { region } = location;
  const zones = ["zone", "slaveZone"] as const;
  return zones.flatMap((name) => {
    const zone = location[name];
    if (region === undefined || zone === undefined || isZoneOf(region, zone)) return [];
    return [{ property: nameInLocation(place, name), reason: `must be a zone of ${region}` }];
  });
}

function readRegionType(backup: RawArguments | undefined): string {
  return takeText(backup ?? {}, "regionType") ?? "normal";
}

function readLocation(fields: RawArguments): RestoreLocation {
  const text = (name: string): string | undefined => takeText(fields, name);
  return {
    region: text("region"),
    regionType: text("regionType"),
    zone: text("zone"),
    slaveZone: text("slaveZone"),
    vpcId: text("vpcId"),
    subnetId: text("subnetId"),
  };
}

function isMap(value: unknown): value is RawArguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
