/** The messages of a report that saw nothing, or less than was asked for. */

import { RedisBackupError, stripCode } from "../ucloud/errors";
import type { RegionReport } from "./report";
import type { ReportRequest } from "./reportArguments";
import { describeFaults } from "./reportMessages";
import { listTexts, maskUnprintable, shortenText } from "./text";

/** How many regions or ids a message names. */
const MOST_NAMED = 5;

/** The failure if no region could be listed. If all failed alike, as with wrong keys, it says why only once. */
export function createUnlistedError(regions: readonly RegionReport[]): RedisBackupError {
  const failed = regions.flatMap(({ region, failure }) =>
    failure === undefined ? [] : [{ region, failure }],
  );
  const [first] = failed;
  if (first === undefined) throw new Error("a region without a failure was listed");
  if (failed.length === 1) return first.failure;
  const { code } = first.failure;
  const texts = failed.map(({ region, failure }) => {
    return failure.message.replaceAll(`Region ${region}`, "").replace(/request uuid \S+/, "");
  });
  if (new Set(texts).size === 1) {
    const names = failed.map(({ region }) => shortenText(region)).join(", ");
    const claim = `none of the ${failed.length} regions could be listed, for the same reason: ${names}`;
    return new RedisBackupError(code, `${claim}\n${stripCode(first.failure)}`);
  }
  const faults = failed.map(({ region, failure }) => ({
    code: failure.code,
    title: shortenText(region),
    message: maskUnprintable(stripCode(failure).replaceAll("\n", " ")),
  }));
  return new RedisBackupError(code, describeFaults(faults, { checked: 0, regions: regions.length }));
}

/** For `NotFound`: there is no database, or the filters left none. */
export function describeNothing(
  { filters, projectId, regions: asked }: ReportRequest,
  regions: readonly RegionReport[],
): string {
  const living = regions.reduce((sum, region) => sum + region.living, 0);
  const idle = regions.reduce((sum, region) => sum + region.idle, 0);
  const names = filters.map((name) => `\`${name}\``).join(", ");
  const project = projectId === undefined ? "" : `, project ${shortenText(projectId)}`;
  const claim =
    living > 0
      ? `none of the ${living === 1 ? "databases, of which there is 1," : `${living} databases`} passes the filters (${names}).`
      : "there is no Redis database to check.";
  return [
    `no database found: ${claim}`,
    ...(idle === 0 ? [] : [`Left out, as they are being made or deleted, or never ran: ${idle}.`]),
    `Looked in: ${asked.map(shortenText).join(", ")}${project}.`,
    `Check ${living > 0 ? "the filters" : "the keys, the project and the regions"}, or set allowEmpty.`,
  ].join("\n");
}

/**
 * A warning if no region lists an id of `excludeIds`, which may be misspelt. `undefined` while a region is not known in
 * full.
 */
export function describeUnusedExclusions(
  { excludeIds, regions: asked }: ReportRequest,
  regions: readonly RegionReport[],
): string | undefined {
  if (regions.some(({ failure }) => failure !== undefined)) return undefined;
  const unused = excludeIds.filter((id) => !regions.some(({ ids }) => ids.has(id)));
  if (unused.length === 0) return undefined;
  const where = asked.length === 1 ? "the region" : "any of the regions";
  const claim = `excludeIds names databases that are not in ${where}: ${listTexts(unused, MOST_NAMED)}`;
  return `${claim}. Remove them, or check the ids.`;
}
