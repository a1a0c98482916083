/**
 * `getURedisBackupUrl` and `getUMemBackupUrls`: where to download a backup from. A backup is looked up before its
 * links are asked for, since the API's links do not say whether it is whole.
 */

import type {
  GetUMemBackupUrlsArgs,
  GetUMemBackupUrlsResult,
  GetURedisBackupUrlArgs,
  GetURedisBackupUrlResult,
} from "../schemaTypes";
import { countFiles } from "../ucloud/backupLinks";
import { RedisBackupError } from "../ucloud/errors";
import { isZoneOf } from "../ucloud/zones";
import type { RawArguments } from "./arguments";
import { dropUndefined } from "./fields";
import { listBackups, type LookupContext, type ServiceLookup } from "./lookup";
import { createLookupRequest } from "./lookupRequest";
import type { Selectable } from "./selection";
import { type ScopeFields, umemService, uredisService } from "./services";
import { composeFailure } from "./subject";
import { quoteText } from "./text";

/**
 * The function of the schema. It checks its arguments. Its `url` is a secret.
 *
 * @throws RedisBackupError `NotFound` if there is no such backup, `NoUsableBackup` if it is not usable
 */
export async function getURedisBackupUrl(
  args: RawArguments,
  context: LookupContext,
): Promise<GetURedisBackupUrlResult> {
  const query = createLookupRequest<GetURedisBackupUrlArgs>({
    token: "ucloud-redis:index:getURedisBackupUrl",
    service: uredisService,
    args,
    defaults: context,
  });
  const { backupId, regionType = "normal", slaveZone } = query.args;
  const backup = await findUsable({ service: uredisService, query, backupId }, context);
  const { region } = query.scope;
  const url = await context.openApi().links.findURedisLink({
    ...query.scope,
    // A copy may still name the zone of the group, in another region.
    zone: backup.zone !== undefined && isZoneOf(region, backup.zone) ? backup.zone : undefined,
    groupId: query.args.groupId ?? backup.groupId,
    slaveZone,
    backupId,
    isCrossRegion: regionType !== "normal",
  });
  context.tell?.(`Found the download link of ${uredisService.describe(query).description}.`);
  return { url, backupId, ...dropUndefined<ScopeFields>(query.scope) };
}

/**
 * The function of the schema. It checks its arguments. Its `urls` are secrets.
 *
 * @throws RedisBackupError as {@link getURedisBackupUrl}, and `BadResponse` unless there is a link for each shard
 */
export async function getUMemBackupUrls(
  args: RawArguments,
  context: LookupContext,
): Promise<GetUMemBackupUrlsResult> {
  const query = createLookupRequest<GetUMemBackupUrlsArgs>({
    token: "ucloud-redis:index:getUMemBackupUrls",
    service: umemService,
    args,
    defaults: context,
  });
  const { zone, spaceId, backupId } = query.args;
  const backup = await findUsable({ service: umemService, query, backupId }, context);
  // A usable backup has a number of shards.
  const { blockCount = 0 } = backup;
  const urls = await context.openApi().links.listUMemLinks({ ...query.scope, zone, spaceId, backupId });
  const files = countFiles(urls);
  if (urls.length !== blockCount || files !== blockCount) {
    const shards = `${blockCount} ${blockCount === 1 ? "shard" : "shards"}`;
    throw new RedisBackupError(
      "BadResponse",
      composeFailure({
        subject: umemService.describe(query),
        verdict: `the API gave links to ${files} of the ${shards} of backup ${quoteText(backupId)}.`,
        details:
          urls.length === files ? [] : [`It gave ${urls.length} links, some of them to the same file.`],
        nextStep:
          "Only all of them together are the backup. Try again in a few minutes, or download it in UCloud's console.",
      }),
    );
  }
  const links = `${blockCount} download ${blockCount === 1 ? "link" : "links"}`;
  const { description } = umemService.describe(query);
  context.tell?.(`Found ${links} of backup ${quoteText(backupId)} of ${description}.`);
  return { urls, backupId, blockCount, ...dropUndefined<ScopeFields>(query.scope) };
}

/** The backup of this id, if it is usable. */
async function findUsable<Args, Backup extends Selectable, Row>(
  { service, query, backupId }: ServiceLookup<Args, Backup, Row> & { readonly backupId: string },
  context: LookupContext,
): Promise<Backup> {
  const { backups, explain } = await listBackups({ service, query }, context);
  const found = backups.filter((backup) => backup.backupId === backupId);
  service.assertSingleDatabase(found, query);
  // Where the API lists an id twice, it is not known which of both is true.
  const backup = found.find(({ usable }) => !usable) ?? found[0];
  const subject = service.describe(query);
  if (backup === undefined) {
    throw new RedisBackupError(
      "NotFound",
      composeFailure({
        subject,
        verdict: `there is no backup ${quoteText(backupId)}.`,
        details: [],
        nextStep: `Check \`backupId\`, ${service.suspects}. The cloud may have deleted the backup.`,
      }),
    );
  }
  if (backup.usable) return backup;
  throw new RedisBackupError(
    "NoUsableBackup",
    composeFailure({
      subject,
      verdict: `backup ${quoteText(backupId)} is not usable: ${explain(backup)}.`,
      details: [],
      nextStep: "Choose another backup, such as the newest usable one, or wait if it is still running.",
    }),
  );
}
