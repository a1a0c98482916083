/** Calls of the functions, and the results that both entry points must return. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { demo } from "../../simulator";
import { LINK_MARK } from "../../simulator/linkQueries";
import type { Twin } from "../support/installedPackage";

/** A call of a function, with a check of its result or what its failure must say. */
export type FunctionCase = { readonly title: string; readonly call: (twin: Twin) => Promise<object> } & (
  | { readonly check: (result: Result) => void; readonly fails?: undefined }
  | { readonly check?: undefined; readonly fails: FailureTexts }
);

/** The code of a failure, and texts that it must contain. */
type FailureTexts = readonly [code: string, ...texts: readonly (string | RegExp)[]];

/** The fields of all functions' results; a case reads those of its function. */
export interface Result {
  readonly backups: readonly Backup[];
  readonly latest?: Backup;
  readonly skipped: readonly { readonly backupId: string; readonly reason: string }[];
  readonly totalCount?: number;
  readonly region: string;
  readonly projectId?: string;
  readonly backupId: string;
  readonly ageSeconds: number;
  readonly stale: boolean;
  readonly usable: boolean;
  readonly groupId: string;
  readonly blocks: readonly object[];
  /** Revealed. */
  readonly links: readonly string[];
}

interface Backup {
  readonly backupId: string;
  readonly backupName?: string;
  readonly backupType?: string;
  readonly state?: string;
  readonly createdAt?: string;
  readonly groupId?: string;
  readonly usable: boolean;
  readonly blockCount?: number;
  readonly blocks?: readonly object[];
}

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };
function assertNewestFirst(backups: readonly Backup[]): void {
  const times = backups.map(({ createdAt = "" }) => createdAt);
  assert.deepEqual(times, [...times].sort().reverse());
}

function assertAll(backups: readonly Backup[], claim: (backup: Backup) => boolean): void {
  assert.notEqual(backups.length, 0);
  assert.deepEqual(
    backups.filter((backup) => !claim(backup)),
    [],
  );
}

function assertNames(backups: readonly Backup[], names: readonly string[]): void {
  assert.deepEqual(
    backups.map(({ backupName }) => backupName),
    names,
  );
}

/** The text of a secret output. @throws AssertionError if it is not secret */
async function reveal<Value>(output: pulumi.Output<Value>): Promise<Value> {
  assert.ok(await pulumi.isSecret(output));
  return new Promise((resolve) => output.apply(resolve));
}

/** Calls that succeed. */
export const resultCases: readonly FunctionCase[] = [
  {
    title:
      "getURedisBackups lists a group's backups, newest first, with the newest usable one and the skipped",
    call: (twin) => twin.getURedisBackups(group),
    check({ backups, latest, skipped, totalCount, region, projectId }) {
      assert.equal(backups.length, totalCount);
      assert.ok(backups.length > 20);
      assertNewestFirst(backups);
      assert.deepEqual(latest, backups[3]);
      assert.deepEqual(
        skipped.map(({ reason }) => reason),
        ["still running", "failed", "expired"],
      );
      assert.deepEqual([region, projectId], [demo.region, demo.projectId]);
    },
  },
  {
    title: "region overrides the stack's region",
    call: (twin) => twin.getURedisBackups({ groupId: demo.otherRegionGroupId, region: demo.otherRegion }),
    check({ backups, region }) {
      assert.equal(region, demo.otherRegion);
      assertAll(backups, ({ groupId }) => groupId === demo.otherRegionGroupId);
    },
  },
  {
    title: "projectId overrides the stack's project",
    call: (twin) =>
      twin.getURedisBackups({ groupId: demo.otherProjectGroupId, projectId: demo.otherProjectId }),
    check({ backups, projectId }) {
      assert.equal(projectId, demo.otherProjectId);
      assert.equal(backups.length, 5);
    },
  },
  ...(["source", "target"] as const).map((regionType) => ({
    title: `regionType ${regionType} lists cross-region copies without a group`,
    call: (twin: Twin) =>
      twin.getURedisBackups({
        regionType,
        region: regionType === "source" ? demo.region : demo.otherRegion,
      }),
    check: ({ backups }: Result) => assert.equal(backups.length, 4),
  })),
  {
    title: "slaveZone is passed on",
    call: (twin) => twin.getURedisBackups({ ...group, slaveZone: demo.slaveZone }),
    check: ({ backups }) => assert.ok(backups.length > 20),
  },
  {
    title: "filters keep the backups that pass all of them",
    call: (twin) =>
      twin.getURedisBackups({
        ...group,
        nameRegex: "^before-release-",
        backupTypes: ["manual"],
        createdAfter: "2020-01-01T00:00:00Z",
      }),
    check: ({ backups }) => assertNames(backups, ["before-release-41", "before-release-40"]),
  },
  {
    title: "offset and limit request one page",
    call: (twin) => twin.getURedisBackups({ ...group, offset: 2, limit: 3 }),
    check: ({ backups, totalCount }) =>
      assert.deepEqual([backups.length, Number(totalCount) > 20], [3, true]),
  },
  {
    title: "a group without backups is an empty list",
    call: (twin) => twin.getURedisBackups({ groupId: demo.emptyGroupId }),
    check: ({ backups, latest, skipped }) =>
      assert.deepEqual([backups, latest, skipped], [[], undefined, []]),
  },
  {
    title: "a group without usable backups has no latest one, and all are skipped",
    call: (twin) => twin.getURedisBackups({ groupId: demo.unusableGroupId }),
    check: ({ backups, latest, skipped }) =>
      assert.deepEqual([latest, skipped.length], [undefined, backups.length]),
  },
  {
    title: "getUMemBackups joins the shards of a backup",
    call: (twin) => twin.getUMemBackups(space),
    check({ backups, latest, skipped }) {
      assertNewestFirst(backups);
      assert.equal(latest?.blocks?.length, latest?.blockCount);
      assert.deepEqual(
        skipped.map(({ reason }) => reason),
        ["2 of 4 shards done", "1 of 4 shards missing"],
      );
    },
  },
  {
    title: "filters keep the UMem backups that pass all of them",
    call: (twin) => twin.getUMemBackups({ ...space, backupTypes: ["Manual"], nameRegex: "release" }),
    check: ({ backups }) => assertNames(backups, ["before-release-41"]),
  },
  {
    title: "no backup on a single page of UMem shards counts as whole",
    call: (twin) => twin.getUMemBackups({ ...space, limit: 2 }),
    check: ({ backups, latest }) => assert.deepEqual([backups.length > 0, latest], [true, undefined]),
  },
  {
    title: "getLatestURedisBackup returns the newest usable backup and the skipped ones",
    call: (twin) => twin.getLatestURedisBackup(group),
    check({ groupId, usable, stale, ageSeconds, skipped }) {
      assert.deepEqual([groupId, usable, stale, skipped.length], [demo.uredisGroupId, true, false, 3]);
      assert.ok(ageSeconds > 86_400);
    },
  },
  {
    title: "getLatestUMemBackup returns the newest usable backup and the skipped ones",
    call: (twin) => twin.getLatestUMemBackup(space),
    check: ({ usable, blocks, skipped }) =>
      assert.deepEqual([usable, blocks.length, skipped.length], [true, 4, 2]),
  },
  {
    title: "a backup no older than maxAge is not stale",
    call: (twin) => twin.getLatestURedisBackup({ ...group, maxAge: "2d" }),
    check: ({ stale }) => assert.equal(stale, false),
  },
  {
    title: "an older backup is stale, and is returned with onStale warn",
    call: (twin) => twin.getLatestURedisBackup({ ...group, maxAge: "1h", onStale: "warn" }),
    check: ({ stale, usable }) => assert.deepEqual([stale, usable], [true, true]),
  },
  {
    title: "getURedisBackupUrl returns a secret link",
    async call(twin) {
      const { backupId } = await twin.getLatestURedisBackup(group);
      const { url, ...rest } = await twin.getURedisBackupUrl({ ...group, backupId });
      return { ...rest, links: [await reveal(url)] };
    },
    check: ({ links, region, backupId }) => {
      assert.deepEqual([links.length, region], [1, demo.region]);
      assert.ok(links[0]?.includes(backupId) && links[0].includes(LINK_MARK));
    },
  },
  {
    title: "getURedisBackupUrlOutput returns a secret result",
    async call(twin) {
      const { backupId } = await twin.getLatestURedisBackup(group);
      const found = twin.getURedisBackupUrlOutput({ ...group, backupId });
      return { ...(await reveal(found)), links: [await reveal(found.url)] };
    },
    check: ({ links }) => assert.equal(links.length, 1),
  },
  {
    title: "getURedisBackupUrl returns a secret link to a copy",
    async call(twin) {
      const copies = { regionType: "target", region: demo.otherRegion } as const;
      const { backupId } = await twin.getLatestURedisBackup(copies);
      const { url, ...rest } = await twin.getURedisBackupUrl({ ...copies, backupId });
      return { ...rest, links: [await reveal(url)] };
    },
    check: ({ region }) => assert.equal(region, demo.otherRegion),
  },
  {
    title: "getUMemBackupUrls returns a secret link for each shard",
    async call(twin) {
      const { backupId } = await twin.getLatestUMemBackup(space);
      const { urls, ...rest } = await twin.getUMemBackupUrls({ ...space, backupId });
      return { ...rest, links: await reveal(urls) };
    },
    check: ({ links }) => assert.equal(new Set(links).size, 4),
  },
  {
    title: "getUMemBackupUrlsOutput returns a secret result",
    async call(twin) {
      const { backupId } = await twin.getLatestUMemBackup(space);
      const found = twin.getUMemBackupUrlsOutput({ ...space, backupId });
      return { ...(await reveal(found)), links: await reveal(found.urls) };
    },
    check: ({ links }) => assert.equal(links.length, 4),
  },
  {
    title: "an undefined argument is ignored",
    call: (twin) => twin.getLatestURedisBackup({ ...group, ...({ maxAge: undefined } as object) }),
    check: ({ usable }) => assert.equal(usable, true),
  },
];
