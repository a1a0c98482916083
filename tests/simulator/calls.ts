import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator, type SimulatorOptions } from "../../simulator";
import { ask, type Query, type Row, type Target } from "./client";

/** The answer of an action, as far as these tests read it. */
export interface Body {
  readonly RetCode: number;
  readonly Message?: string;
  readonly TotalCount?: number;
  readonly DataSet?: Row[];
  readonly GroupId?: string;
  readonly SpaceId?: string;
  readonly BackupId?: string;
  readonly Count?: number;
  readonly State?: string;
}

/** Sends a request for the demo's region, unless the query names another. */
export async function call(target: Target, Action: string, query: Query = {}): Promise<Body> {
  const { body } = await ask(target, { Region: demo.region, ...query, Action });
  return body as Body;
}

/** Like {@link call}, for a request that must succeed. */
export async function succeed(target: Target, Action: string, query: Query = {}): Promise<Body> {
  const body = await call(target, Action, query);
  assert.equal(body.RetCode, 0, `${Action}: ${body.Message ?? ""}`);
  return body;
}

/** Returns the row of DescribeUMem of one database; undefined if it is not listed. */
export async function look(target: Target, id: string): Promise<Row | undefined> {
  const { DataSet = [] } = await succeed(target, "DescribeUMem", { Protocol: "redis", ResourceId: id });
  assert.ok(DataSet.length <= 1);
  return DataSet[0];
}

/** Looks so many times, and returns a field of each row, or the row's absence. */
export async function watch(
  target: Target,
  { id, field = "State", looks }: { readonly id: string; readonly field?: string; readonly looks: number },
): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let number = 0; number < looks; number++) {
    const row = await look(target, id);
    seen.push(row ? row[field] : "not listed");
  }
  return seen;
}

/** Returns text as Base64. */
export function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The configuration of version 6.0. */
export const CONFIG_6 = "1d990520-aac8-4e0f-9384-f58611e8eb28";

/** The least that creates a group, and a space. */
export const NEW_GROUP = { Zone: demo.zone, Name: "new-group", HighAvailability: "enable" } as const;
export const NEW_SPACE = { Zone: demo.zone, Name: "new-space", Size: "8" } as const;

/** Both kinds of databases, and the requests about them, so that tests need not be written twice. */
export interface Kind {
  readonly kind: "uredis" | "umem";
  readonly title: string;
  /** A demo database. */
  readonly id: string;
  readonly zone: string;
  readonly pending: string;
  readonly failed: string;
  readonly create: string;
  readonly created: Query;
  readonly idField: "GroupId" | "SpaceId";
  readonly rename: string;
  readonly setPassword: string;
  readonly backUp: string;
  readonly listBackups: string;
  readonly delete: string;
}

export const KINDS: readonly Kind[] = [
  {
    kind: "uredis",
    title: "group",
    id: demo.healthyGroupId,
    zone: demo.zone,
    pending: "Creating",
    failed: "CreateFail",
    create: "CreateURedisGroup",
    created: NEW_GROUP,
    idField: "GroupId",
    rename: "ModifyURedisGroupName",
    setPassword: "ModifyURedisGroupPassword",
    backUp: "CreateURedisBackup",
    listBackups: "DescribeURedisBackup",
    delete: "DeleteURedisGroup",
  },
  {
    kind: "umem",
    title: "space",
    id: demo.healthySpaceId,
    zone: demo.slaveZone,
    pending: "Starting",
    failed: "Fail",
    create: "CreateUMemSpace",
    created: NEW_SPACE,
    idField: "SpaceId",
    rename: "ModifyUMemSpaceName",
    setPassword: "ModifyUMemPassword",
    backUp: "CreateUMemBackup",
    listBackups: "DescribeUMemBackup",
    delete: "DeleteUMemSpace",
  },
];

/** Returns the parameters that name a database. Only deleting a group takes no zone. */
export function address(kind: Kind, { id = kind.id, zone = kind.zone } = {}): Query {
  return { [kind.idField]: id, Zone: zone };
}

/** Creates a database, and returns its id. */
export async function create(target: Target, kind: Kind, query: Query = {}): Promise<string> {
  const body = await succeed(target, kind.create, { ...kind.created, ...query });
  const id = body[kind.idField];
  assert.ok(id);
  return id;
}

/** Deletes a database. */
export function remove(target: Target, kind: Kind, place: Parameters<typeof address>[1] = {}): Promise<Body> {
  const { Zone, ...query } = address(kind, place);
  return call(target, kind.delete, kind.kind === "uredis" ? query : { Zone, ...query });
}

/** Finds the newest usable backup of a demo database in the fleet, and its size or number of shards. */
export function findUsable({ fleet }: Pick<Simulator, "fleet">, id: string): { id: string; count: number } {
  const group = fleet.uredis.find(({ row }) => row.GroupId === id && row.State === "Success");
  if (group) return { id: group.row.BackupId, count: group.row.MemorySize };
  const shards = fleet.umem.map(({ row }) => row).filter(({ SpaceId }) => SpaceId === id);
  const whole = shards.find(({ BackupId, BlockCount }) => {
    const done = shards.filter((row) => row.BackupId === BackupId && row.State === "Done");
    return done.length === BlockCount;
  });
  assert.ok(whole);
  return { id: whole.BackupId, count: whole.BlockCount };
}

/** Starts a simulator before each test of the suite, and stops it afterwards. */
export function useSimulator(options: SimulatorOptions = {}): () => Simulator {
  let simulator: Simulator | undefined;
  beforeEach(async () => {
    simulator = await startSimulator(options);
  });
  afterEach(() => simulator?.close());
  return () => simulator ?? assert.fail();
}
