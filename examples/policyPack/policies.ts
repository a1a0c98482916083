import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

const PACKAGE = "ucloud-redis:index";
const RESTORED = [`${PACKAGE}:RestoredURedisGroup`, `${PACKAGE}:RestoredUMemSpace`];

/** Pins, also those of the dynamic variant, and backups that the program takes: their ids stay the same. */
const KEEPS_ITS_BACKUP =
  /^(ucloud-redis:index|pulumi-nodejs:dynamic\/ucloud-redis):(URedis|UMem)Backup(Pin)?$/;
/** What another stack exports. That stack may have a pin, which is not visible here. */
const OTHER_STACK = "pulumi:pulumi:StackReference";

/** An input of this name takes the id of a backup: `backupId`, `sourceBackupId`, `backup_id`. */
const TAKES_BACKUP = /backup_?id$/i;

/** No restore without a limit of how much may be lost, unless the program names the backup. */
export const restoreHasMaxAge: ResourceValidationPolicy = {
  name: "restore-has-max-age",
  description:
    "A restored database says in `source.maxAge` how old its backup may be, or in `source.backupId` which it is.",
  validateResource: ({ type, props }, reportViolation) => {
    if (!RESTORED.includes(type)) return;
    const source = props["source"] as Readonly<Record<string, unknown>> | undefined;
    // An imported database has no source: it is not restored.
    if (source === undefined) return;
    // The age of a backup that is named was judged when it was pinned. Its id may not be known yet in a preview.
    if (["maxAge", "backupId"].some((name) => isGiven(source, name))) return;
    reportViolation(
      'Set `source.maxAge`, such as "26h", or `source.backupId` from a pin. Without both, the newest backup is ' +
        "restored even if it is weeks old.",
    );
  },
};

/** No deletion without a last backup. The two resources have different defaults. */
export const finalBackupIsOn: ResourceValidationPolicy = {
  name: "final-backup-is-on",
  description: "A last backup is taken before a restored database is deleted.",
  validateResource: ({ type, props }, reportViolation) => {
    if (!RESTORED.includes(type)) return;
    const finalBackup = props["finalBackup"] as boolean | undefined;
    if (type === `${PACKAGE}:RestoredURedisGroup`) {
      if (finalBackup === false)
        reportViolation("Remove `finalBackup: false`: a group has a last backup by default.");
    } else if (finalBackup !== true) {
      reportViolation("Set `finalBackup: true`: by default, a space is deleted without a last backup.");
    }
  },
};

/** The ids of backups in the inputs of each resource, by its URN and the input's name. */
const takenIds = new Map<string, ReadonlyMap<string, readonly unknown[]>>();

/**
 * No database of any provider whose backup changes by itself. A policy does not see which function a value is
 * from. It sees which resources an input is from, but not which part of it, so an input with a pin among its
 * sources may still hold another id. So an id that is known must equal that of a resource that keeps it. The
 * sources decide if the id is not known yet, or is from another stack, whose pins are not visible.
 *
 * Pulumi shows inputs one resource at a time, and what they are from only when it has seen all resources. So
 * this policy has two steps, in one process.
 */
export const backupIsPinned: ResourceValidationPolicy & StackValidationPolicy = {
  name: "backup-is-pinned",
  description: "A resource that takes the id of a backup takes it from a pin.",
  validateResource: ({ type, urn, props }) => {
    // This package's own resources choose once, whatever they are given later.
    const inputs = type.startsWith(`${PACKAGE}:`) || KEEPS_ITS_BACKUP.test(type) ? [] : Object.keys(props);
    const found = inputs.map((input) => [input, listBackupIds(props, input)] as const);
    takenIds.set(urn, new Map(found.filter(([, ids]) => ids.length > 0)));
  },
  validateStack: ({ resources }, reportViolation) => {
    const pins = resources.filter(({ type }) => KEEPS_ITS_BACKUP.test(type));
    const pinned = new Set(pins.map(({ props }) => readKnown(props, "backupId")));
    pinned.delete(undefined);
    for (const resource of resources) {
      for (const [input, ids] of takenIds.get(resource.urn) ?? []) {
        const sources = resource.propertyDependencies[input] ?? [];
        if (ids.every((id) => pinned.has(id) || mayBePinned(id, sources))) continue;
        reportViolation(
          `\`${input}\` takes the id of a backup that is not from a pin. If it is from \`getLatest…\`, each new ` +
            "backup changes it, and may replace this resource with all its data. Use `URedisBackupPin` or " +
            "`UMemBackupPin`, and its `backupId`.",
          resource.urn,
        );
      }
    }
  },
};

export const policies = [restoreHasMaxAge, finalBackupIsOn, backupIsPinned];

/**
 * Whether an id that equals none of a pin may be one all the same: that of a pin that is not known yet, or one that
 * another stack exports.
 */
function mayBePinned(id: unknown, sources: readonly PolicyResource[]): boolean {
  if (sources.some(({ type }) => type === OTHER_STACK)) return true;
  return id === undefined && sources.some(({ type }) => KEEPS_ITS_BACKUP.test(type));
}

/** The ids of backups in a property, at any depth. One that is not known before the update is undefined. */
function listBackupIds(holder: Readonly<Record<string, unknown>>, name: string): unknown[] {
  const value = readKnown(holder, name);
  if (typeof value !== "object" || value === null) return TAKES_BACKUP.test(name) ? [value] : [];
  return Object.keys(value).flatMap((each) => listBackupIds(value as Record<string, unknown>, each));
}

/** Reads a value. In a preview, reading one that is not known yet throws, which would end the whole policy. */
function readKnown(holder: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return holder[name];
  } catch {
    return undefined;
  }
}

/** Whether a property has a value, also one that is not known yet. */
function isGiven(holder: Readonly<Record<string, unknown>>, name: string): boolean {
  try {
    return holder[name] !== undefined && holder[name] !== null;
  } catch {
    return true;
  }
}
