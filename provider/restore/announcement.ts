/** What is said when a restore is done. */

import { describeTime, formatAge } from "../backups/age";
import { quoteText } from "../backups/text";
import type { RestoreKind } from "./kinds";
import { isCopy, readLocations } from "./locations";
import { takeMap, takeNumber, takeText } from "./restoreArguments";
import type { ResourceOutputs, RestoreContext } from "./resource";

/** How much of its backup a database that runs should hold at least. With less, it may not be loaded yet. */
const DOUBTFUL_SHARE = 0.1;
const MEBIBYTE = 1024 * 1024;
/** Smaller backup files say nothing: an empty database uses a few MB as well. */
const LEAST_TELLING_BYTES = 10 * MEBIBYTE;

/** Says what was restored into what, and warns of a database that holds almost nothing of a larger backup. */
export function announceRestore(
  kind: RestoreKind,
  { outputs, elapsedMs }: { readonly outputs: ResourceOutputs; readonly elapsedMs: number },
  context: RestoreContext,
): void {
  const backup = takeMap(outputs, "backup") ?? {};
  const id = takeText(outputs, kind.idProperty) ?? "";
  const size = takeNumber(outputs, "size");
  const usedSize = takeNumber(outputs, "usedSize");
  const source = takeText(backup, kind.idProperty);
  const facts = [
    ...(size === undefined ? [] : [`${size} GB`]),
    ...(usedSize === undefined ? [] : [`${usedSize} MB used`]),
    `in ${formatAge(elapsedMs / 1000)}`,
  ];
  const made = describeTime(takeText(backup, "createdAt"), context.now());
  const of = source === undefined ? "" : ` of ${source}`;
  const { what, where } = describePlace(outputs);
  context.inform(
    `Restored ${what} ${quoteText(takeText(backup, "backupId") ?? "")}${of}, made ${made}, into ${kind.noun} ${id}${where}: ${facts.join(", ")}.`,
  );
  const bytes = takeNumber(backup, "backupSize");
  if (usedSize === undefined || bytes === undefined || bytes < LEAST_TELLING_BYTES) return;
  if (usedSize * MEBIBYTE >= DOUBTFUL_SHARE * bytes) return;
  context.warn(
    `${id} runs, but uses ${usedSize} MB only, and the backup file has ${Math.round(bytes / MEBIBYTE)} MB. ` +
      "It may still be loading: count its keys before you switch to it.",
  );
}

/** Whether a copy was restored, and the region, unless there was only one that it could be. */
function describePlace(outputs: ResourceOutputs): { readonly what: string; readonly where: string } {
  const source = takeMap(outputs, "source");
  const region = takeText(outputs, "region");
  const isNamed = region !== undefined && readLocations(source) !== undefined;
  return {
    what: isCopy(takeMap(outputs, "backup")) ? "copy" : "backup",
    where: isNamed ? ` in ${region}` : "",
  };
}
