/** Arguments and outputs by their types. What has another type than the schema's is absent here. */

import type { RawArguments } from "../backups/arguments";

/** The values of a resource that a restore reads, of both kinds. */
export interface RestoreValues {
  readonly source: RawArguments | undefined;
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  readonly zone: string | undefined;
  readonly slaveZone: string | undefined;
  readonly vpcId: string | undefined;
  readonly subnetId: string | undefined;
  readonly port: number | undefined;
  readonly version: string | undefined;
  readonly configId: string | undefined;
  readonly highAvailability: boolean | undefined;
  readonly highPerformance: boolean | undefined;
  readonly blockCount: number | undefined;
  readonly proxySize: number | undefined;
  readonly proxyPort: number | undefined;
  readonly clusterMode: string | undefined;
  readonly name: string | undefined;
  readonly size: number | undefined;
  /** `""` means none, on purpose. */
  readonly password: string | undefined;
  readonly chargeType: string | undefined;
  readonly quantity: number | undefined;
  readonly tag: string | undefined;
  readonly autoBackup: boolean | undefined;
  readonly backupHour: number | undefined;
  readonly finalBackup: boolean | undefined;
  readonly preflight: string | undefined;
  /** Absent if there are none. */
  readonly triggers: RawArguments | undefined;
}

/** Reads arguments or outputs. */
export function readValues(values: RawArguments): RestoreValues {
  const text = (name: string): string | undefined => takeText(values, name);
  const number = (name: string): number | undefined => takeNumber(values, name);
  const flag = (name: string): boolean | undefined => {
    const value = values[name];
    return typeof value === "boolean" ? value : undefined;
  };
  return {
    source: takeMap(values, "source"),
    region: text("region"),
    projectId: text("projectId"),
    zone: text("zone"),
    slaveZone: text("slaveZone"),
    vpcId: text("vpcId"),
    subnetId: text("subnetId"),
    port: number("port"),
    version: text("version"),
    configId: text("configId"),
    highAvailability: flag("highAvailability"),
    highPerformance: flag("highPerformance"),
    blockCount: number("blockCount"),
    proxySize: number("proxySize"),
    proxyPort: number("proxyPort"),
    clusterMode: text("clusterMode"),
    name: text("name"),
    size: number("size"),
    password: typeof values["password"] === "string" ? values["password"] : undefined,
    chargeType: text("chargeType"),
    quantity: number("quantity"),
    tag: text("tag"),
    autoBackup: flag("autoBackup"),
    backupHour: number("backupHour"),
    finalBackup: flag("finalBackup"),
    preflight: text("preflight"),
    triggers: readTriggers(values),
  };
}

/** A text that is not empty. */
export function takeText(values: RawArguments, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function takeNumber(values: RawArguments, name: string): number | undefined {
  const value = values[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function takeMap(values: RawArguments, name: string): RawArguments | undefined {
  const value = values[name];
  // Only the engine's maps come here, whose keys are texts.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as RawArguments)
    : undefined;
}

/** An empty map of triggers is none. */
function readTriggers(values: RawArguments): RawArguments | undefined {
  const triggers = takeMap(values, "triggers");
  return triggers === undefined || Object.keys(triggers).length === 0 ? undefined : triggers;
}
