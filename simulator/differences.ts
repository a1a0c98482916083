import type { ApiAnswer } from "./actions";
import type { Cloud } from "./cloud";
import type { RowOrder, UMemRows } from "./fleetIndex";
import { RetCode } from "./refusals";
import type { RequestParameters } from "./signature";

/**
 * The ways in which a simulator can differ from what this package expects of the API, and exactly what each
 * one changes. Each one shows in an answer or two, also when all are there together.
 */
export const differences = {
  missingField:
    "rows lack a field: RedisVersion (DescribeURedisBackup), BackupName (DescribeUMemBackup), VPCId (DescribeUMem)",
  unknownField:
    "every row of every listing has UndocumentedRowField, every answer with RetCode 0 UndocumentedField",
  otherType:
    "MemorySize (DescribeURedisBackup) and BlockCount (DescribeUMemBackup) are texts; Address (DescribeUMem) is one object instead of an array",
  pageCap: "no page of any listing has more than 4 rows, whatever Limit asks for",
  count: "TotalCount is 0 (DescribeURedisBackup), absent (DescribeUMemBackup), far too big (DescribeUMem)",
  order:
    "every second request with the same parameters gets the rows backwards (DescribeURedisBackup, DescribeUMemBackup)",
  retCode:
    "DescribeURedisConfig answers 20999; an id that never existed gets 20998 instead of no rows (DescribeURedisBackup: GroupId, DescribeUMemBackup: SpaceId, DescribeUMem: ResourceId)",
  clock: "the HTTP header Date of every answer is 10 minutes ahead",
  state:
    "State is Hibernating in the first row of each page (DescribeURedisBackup, DescribeUMemBackup, DescribeUMem without ResourceId)",
  rowPerBackup: "a row is a whole backup instead of a shard (DescribeUMemBackup)",
} as const;

/** A way in which a simulator differs: see {@link differences}. */
export type Difference = keyof typeof differences;

/** All kinds, in the order of {@link differences}. */
export const allDifferences = Object.keys(differences) as readonly Difference[];

/** The RetCodes of the difference `retCode`. No page of the API has them. */
const CLOSED = 20999;
const NEVER_EXISTED = 20998;
const SMALL_PAGE = 4;
const CLOCK_AHEAD_MS = 10 * 60_000;

interface BentOptions {
  readonly pageCap: number;
  readonly rowOrder: RowOrder;
  readonly umemRows: UMemRows;
}

/** Returns the options with those that a difference only sets. */
export function bendOptions(options: BentOptions, differs: readonly Difference[]): BentOptions {
  const { pageCap, rowOrder, umemRows } = options;
  return {
    pageCap: differs.includes("pageCap") ? Math.min(pageCap, SMALL_PAGE) : pageCap,
    rowOrder: differs.includes("order") ? "changing" : rowOrder,
    umemRows: differs.includes("rowPerBackup") ? "perBackup" : umemRows,
  };
}

/** Returns the HTTP headers that differ. */
export function bendHeaders(differs: readonly Difference[]): Readonly<Record<string, string>> {
  return differs.includes("clock") ? { Date: new Date(Date.now() + CLOCK_AHEAD_MS).toUTCString() } : {};
}

/** The request of an answer. */
interface Asked {
  readonly parameters: RequestParameters;
  readonly cloud: Cloud;
}

/** Returns a correct answer with the differences that its own fields and rows show. */
export function bendAnswer(answer: ApiAnswer, differs: readonly Difference[], asked: Asked): ApiAnswer {
  if (answer.retCode !== RetCode.ok) return answer;
  return differs.reduce((bent, each) => bend[each]?.(bent, asked) ?? bent, answer);
}

type Row = Readonly<Record<string, unknown>>;
type Bend = (answer: ApiAnswer, asked: Asked) => ApiAnswer;

const bend: Partial<Record<Difference, Bend>> = {
  missingField: (answer, asked) =>
    mapRows(answer, (row) => {
      const name = choose(asked, {
        DescribeURedisBackup: "RedisVersion",
        DescribeUMemBackup: "BackupName",
        DescribeUMem: "VPCId",
      });
      return Object.fromEntries(Object.entries(row).filter(([each]) => each !== name));
    }),
  unknownField: (answer) => ({
    ...mapRows(answer, (row) => ({ ...row, UndocumentedRowField: "?" })),
    fields: { ...answer.fields, UndocumentedField: "?" },
  }),
  otherType: (answer, asked) =>
    mapRows(
      answer,
      choose<(row: Row) => Row>(asked, {
        DescribeURedisBackup: (row) => ({ ...row, MemorySize: String(row.MemorySize) }),
        DescribeUMemBackup: (row) => ({ ...row, BlockCount: String(row.BlockCount) }),
        DescribeUMem: (row) => ({ ...row, Address: Array.isArray(row.Address) ? row.Address[0] : undefined }),
      }) ?? ((row) => row),
    ),
  count: (answer, asked) => ({
    ...answer,
    ...choose<Partial<ApiAnswer>>(asked, {
      DescribeURedisBackup: { totalCount: 0, accountCount: 0 },
      DescribeUMemBackup: { isUncounted: true },
      DescribeUMem: { totalCount: (answer.totalCount ?? 0) * 2 + 1000 },
    }),
  }),
  retCode: (answer, asked) => {
    if (asked.parameters.Action === "DescribeURedisConfig") {
      return { retCode: CLOSED, message: "Configurations are not available" };
    }
    const field = choose(asked, {
      DescribeURedisBackup: "GroupId",
      DescribeUMemBackup: "SpaceId",
      DescribeUMem: "ResourceId",
    });
    const id = field === undefined ? undefined : asked.parameters[field];
    if (!id || hasExisted(asked.cloud, id)) return answer;
    return { retCode: NEVER_EXISTED, message: `[${id}] has never existed` };
  },
  state: (answer, asked) => {
    const isListing = choose(asked, {
      DescribeURedisBackup: true,
      DescribeUMemBackup: true,
      DescribeUMem: !asked.parameters.ResourceId,
    });
    return mapRows(answer, (row, index) =>
      isListing && index === 0 ? { ...row, State: "Hibernating" } : row,
    );
  },
};

type Listing = "DescribeURedisBackup" | "DescribeUMemBackup" | "DescribeUMem";

/** Returns what belongs to the request's action, if it is one of the three listings. */
function choose<Value>({ parameters }: Asked, values: Readonly<Record<Listing, Value>>): Value | undefined {
  const name = parameters.Action ?? "";
  return Object.hasOwn(values, name) ? values[name as Listing] : undefined;
}

function mapRows(answer: ApiAnswer, change: (row: Row, index: number) => Row): ApiAnswer {
  return answer.rows
    ? { ...answer, rows: answer.rows.map((row, index) => change({ ...row }, index)) }
    : answer;
}

function hasExisted({ databases, fleet }: Cloud, id: string): boolean {
  return (
    databases.find(id) !== undefined ||
    databases.list().some(({ replicas }) => replicas.some((replica) => replica.id === id)) ||
    fleet.uredis.some(({ row }) => row.GroupId === id) ||
    fleet.umem.some(({ row }) => row.SpaceId === id)
  );
}
