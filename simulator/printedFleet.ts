import { canServe, type Database } from "./databases";
import { demo } from "./demoPlan";
import { type Fleet, listSources, type UMemBackupSet } from "./fleet";
import type { Simulator } from "./options";

const HOUR = 3600;
/** The age from which the printed list calls a backup stale. */
const STALE_HOURS = 26;
/** Up to this age, a database need not have a backup yet. */
const YOUNG_HOURS = STALE_HOURS;

/** Returns the text that is printed once the simulator runs: its URL, its keys, and its groups and spaces. */
export function describeSimulator(simulator: Simulator, nowSeconds = Date.now() / 1000): string {
  const describe = (kind: "uredis" | "umem"): string => describeDatabases(simulator, { kind, nowSeconds });
  return `UCloud API simulator: ${simulator.url}

export UCLOUD_API_BASE_URL='${simulator.url}'
export UCLOUD_PUBLIC_KEY='${simulator.publicKey}'
export UCLOUD_PRIVATE_KEY='${simulator.privateKey}'
export UCLOUD_REGION='${demo.region}'
export UCLOUD_PROJECT_ID='${simulator.fleet.defaultProjectId}'

URedis groups (id, region, zone, project, rows of backups, and how they are at a limit of ${STALE_HOURS} h):
${describe("uredis")}
UMem spaces (the same):
${describe("umem")}${describeRedis(simulator)}
A line "backup [ID]" on standard input takes a backup. Stop the simulator with Ctrl-C.
`;
}

/**
 * Returns one or two words for a database, from its own rows: `healthy`, `stale` (the newest usable backup is
 * older than 26 h), `unusable` (it has backups, but no usable one), `no backup`, `young` (the same, but younger
 * than 26 h), `gone`, `creating`, `deleting`, `failed`, `replica`, or its state.
 */
export function judgeDatabase(database: Database, fleet: Fleet, nowSeconds: number): string {
  const { state, isGone, masterId } = database;
  if (isGone) return "gone";
  if (state !== "Running") return STATE_WORDS[state] ?? state;
  if (masterId !== undefined) return `replica of ${masterId}`;
  const { newest, isAny } = findBackups(fleet, database.id);
  if (newest !== undefined) return nowSeconds - newest > STALE_HOURS * HOUR ? "stale" : "healthy";
  if (isAny) return "unusable";
  return nowSeconds - database.createdAt < YOUNG_HOURS * HOUR ? "young" : "no backup";
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  Creating: "creating",
  Starting: "creating",
  Deleting: "deleting",
  CreateFail: "failed",
  Fail: "failed",
};

/** Returns the time of the newest usable backup, and whether there is any backup. */
function findBackups(fleet: Fleet, id: string): { newest: number | undefined; isAny: boolean } {
  const rows = fleet.uredis.filter(({ regionType, row }) => regionType === "normal" && row.GroupId === id);
  const shards = fleet.umem.map(({ row }) => row).filter(({ SpaceId }) => SpaceId === id);
  const isWhole = ({ BackupId, BlockCount }: UMemBackupSet): boolean =>
    shards.filter((each) => each.BackupId === BackupId && each.State === "Done").length === BlockCount;
  const usable = [
    ...rows.filter(({ row }) => row.State === "Success").map(({ row }) => row.BackupTime),
    ...shards.filter(isWhole).map(({ CreateTime }) => CreateTime),
  ];
  return {
    newest: usable.length > 0 ? Math.max(...usable) : undefined,
    isAny: rows.length + shards.length > 0,
  };
}

/** One line for each group or space: those that exist, those that are gone, and those known only by backups. */
function describeDatabases(
  { fleet }: Pick<Simulator, "fleet">,
  { kind, nowSeconds }: { readonly kind: "uredis" | "umem"; readonly nowSeconds: number },
): string {
  const sources = listSources(fleet).filter(({ regionType }) => regionType === "normal");
  const databases = (fleet.databases ?? []).filter(({ protocol }) => protocol === "redis");
  const known = databases.map((database) => ({
    ...database,
    rows: sources.find(({ id }) => id === database.id)?.rows ?? 0,
    word: judgeDatabase(database, fleet, nowSeconds),
  }));
  const others = sources
    .filter(({ id }) => databases.every((each) => each.id !== id))
    .map((source) => ({ ...source, word: "gone" }));
  return [...known, ...others]
    .filter((each) => each.kind === kind)
    .map(
      ({ id, region, zone, projectId, rows, word }) =>
        `  ${id}  ${region}  ${zone}  ${projectId}  ${String(rows).padStart(3)} rows  ${word}\n`,
    )
    .join("");
}

/** Lists the real servers. Their passwords are those of a simulator, like its keys. */
function describeRedis({ databases, redisVersion }: Simulator): string {
  if (redisVersion === undefined) return "";
  const groups = databases.filter(canServe);
  const lines = groups.map(
    ({ id, host, port, password }) => `  ${id}  ${host}:${port}  ${password ?? "(no password)"}\n`,
  );
  return `\nRedis ${redisVersion} servers (group, address, password):\n${lines.join("")}`;
}
