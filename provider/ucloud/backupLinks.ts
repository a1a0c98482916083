/**
 * The links from which backups can be downloaded. They are secrets: whoever has one can read the whole database.
 * So nothing that these actions answer is ever part of an error.
 */

import type { Client } from "./client";
import { RedisBackupError } from "./errors";
import { type JsonObject, readField, readText } from "./jsonFields";

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
  /**
   * The links of all shards, in the API's order. May be fewer than the backup has shards.
   *
   * @throws RedisBackupError `BadResponse` if the answer has anything in their place that is no link
   */
  listUMemLinks(query: UMemLinkQuery): Promise<readonly string[]>;
}

const UREDIS_ACTION = "DescribeURedisBackupURL";
const UMEM_ACTION = "DescribeUMemBackupURL";

/** The parameters of signed links that say until when and for whom, not which file. */
const SIGNING_PARAMETERS =
  /^(?:signature|expires|ucloudpublickey|x-[a-z]+-(?:signature|expires|date|credential|security-token))$/i;

/** A link has no spaces, control characters or halves of surrogate pairs. */
const LINK = /^https?:\/\/[^\s\p{Cc}\p{Cf}\p{Cs}]+$/iu;

/** Far longer than signed links are. */
const LONGEST_LINK = 16_384;

/** Creates the calls over `client`. */
export function createBackupLinks(client: Client): BackupLinks {
  return {
    async findURedisLink({ region, projectId, zone, groupId, slaveZone, backupId, isCrossRegion }) {
      const parameters = {
        Region: region,
        ProjectId: projectId,
        Zone: zone,
        GroupId: groupId,
        SlaveZone: slaveZone,
        BackupId: backupId,
        IsCrossRegion: isCrossRegion ? true : undefined,
      };
      const answer = await client.call(UREDIS_ACTION, parameters, { isAnswerSecret: true });
      // `BackupURL` is being retired. `InnerBackupPath` works only inside UCloud's networks.
      const link = readText(answer, "BackupPath") ?? readText(answer, "BackupURL");
      return assertLink(link, { action: UREDIS_ACTION, backupId });
    },
    async listUMemLinks({ region, projectId, zone, spaceId, backupId }) {
      const parameters = {
        Region: region,
        ProjectId: projectId,
        Zone: zone,
        SpaceId: spaceId,
        BackupId: backupId,
      };
      const answer = await client.call(UMEM_ACTION, parameters, { isAnswerSecret: true });
      return readLinks(answer).map((link) => assertLink(link, { action: UMEM_ACTION, backupId }));
    },
  };
}

/** How many different files the links lead to: links to one file may be signed for different times. */
export function countFiles(links: readonly string[]): number {
  return new Set(links.map(nameFile)).size;
}

function nameFile(link: string): string {
  const url = new URL(link);
  url.hash = "";
  for (const name of new Set(url.searchParams.keys())) {
    if (SIGNING_PARAMETERS.test(name)) url.searchParams.delete(name);
  }
  return url.href;
}

function readLinks(answer: JsonObject): readonly unknown[] {
  const value = readField(answer, "BackupURL");
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

/** Whether a value is a link from which a backup can be downloaded. */
export function isLink(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_LINK && LINK.test(value) && URL.canParse(value);
}

/** The link, if it is one. The error never shows what it is instead. */
function assertLink(value: unknown, call: { readonly action: string; readonly backupId: string }): string {
  if (isLink(value)) return value;
  const what =
    value === undefined ? "has no link" : "has something in place of a link that is none (not shown)";
  throw new RedisBackupError(
    "BadResponse",
    `${call.action} (BackupId ${call.backupId}) failed: the answer ${what}. ` +
      "Try again in a few minutes, or download the backup in UCloud's console.",
  );
}
