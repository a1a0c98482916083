/** The address of a pinned backup. Both the pin's id, which users write to import one, and its state contain it. */

import type { BackupQuery, UMemArgs, URedisArgs } from "./services";

/** Where to look a pinned backup up. */
export interface PinAddress<Args> extends BackupQuery<Args> {
  readonly backupId: string;
}

/** The fields of a pin's state that address its backup. */
export interface AddressFields {
  readonly region: string;
  readonly projectId?: string;
  readonly groupId?: string;
  readonly regionType?: "normal" | "source" | "target";
  readonly slaveZone?: string;
  readonly zone?: string;
  readonly spaceId?: string;
  readonly backupId: string;
}

/** The addresses of the pins of one service. */
export interface PinAddressing<Args> {
  /** The form of an id, for messages. */
  readonly format: string;
  formatId(pinned: AddressFields): string;
  /** The addresses that an id may mean, the likeliest first. None if the id does not have the right form. */
  parseId(id: string, projectId: string | undefined): PinAddress<Args>[];
  readState(pinned: AddressFields): PinAddress<Args>;
}

/**
 * `REGION/GROUPID/BACKUPID`. The group is empty if the API named none. The id does not say whether the backup is a
 * cross-region one, so every region type is tried.
 */
export const uredisAddressing: PinAddressing<URedisArgs> = {
  format: "REGION/GROUPID/BACKUPID",
  formatId: ({ region, groupId = "", backupId }) => `${region}/${groupId}/${backupId}`,
  parseId(id, projectId) {
    const [region, groupId, backupId] = splitId(id, 3);
    if (!region || groupId === undefined || !backupId) return [];
    // Without a group, the API requires the region type.
    const args: URedisArgs = groupId === "" ? { backupId, regionType: "normal" } : { groupId, backupId };
    const candidates: URedisArgs[] = [
      args,
      { ...args, regionType: "target" },
      { ...args, regionType: "source" },
    ];
    return candidates.map((each) => ({ args: each, scope: { region, projectId }, backupId }));
  },
  readState({ region, projectId, groupId, regionType, slaveZone, backupId }) {
    const args: URedisArgs = {
      backupId,
      ...(groupId === undefined ? {} : { groupId }),
      ...(regionType === undefined ? {} : { regionType }),
      ...(slaveZone === undefined ? {} : { slaveZone }),
    };
    return { args, scope: { region, projectId }, backupId };
  },
};

/** `REGION/ZONE/SPACEID/BACKUPID`. */
export const umemAddressing: PinAddressing<UMemArgs> = {
  format: "REGION/ZONE/SPACEID/BACKUPID",
  formatId: ({ region, zone = "", spaceId = "", backupId }) => `${region}/${zone}/${spaceId}/${backupId}`,
  parseId(id, projectId) {
    const [region, zone, spaceId, backupId] = splitId(id, 4);
    if (!region || !zone || !spaceId || !backupId) return [];
    return [{ args: { zone, spaceId }, scope: { region, projectId }, backupId }];
  },
  readState: ({ region, projectId, zone = "", spaceId = "", backupId }) => ({
    args: { zone, spaceId },
    scope: { region, projectId },
    backupId,
  }),
};

/** Splits an id into at most `count` parts. Further slashes belong to the last part. */
function splitId(id: string, count: number): string[] {
  const parts = id.split("/");
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join("/")];
}
