/** What a restore sends where the program leaves something out. */

import type { Database, DatabaseConfig } from "../ucloud/databases";
import type { InputFailure } from "../ucloud/errors";
import { isZoneOf } from "../ucloud/zones";
import type { ChosenBackup } from "./choice";
import type { RestoreKind } from "./kinds";
import type { LiveSource } from "./liveFacts";
import { nameInLocation } from "./locations";
import type { RestoreValues } from "./restoreArguments";
import { isSameVersion, pickNewerVersion, shortenVersion } from "./versions";

/** The values of a creation: the program's, else the defaults. */
export type Defaults = Omit<RestoreValues, "source" | "triggers" | "preflight" | "region" | "projectId">;

/** What defaults are taken from. */
export interface DefaultBasis {
  readonly values: RestoreValues;
  /** The names of arguments that are given, but not known yet. They have no default. */
  readonly unknown: ReadonlySet<string>;
  readonly backup: ChosenBackup;
  readonly source: LiveSource;
}

/** The charge types that the API's page of the creation lists. Others are not bought by default. */
const CHARGE_TYPES: ReadonlySet<string> = new Set(["Year", "Month", "Dynamic"]);

/** The parameter files of the API's page `CreateURedisGroup`, by version. */
const DEFAULT_CONFIGS: Readonly<Record<string, string>> = {
  "4.0": "6c9298a3-9d7f-428c-b1d0-e87ab3b8a1ea",
  "5.0": "3cdeeb90-dcbf-46e8-95cd-a05d8860a22c",
  "6.0": "1d990520-aac8-4e0f-9384-f58611e8eb28",
  "7.0": "48dcf534-db41-11ec-a1a6-52670028d520",
};

/** Fills in what the backup and the source say. */
export function resolveDefaults(kind: RestoreKind, basis: DefaultBasis): Defaults {
  const { values, unknown, backup, source } = basis;
  const live = source.database;
  const isGroup = kind.kind === "uredis";
  const resolved: Defaults = {
    ...values,
    zone: values.zone ?? pickZone(kind, backup, live),
    size: values.size ?? pickLarger(live?.size, backup.size),
    version: values.version ?? pickVersion(backup, live),
    ...pickNetwork(values, { live, isVpcUnknown: unknown.has("vpcId") }),
    chargeType: values.chargeType ?? pickChargeType(live),
    blockCount: isGroup ? undefined : (values.blockCount ?? backup.blockCount),
    highAvailability: isGroup ? (values.highAvailability ?? true) : undefined,
    autoBackup: isGroup ? (values.autoBackup ?? true) : undefined,
    finalBackup: values.finalBackup ?? kind.finalBackupByDefault,
  };
  const known = Object.entries(resolved).map(([name, value]) => [
    name,
    unknown.has(name) ? undefined : (value as unknown),
  ]);
  // The same names, of which some have become absent.
  return Object.fromEntries(known) as Defaults;
}

/** What a creation needs, and neither the program, the backup nor the source says. */
export function findMissing(
  settings: Defaults,
  { values, unknown, backup, source }: DefaultBasis,
): InputFailure[] {
  const needed = ["zone", "size", "version", "vpcId", "subnetId", "chargeType"] as const;
  const hints: Partial<Record<(typeof needed)[number], string>> = {
    size: "in GB",
    chargeType: "as it decides what you pay: Month, Year or Dynamic",
  };
  const { database: live, absence } = source;
  const explain = (name: (typeof needed)[number]): string => {
    if (absence !== undefined) return `the source ${absence}`;
    const isOtherVpc = name === "subnetId" && values.vpcId !== undefined && live?.vpcId !== undefined;
    return isOtherVpc
      ? "the source's is in another VPC"
      : "the API does not say one of the source that can be used";
  };
  return (
    needed
      .filter((name) => settings[name] === undefined && !unknown.has(name))
      // Which subnet is the default depends on the VPC.
      .filter((name) => name !== "subnetId" || !unknown.has("vpcId"))
      .map((name) => {
        const hint = hints[name] === undefined ? "" : `, ${hints[name]}`;
        const reason = `is required${hint}: ${explain(name)}, so there is no default`;
        return { property: nameInLocation(backup.place, name), reason };
      })
  );
}

/** The version in the form that the zone offers it in, else as it is. */
export function writeOfferedVersion(version: string, offered: readonly string[] = []): string {
  return offered.find((each) => isSameVersion(each, version)) ?? version;
}

/** The parameter file for a version. The API demands one for a restore, and its own default is for 4.0. */
export function pickConfig(version: string, configs: readonly DatabaseConfig[] = []): string | undefined {
  const suited = configs.find(
    (config) => config.isDefault && config.isUsable && isSameVersion(config.version ?? "", version),
  );
  return suited?.id ?? DEFAULT_CONFIGS[shortenVersion(version) ?? ""];
}

function pickZone(
  kind: RestoreKind,
  { scope, zone }: ChosenBackup,
  live: Database | undefined,
): string | undefined {
  if (kind.kind === "umem") return zone;
  // The row of a copy may name the zone of its source, in another region.
  return zone !== undefined && isZoneOf(scope.region, zone) ? zone : live?.zone;
}

/** The newer one: a source that was upgraded has a version that is offered, its backup perhaps not. */
function pickVersion(backup: ChosenBackup, live: Database | undefined): string | undefined {
  const version = pickNewerVersion(backup.version, live?.version);
  return version === undefined ? undefined : (shortenVersion(version) ?? version);
}

/** A subnet belongs to its VPC: the source's is no default for another VPC. */
function pickNetwork(
  { vpcId, subnetId }: RestoreValues,
  { live, isVpcUnknown }: { live: Database | undefined; isVpcUnknown: boolean },
): Pick<Defaults, "vpcId" | "subnetId"> {
  const isSourcesVpc = !isVpcUnknown && (vpcId === undefined || vpcId === live?.vpcId);
  return { vpcId: vpcId ?? live?.vpcId, subnetId: subnetId ?? (isSourcesVpc ? live?.subnetId : undefined) };
}

function pickChargeType(live: Database | undefined): string | undefined {
  return CHARGE_TYPES.has(live?.chargeType ?? "") ? live?.chargeType : undefined;
}

function pickLarger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
