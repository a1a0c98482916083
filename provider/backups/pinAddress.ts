/** Where a pinned backup is: in the pin's id, which users write when they import one, and in its state. */

import type { Scope, UMemArgs, URedisArgs } from "./services";

/** Where a pinned backup is to be looked up. */
export interface PinAddress<Args> {
  readonly args: Args;
  readonly scope: Scope;
  readonly backupId: string;
}

/** What a pin's state says of where its backup is. */
export interface PinnedScope {
  readonly region: string;
  readonly projectId?: string;
  readonly groupId?: string;
  readonly regionType?: "normal" | "source" | "target";
  readonly slaveZone?: string;
  readonly zone?: string;
  readonly spaceId?: string;
  readonly backupId: string;
}

/** How the pins of one kind are addressed. */
export interface PinAddressing<Args> {
  /** What an id looks like, for messages. */
  readonly format: string;
  formatId(pinned: PinnedScope): string;
  /** The places an id may mean, the likeliest first. None when it is not of the format. */
  parseId(id: string, projectId: string | undefined): PinAddress<Args>[];
  readState(pinned: PinnedScope): PinAddress<Args>;
}

/** `REGION/GROUPID/BACKUPID`, the group empty where the API named none. The id does not say whether the backup is a cross-region one, so each is tried. */
export const uredisAddressing: PinAddressing<URedisArgs> = {
  format: "REGION/GROUPID/BACKUPID",
  formatId: ({ region, groupId = "", backupId }) => `${region}/${groupId}/${backupId}`,
  parseId(id, projectId) {
    const [region, groupId, backupId] = splitId(id, 3);
    if (!region || groupId === undefined || !backupId) return [];
    // Without a group, the API wants to know the type.
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

/** Splits an id into at most `count` parts. What is left over belongs to the last. */
function splitId(id: string, count: number): string[] {
  const parts = id.split("/");
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join("/")];
}
