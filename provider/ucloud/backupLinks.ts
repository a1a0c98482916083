/** The links from which backups can be downloaded. They are secrets. */

import type { Client } from "./client";

/** Which backup of a group to link to. */
export interface URedisLinkQuery {
  readonly region: string;
  readonly projectId: string | undefined;
  readonly zone: string | undefined;
  readonly groupId: string | undefined;
  readonly slaveZone: string | undefined;
  readonly backupId: string;
  /** Whether it is a copy, in the region that it was copied to or from. */
  readonly isCrossRegion: boolean;
}

/** Which backup of a space to link to. */
export interface UMemLinkQuery {
  readonly region: string;
  readonly projectId: string | undefined;
  readonly zone: string;
  readonly spaceId: string;
  readonly backupId: string;
}

/** The actions that return links. */
export interface BackupLinks {
  /** @throws RedisBackupError `BadResponse` if the answer has no link */
  findURedisLink(query: URedisLinkQuery): Promise<string>;
  /** The links of all shards, in the API's order. */
  listUMemLinks(query: UMemLinkQuery): Promise<readonly string[]>;
}

/** Creates the calls over `client`. */
export function createBackupLinks(client: Client): BackupLinks {
  client;
  return {
    findURedisLink: () => Promise.reject(new Error("being built")),
    listUMemLinks: () => Promise.reject(new Error("being built")),
  };
}
