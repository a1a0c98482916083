/**
 * The checks before a creation. A check refuses only where what is known contradicts the restore; what is not
 * known is a warning at most. With `preflight: warn`, refusals become warnings: a wrong check must not stop a
 * restore.
 */

import type { InputFailure } from "../ucloud/errors";
import { isZoneOf } from "../ucloud/zones";
import type { ChosenBackup } from "./choice";
import type { Defaults } from "./defaults";
import type { RestoreKind } from "./kinds";
import type { LiveSource, ZoneFacts } from "./liveFacts";
import { COPIES, nameInLocation } from "./locations";
import { findRuleFailures } from "./rules";
import type { RestoreValues } from "./restoreArguments";
import { compareVersions, isSameVersion } from "./versions";

/** What is checked, and against what. */
export interface PreflightSubject {
  readonly kind: RestoreKind;
  readonly values: RestoreValues;
  readonly settings: Defaults;
  readonly unknown: ReadonlySet<string>;
  readonly backup: ChosenBackup;
  readonly source: LiveSource;
  readonly zone: ZoneFacts;
}

/** What the checks found. */
export interface Findings {
  readonly failures: readonly InputFailure[];
  readonly warnings: readonly string[];
}

/** A check's result. Each finds at most a few things. */
type Check = (subject: PreflightSubject) => readonly (InputFailure | string)[];

/** Runs all checks. A finding without a property is a warning. */
export function runPreflight(subject: PreflightSubject): Findings {
  const found = CHECKS.flatMap((check) => check(subject));
  const { place } = subject.backup;
  return {
    failures: found
      .filter((each) => typeof each !== "string")
      .map(({ property, reason }) => ({ property: nameInLocation(place, property), reason })),
    warnings: found.filter((each) => typeof each === "string"),
  };
}

const checkSize: Check = ({ kind, settings: { size, blockCount }, backup, source }) => {
  if (size === undefined) return [];
  const live = source.database?.size;
  const isTooSmall = backup.size !== undefined && size < backup.size;
  const isUneven = blockCount !== undefined && blockCount > 0 && size % blockCount !== 0;
  const isDoubtful = !isTooSmall && backup.size === undefined && live !== undefined && size < live;
  return [
    ...(isTooSmall
      ? [
          {
            property: "size",
            reason: `must be at least ${backup.size} GB, the size of the backed-up database`,
          },
        ]
      : []),
    ...(kind.kind === "umem" && isUneven
      ? [{ property: "size", reason: `must be a multiple of the number of shards, ${blockCount}` }]
      : []),
    ...(isDoubtful
      ? [`size: ${size} GB is less than the ${live} GB that the source has now; the backup may not fit.`]
      : []),
  ];
};

const checkVersion: Check = ({ settings: { version, zone }, backup, source, zone: facts }) => {
  if (version === undefined) return [];
  const { versions: offered = [] } = facts;
  const isOlder = (than: string | undefined): boolean =>
    than !== undefined && (compareVersions(version, than) ?? 0) < 0;
  const live = source.database?.version;
  const isReadable = offered.every((each) => compareVersions(each, version) !== undefined);
  const isOffered = offered.length === 0 || offered.some((each) => isSameVersion(each, version));
  const list = offered.join(", ");
  const doubt = `version: whether ${zone ?? ""} offers ${version} is not known; it names ${list}.`;
  return [
    ...(isOlder(backup.version)
      ? [
          {
            property: "version",
            reason: `must be at least ${backup.version ?? ""}, the version of the backup`,
          },
        ]
      : []),
    ...(backup.version === undefined && isOlder(live)
      ? [`version: ${version} is older than the ${live ?? ""} of the source; the backup may not load.`]
      : []),
    ...(isOffered
      ? []
      : [
          isReadable
            ? { property: "version", reason: `is not offered in ${zone ?? ""}, which has ${list}` }
            : doubt,
        ]),
  ];
};

const checkZones: Check = ({ settings: { zone, slaveZone }, backup }) => {
  const { region } = backup.scope;
  const strangers = Object.entries({ zone, slaveZone }).flatMap(([property, name]) =>
    name === undefined || isZoneOf(region, name) ? [] : [{ property, reason: `must be a zone of ${region}` }],
  );
  const isSame = zone !== undefined && zone === slaveZone;
  const reason = "must be another zone than `zone`; leave it out for both nodes in one";
  return isSame ? [...strangers, { property: "slaveZone", reason }] : strangers;
};

const checkCopy: Check = ({ backup: { place, regionType, copyRegion, scope } }) => {
  const isElsewhere = copyRegion !== undefined && copyRegion !== scope.region;
  if (regionType === "source") {
    const reason =
      "`source` lists copies that are in another region; restore there, with its `region` and `regionType: target`";
    return isElsewhere
      ? [{ property: "source.regionType", reason }]
      : [
          `${nameInLocation(place, "source.regionType")}: ${reason}. Where this copy is, the API does not say.`,
        ];
  }
  return regionType === COPIES && isElsewhere
    ? [
        `${nameInLocation(place, "region")}: the API says that the copy is in ${copyRegion}, and it is to be restored in ${scope.region}.`,
      ]
    : [];
};

const checkRoom: Check = ({ kind, settings: { zone, slaveZone, size }, zone: { room } }) => {
  if (room === undefined || room >= 1) return [];
  const place = [zone, slaveZone].filter((each) => each !== undefined).join(" with ");
  return [
    { property: "zone", reason: `has no room: ${place} cannot take a ${kind.noun} of ${size ?? 0} GB now` },
  ];
};

const checkShards: Check = ({ settings: { blockCount }, backup }) =>
  backup.blockCount === undefined || blockCount === undefined || blockCount === backup.blockCount
    ? []
    : [{ property: "blockCount", reason: `must be ${backup.blockCount}, as the backup has as many shards` }];

const checkPassword: Check = ({ kind, values: { password }, unknown, source }) => {
  if (password !== undefined || unknown.has("password")) return [];
  const has = source.database?.hasPassword;
  const ways = "set `password`, to an empty text if there shall be none";
  // A failure that named the property would make Pulumi print its value.
  if (has === true) return [{ property: "password", reason: `is required, as the source has one: ${ways}` }];
  const claim = `The ${kind.noun} is restored without a password, and it is not known whether the source has one`;
  return has === false ? [] : [`${claim}. A backup holds none: ${ways}.`];
};

const CHECKS: readonly Check[] = [
  ({ values }) => findRuleFailures(values),
  checkSize,
  checkVersion,
  checkZones,
  checkCopy,
  checkRoom,
  checkShards,
  checkPassword,
];
