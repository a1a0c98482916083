/**
 * Checks the API that this package relies on. Only reads are sent: the actions of expectations.ts. What comes
 * out holds no id, name, address, link, price or size, unless ids are asked for, and links never.
 */

import { countFiles, isLink } from "../ucloud/backupLinks";
import { isDefaultBaseUrl } from "../ucloud/baseUrl";
import type { ClientOptions } from "../ucloud/client";
import type { DatabaseScope } from "../ucloud/databases";
import { type JsonObject, readField, readInteger, readName } from "../ucloud/jsonFields";
import { Asker } from "./asker";
import { Collection } from "./collection";
import { isFinished } from "./backupFields";
import { readRows } from "./databaseFields";
import { getExpectation } from "./expectations";
import { countNoun, sortFindings } from "./findings";
import { readList } from "./pages";
import { type CheckReport, createReport } from "./report";
import {
  type ApiRequest,
  requestBackups,
  requestDatabase,
  requestDatabases,
  requestLinks,
  requestOffers,
  type Target,
} from "./requests";
import { judgeShards } from "./shards";
import { type Choice, chooseTarget } from "./targets";
import { judgeTransport } from "./transport";

/** What to check, and how to reach the API. */
export interface CheckOptions {
  readonly client: ClientOptions;
  readonly scope: DatabaseScope;
  /** The group to ask about. @default the one with the most backups of the first few */
  readonly groupId?: string | undefined;
  /** The space to ask about. @default the one with the most backups of the first few */
  readonly spaceId?: string | undefined;
  /** The zone of the databases. Without ids, only databases in it are asked about. */
  readonly zone?: string | undefined;
  /** Whether the report may hold ids, the API's messages and request uuids. Links never. */
  readonly showIds: boolean;
  /** Called before each request with what is asked. */
  readonly onAsk?: ((text: string) => void) | undefined;
  /** Aborted when the user cancels. */
  readonly signal?: AbortSignal | undefined;
}

/** Ids that no database has. */
const UNKNOWN_IDS = { uredis: "uredis-0000000000", umem: "udredis-0000000000" } as const;

/**
 * Runs the check.
 *
 * @throws CheckStoppedError if the keys are wrong, or nothing gets through
 */
export async function checkContract(options: CheckOptions): Promise<CheckReport> {
  const { client, scope, showIds, zone, onAsk, signal } = options;
  const asker = new Asker(client, onAsk);
  signal?.addEventListener("abort", asker.close);
  try {
    const collection = new Collection(showIds);
    const check: Check = { asker, collection, scope };
    const rows = await checkDatabases(check);
    const search = { scope, rows, zone, showIds };
    const group = await chooseTarget(asker, { ...search, kind: "uredis", id: options.groupId });
    const space = await chooseTarget(asker, { ...search, kind: "umem", id: options.spaceId });
    for (const choice of [group, space]) {
      if (choice === undefined) continue;
      checkOwnRow(check, choice);
      await checkTarget(check, choice);
    }
    await checkUnknownIds(check, [group, space]);
    collection.note(...judgeTransport(asker.asked.flatMap(({ attempts }) => attempts)));
    return createReport({
      version: client.version,
      isDefaultApi: isDefaultBaseUrl(client.baseUrl),
      asked: asker.asked,
      findings: sortFindings(collection.findAll()),
      hasDatabase: group !== undefined || space !== undefined,
      showIds,
    });
  } finally {
    signal?.removeEventListener("abort", asker.close);
    asker.close();
  }
}

/** What the parts of a check share. */
interface Check {
  readonly asker: Asker;
  readonly collection: Collection;
  readonly scope: DatabaseScope;
}

async function checkDatabases({ asker, collection, scope }: Check): Promise<readonly JsonObject[]> {
  const subject = "all databases";
  const request = await requestDatabases(scope);
  const list = await readList(asker, request, { first: await asker.ask(request, subject), subject });
  collection.addList(list);
  return list.rows;
}

async function checkTarget(check: Check, choice: Choice): Promise<void> {
  const { asker, collection } = check;
  const { target, subject, request, first } = choice;
  const list = await readList(asker, request, { first, subject });
  collection.addList(list);
  if (target.kind === "umem") collection.note(...judgeShards(list));
  else await checkRegionTypes(check, choice);
  const blockCounts = list.rows.flatMap((row) => readInteger(row, "BlockCount") ?? []);
  const shards = blockCounts.reduce<number | undefined>((most = 0, each) => Math.max(most, each), undefined);
  await checkOffers(check, { ...choice, target: { ...target, blockCount: shards } });
  const backupId = findFinished(list.rows);
  if (backupId === undefined) return;
  await checkLinks(check, choice, { backupId, shards });
}

/** Links are counted, and never shown. */
async function checkLinks(
  { asker, collection }: Check,
  { target, subject }: Choice,
  { backupId, shards = 0 }: { readonly backupId: string; readonly shards?: number | undefined },
): Promise<void> {
  const request = await requestLinks(target, backupId);
  const { action } = request;
  const reply = await asker.ask(request, subject);
  collection.add(action, reply);
  const links = reply.body && readField(reply.body, "BackupURL");
  if (target.kind !== "umem" || !Array.isArray(links)) return;
  const files = countFiles(links.filter(isLink));
  if (files < links.filter(isLink).length) {
    const text = `${countNoun(links.length, "link")} to ${countNoun(files, "file")}`;
    collection.note({ severity: "difference", kind: "shards", action, field: "BackupURL", text });
  }
  if (links.length === shards) return;
  const text = `${countNoun(links.length, "link")} to a backup of ${countNoun(shards, "shard")}`;
  collection.note({ severity: "note", kind: "shards", action, field: "BackupURL", text });
}

/** A database that is asked for by its id must come, unless the user named one that may be gone. */
function checkOwnRow({ collection }: Check, { target, own, isGiven }: Choice): void {
  const action = "DescribeUMem";
  collection.add(action, own);
  if (own.body === undefined) return;
  const rows = readRows(own.body);
  if (!hasOwnRow({ target, own })) {
    const text = "a database that was asked for by its id is missing";
    collection.note({ severity: isGiven ? "note" : "difference", kind: "count", action, text });
  } else if (rows.length > 1) {
    const text = `asked for one id, got ${countNoun(rows.length, "row")}`;
    collection.note({ severity: "note", kind: "count", action, text });
  }
}

function hasOwnRow({ target, own }: Pick<Choice, "target" | "own">): boolean {
  const rows = own.body === undefined ? [] : readRows(own.body);
  return rows.some((row) => readName(row, "ResourceId") === target.id);
}

async function checkRegionTypes({ asker, collection }: Check, { target, subject }: Choice): Promise<void> {
  for (const regionType of ["normal", "source", "target"]) {
    const request = await requestBackups(target, regionType);
    collection.add(request.action, await asker.ask(request, `${subject}, RegionType ${regionType}`));
  }
}

async function checkOffers({ asker, collection }: Check, { target, subject, own }: Choice): Promise<void> {
  if (target.zone === undefined) return;
  const isThere = hasOwnRow({ target, own });
  for (const request of await requestOffers(target)) {
    // Only a space that exists has shards.
    if (request.action === "DescribeUMemBlockInfo" && !isThere) continue;
    const first = await asker.ask(request, subject);
    if (getExpectation(request.action).paging === undefined) collection.add(request.action, first);
    else collection.addList(await readList(asker, request, { first, subject }));
  }
}

/** The id of a backup that is certainly finished: a link to another one may well be refused. */
function findFinished(rows: readonly JsonObject[]): string | undefined {
  const ids = (some: readonly JsonObject[]): readonly (string | undefined)[] =>
    some.map((row) => readName(row, "BackupId"));
  const unfinished = new Set(ids(rows.filter((row) => !isFinished(row))));
  return ids(rows).find((id) => id !== undefined && !unfinished.has(id));
}

async function checkUnknownIds(check: Check, choices: readonly (Choice | undefined)[]): Promise<void> {
  const { asker, collection, scope } = check;
  const targets = choices.flatMap((choice): Target[] =>
    choice === undefined ? [] : [{ ...choice.target, id: UNKNOWN_IDS[choice.target.kind] }],
  );
  const requests: ApiRequest[] = [
    await requestDatabase(scope, UNKNOWN_IDS.uredis),
    ...(await Promise.all(targets.map((target) => requestBackups(target)))),
  ];
  for (const request of requests) {
    collection.addUnknownId(request.action, await asker.ask(request, "an id that does not exist"));
  }
}
