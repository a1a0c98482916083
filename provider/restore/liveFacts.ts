/** What the cloud says before a restore. A read that fails is a warning: it must not stop a restore. */

import type { Database, DatabaseConfig, DatabaseScope, Price, PriceQuery } from "../ucloud/databases";
import type { ChosenBackup } from "./choice";
import type { Defaults } from "./defaults";
import type { RestoreKind } from "./kinds";
import type { RestoreContext } from "./resource";

/** The source database as it is now. */
export interface LiveSource {
  readonly database: Database | undefined;
  /** Why it is not known, in words that follow "the source". */
  readonly absence: string | undefined;
  readonly warnings: readonly string[];
}

/** What the zone offers. What is not known is absent. */
export interface ZoneFacts {
  readonly versions: readonly string[] | undefined;
  readonly configs: readonly DatabaseConfig[] | undefined;
  readonly room: number | undefined;
  readonly prices: readonly Price[] | undefined;
  readonly warnings: readonly string[];
}

type Reading = Pick<RestoreContext, "openDatabases" | "signal" | "attempts">;

/** An answer, or why there is none. */
interface Answer<Value> {
  readonly value: Value | undefined;
  readonly warnings: readonly string[];
}

const UNASKED = { value: undefined, warnings: [] };

/** Looks at the database that was backed up. */
export async function lookAtSource(
  kind: RestoreKind,
  { scope, id, isCopy }: { scope: DatabaseScope; id: string | undefined; isCopy: boolean },
  context: Reading,
): Promise<LiveSource> {
  if (isCopy) return { database: undefined, absence: "is in another region", warnings: [] };
  if (id === undefined) return { database: undefined, absence: "is not named by the API", warnings: [] };
  const what = `Whether the ${kind.noun} ${id} still exists`;
  const { value, warnings } = await tryRead(what, context, async () => ({
    found: await context.openDatabases().reader.find(scope, id),
  }));
  if (value === undefined) return { database: undefined, absence: "could not be looked at", warnings };
  if (value.found !== undefined) context.attempts.keepSource(scope.region, value.found);
  // With `deleteBeforeReplace`, the database may be gone that its own restore takes its settings from.
  const kept = context.attempts.findSource(scope.region, id);
  if (value.found === undefined && kept !== undefined) {
    return { database: kept, absence: undefined, warnings };
  }
  const absence = value.found === undefined ? "is not listed any more" : undefined;
  return { database: value.found, absence, warnings };
}

/** Asks all at once what the zone offers. What needs an argument that is missing is not asked. */
export async function readZoneFacts(
  kind: RestoreKind,
  request: {
    readonly backup: ChosenBackup;
    readonly settings: Defaults;
    readonly unknown: ReadonlySet<string>;
  },
  context: Reading,
): Promise<ZoneFacts> {
  const { settings, unknown } = request;
  const { scope } = request.backup;
  const { zone, size, version, configId, chargeType, slaveZone } = settings;
  if (zone === undefined) {
    return { versions: undefined, configs: undefined, room: undefined, prices: undefined, warnings: [] };
  }
  const isGroup = kind.kind === "uredis";
  const place = { ...scope, zone };
  const ask = async <Value>(
    isNeeded: boolean,
    what: string,
    read: () => Promise<Value>,
  ): Promise<Answer<Value>> => (isNeeded ? tryRead(what, context, read) : UNASKED);
  const reader = context.openDatabases().reader;

  const [versions, configs, room, prices] = await Promise.all([
    ask(isGroup, `Which versions ${zone} offers`, () => reader.listVersions(place)),
    ask(
      isGroup && version !== undefined && configId === undefined && !unknown.has("configId"),
      `Which configurations ${zone} has`,
      () => reader.listConfigs({ ...place, version }),
    ),
    ask(size !== undefined && !unknown.has("slaveZone"), `Whether ${zone} has room`, async () => {
      const room = await reader.countRoom({ kind: kind.kind, ...place, slaveZone, size: size ?? 0 });
      if (room === undefined) throw new Error("The answer has no number.");
      return room;
    }),
    ask(size !== undefined && chargeType !== undefined, "The price", () =>
      reader.listPrices({ ...pickPriceTerms(settings), kind: kind.kind, ...place, size: size ?? 0 }),
    ),
  ]);
  return {
    versions: versions.value,
    configs: configs.value,
    room: room.value,
    prices: prices.value,
    // A price is shown where there is one; without one, nothing is left unchecked.
    warnings: [...versions.warnings, ...configs.warnings, ...room.warnings],
  };
}

function pickPriceTerms(
  settings: Defaults,
): Omit<PriceQuery, "kind" | "zone" | "size" | keyof DatabaseScope> {
  const { chargeType, quantity, highAvailability, highPerformance } = settings;
  const { blockCount, proxySize, clusterMode } = settings;
  return { chargeType, quantity, highAvailability, highPerformance, blockCount, proxySize, clusterMode };
}

async function tryRead<Value>(
  what: string,
  { signal }: Pick<Reading, "signal">,
  read: () => Promise<Value>,
): Promise<Answer<Value>> {
  try {
    return { value: await read(), warnings: [] };
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { value: undefined, warnings: [`${what} could not be checked. ${reason}`] };
  }
}
