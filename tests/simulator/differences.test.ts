import assert from "node:assert/strict";
import { allDifferences, demo, type Difference, differences, startSimulator } from "../../simulator";
import { readCommandLine } from "../../simulator/commandLine";
import { type Answer, ask, listAll, type Query, UMEM_QUERY, UREDIS_QUERY } from "./client";

const now = new Date("2026-05-04T03:02:01Z");
const place = { Region: demo.region, Zone: demo.zone };
const databases = { Action: "DescribeUMem", Region: demo.region, Protocol: "redis", Limit: "100" };

/** Every kind of reading request, and how the changes of its answer are called here. */
const QUERIES: Readonly<Record<string, Query>> = {
  DescribeURedisBackup: { ...UREDIS_QUERY, Limit: "100" },
  "DescribeURedisBackup again": { ...UREDIS_QUERY, Limit: "100" },
  DescribeUMemBackup: { ...UMEM_QUERY, Limit: "100" },
  "DescribeUMemBackup again": { ...UMEM_QUERY, Limit: "100" },
  DescribeUMem: databases,
  "DescribeUMem again": databases,
  "DescribeUMem of one": { ...databases, ResourceId: demo.healthyGroupId },
  "DescribeURedisBackup of none": { ...UREDIS_QUERY, GroupId: demo.emptyGroupId },
  "DescribeURedisBackup of an unknown id": { ...UREDIS_QUERY, GroupId: "uredis-neverwas" },
  "DescribeUMemBackup of an unknown id": { ...UMEM_QUERY, SpaceId: "udredis-neverwas" },
  "DescribeUMem of an unknown id": { ...databases, ResourceId: "uredis-neverwas" },
  DescribeURedisVersion: { ...place, Action: "DescribeURedisVersion" },
  DescribeURedisConfig: { ...place, Action: "DescribeURedisConfig", RegionFlag: "false", Limit: "100" },
  GetUMemSpaceState: { ...place, Action: "GetUMemSpaceState", SpaceId: demo.umemSpaceId },
  CheckURedisAllowance: { ...place, Action: "CheckURedisAllowance", Size: "1", Count: "1" },
  "a refused request": { ...place, Action: "DescribeURedisConfig" },
};

const withRows = [
  "DescribeURedisBackup",
  "DescribeURedisBackup again",
  "DescribeUMemBackup",
  "DescribeUMemBackup again",
  "DescribeUMem",
  "DescribeUMem again",
];

/** All that each difference changes. */
const CHANGES: Readonly<Record<Difference, readonly string[]>> = {
  missingField: [
    ...changes(["DescribeURedisBackup", "DescribeURedisBackup again"], "DataSet.RedisVersion"),
    ...changes(["DescribeUMemBackup", "DescribeUMemBackup again"], "DataSet.BackupName"),
    ...changes(["DescribeUMem", "DescribeUMem again", "DescribeUMem of one"], "DataSet.VPCId"),
  ],
  unknownField: [
    ...changes(
      Object.keys(QUERIES).filter((title) => title !== "a refused request"),
      "UndocumentedField",
    ),
    ...changes(
      [...withRows, "DescribeUMem of one", "DescribeURedisVersion", "DescribeURedisConfig"],
      "DataSet.UndocumentedRowField",
    ),
  ],
  otherType: [
    ...changes(["DescribeURedisBackup", "DescribeURedisBackup again"], "DataSet.MemorySize"),
    ...changes(["DescribeUMemBackup", "DescribeUMemBackup again"], "DataSet.BlockCount"),
    ...changes(["DescribeUMem", "DescribeUMem again", "DescribeUMem of one"], "DataSet.Address"),
  ],
  pageCap: changes(withRows, "rows"),
  count: changes(
    Object.keys(QUERIES).filter((title) => /^Describe(URedisBackup|UMemBackup|UMem)\b/.test(title)),
    "TotalCount",
  ).filter((change) => !/^DescribeURedisBackup of/.test(change)), // TotalCount is 0 anyway.
  order: changes(["DescribeURedisBackup again", "DescribeUMemBackup again"], "order"),
  retCode: [
    "DescribeURedisConfig: RetCode 20999",
    "DescribeURedisBackup of an unknown id: RetCode 20998",
    "DescribeUMemBackup of an unknown id: RetCode 20998",
    "DescribeUMem of an unknown id: RetCode 20998",
  ],
  clock: changes(Object.keys(QUERIES), "Date"),
  state: changes(withRows, "DataSet.State"),
  rowPerBackup: ["rows", "TotalCount"].flatMap((change) =>
    changes(["DescribeUMemBackup", "DescribeUMemBackup again"], change),
  ),
};

function changes(titles: readonly string[], change: string): string[] {
  return titles.map((title) => `${title}: ${change}`);
}

describe("a simulator told to differ", () => {
  let correct: ReadonlyMap<string, Answer>;
  before(async () => (correct = await readAll([])));

  for (const kind of allDifferences) {
    it(`shows ${kind} where it says, and nowhere else`, async () => {
      assert.deepEqual([...compare(correct, await readAll([kind]))].sort(), [...CHANGES[kind]].sort());
    });
  }

  it("shows all differences together", async () => {
    const simulator = await startSimulator({ now, differs: allDifferences });
    try {
      const [first, second] = await Promise.all([
        ask(simulator, { ...UREDIS_QUERY, Limit: "100" }),
        ask(simulator, { ...UREDIS_QUERY, Limit: "100" }),
      ]);
      const rows = first.body.DataSet ?? [];
      assert.equal(rows.length, 4);
      assert.equal(rows[0]?.State, "Hibernating");
      assert.equal(typeof rows[1]?.MemorySize, "string");
      assert.ok(rows[1] && !("RedisVersion" in rows[1]) && "UndocumentedRowField" in rows[1]);
      assert.notDeepEqual(second.body.DataSet?.map(readId), rows.map(readId));
    } finally {
      await simulator.close();
    }
  });

  it("lists every row once over the pages of one listing", async () => {
    const simulator = await startSimulator({ now, differs: ["order", "pageCap"] });
    try {
      for (const query of [UREDIS_QUERY, UREDIS_QUERY]) {
        const ids = (await listAll(simulator, query)).map(readId);
        const own = simulator.fleet.uredis.filter(
          ({ row, regionType }) => row.GroupId === demo.uredisGroupId && regionType === "normal",
        );
        assert.equal(ids.length, own.length);
        assert.equal(new Set(ids).size, own.length);
      }
    } finally {
      await simulator.close();
    }
  });

  it("is told by --differ, several times or with all", () => {
    const command = readCommandLine(["--differ", "clock", "--differ=order"]);
    assert.ok(command.kind === "start");
    assert.deepEqual(command.options, { differs: ["clock", "order"] });
    const all = readCommandLine(["--differ", "all"]);
    assert.ok(all.kind === "start");
    assert.deepEqual(all.options.differs, Object.keys(differences));
    const refused = readCommandLine(["--differ", "everything"]);
    assert.ok(refused.kind === "refuse");
    assert.match(refused.reason, /^--differ takes all or missingField, [^\n]*, not "everything"$/);
  });
});

async function readAll(differs: readonly Difference[]): Promise<Map<string, Answer>> {
  const simulator = await startSimulator({ now, differs });
  try {
    const answers = new Map<string, Answer>();
    for (const [title, query] of Object.entries(QUERIES)) answers.set(title, await ask(simulator, query));
    return answers;
  } finally {
    await simulator.close();
  }
}

/** Names everything in which the answers differ. */
function compare(correct: ReadonlyMap<string, Answer>, bent: ReadonlyMap<string, Answer>): Set<string> {
  const found = new Set<string>();
  for (const [title, answer] of bent) {
    const expected = correct.get(title);
    assert.ok(expected);
    for (const change of listChanges(expected, answer)) found.add(`${title}: ${change}`);
  }
  return found;
}

function listChanges(expected: Answer, answer: Answer): string[] {
  const ahead = Date.parse(answer.headers.get("Date") ?? "") - Date.now();
  const clock = Math.abs(ahead) > 60_000 ? ["Date"] : [];
  if (answer.body.RetCode !== expected.body.RetCode) return [...clock, `RetCode ${answer.body.RetCode}`];
  const { DataSet: expectedRows = [], ...expectedFields } = expected.body;
  const { DataSet: rows = [], ...fields } = answer.body;
  const texts = [rows, expectedRows].map((each) => each.map((row) => JSON.stringify(row)));
  const [text = [], expectedText = []] = texts;
  const named = (prefix: string, left: object, right: object): string[] =>
    listFields(left, right).map((name) => `${prefix}${name}`);
  if (rows.length !== expectedRows.length) return [...clock, "rows", ...named("", expectedFields, fields)];
  const isTurned =
    text.join() !== expectedText.join() && [...text].sort().join() === [...expectedText].sort().join();
  const inRows = isTurned
    ? ["order"]
    : rows.flatMap((row, index) => named("DataSet.", expectedRows[index] ?? {}, row));
  return [...clock, ...named("", expectedFields, fields), ...new Set(inRows)];
}

/** Returns the names of the fields that only one has, or in which they differ. */
function listFields(left: object, right: object): string[] {
  const values = [left, right].map((each) => new Map<string, unknown>(Object.entries(each)));
  const names = new Set(values.flatMap((each) => [...each.keys()]));
  return [...names].filter((name) => {
    const [one, other] = values.map((each) => JSON.stringify(each.get(name)));
    return one !== other;
  });
}

function readId(row: Readonly<Record<string, unknown>>): unknown {
  return row.BackupId;
}
