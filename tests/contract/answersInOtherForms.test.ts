import assert from "node:assert/strict";
import { compareAnswers } from "../../provider/contract/comparison";
import { links, listOf, needed, oneOfOpen, seconds, text } from "../../provider/contract/rules";
import { withSimulator } from "../support/withSimulator";
import { runCheck, writeFinding } from "./checkRuns";

type Row = Record<string, unknown>;

const fields = {
  Id: needed(text),
  Time: needed(seconds),
  State: needed(oneOfOpen("Running")),
  Links: needed(links),
};
const whole = { Id: "a", Time: 1_770_000_000, State: "Running", Links: ["https://files.example/a"] };

/** What is found in an answer with this `DataSet`. */
function compare(DataSet: unknown): string[] {
  const found = compareAnswers("DescribeUMem", [{ DataSet }], { DataSet: needed(listOf({ fields })) });
  return found.map(writeFinding).map((line) => line.replace("DescribeUMem DataSet", ""));
}

/** What the check finds of an action in the simulator's answers, which `bend` changes. */
async function findIn(action: string, bend: (answer: Row, rows: Row[]) => void): Promise<string[]> {
  const onAnswer = (answer: Row): void => {
    if (answer.Action !== `${action}Response`) return;
    bend(answer, Array.isArray(answer.DataSet) ? (answer.DataSet as Row[]) : []);
  };
  return withSimulator({ onAnswer }, async (simulator) => {
    const { findings } = await runCheck(simulator);
    return findings.filter((each) => each.action === action).map(writeFinding);
  });
}

describe("answers in other forms", () => {
  const cases: { title: string; dataSet: unknown; found: string[] }[] = [
    { title: "finds nothing in rows as documented", dataSet: [whole], found: [] },
    {
      title: "tells of rows that are no objects",
      dataSet: [whole, null, "uredis-a"],
      found: [
        "difference []: expected object, found null in 1 of 3 elements",
        "difference []: expected object, found string in 1 of 3 elements",
      ],
    },
    {
      title:
        "takes an object in place of a list for no row, and shows none of its names, which may be of databases",
      dataSet: { Production: whole, Payments: whole },
      found: ["difference : expected array, found object in 1 of 1 answers"],
    },
    {
      title: "tells of times in milliseconds",
      dataSet: [whole, { ...whole, Time: 1_770_000_000_000 }, { ...whole, Time: 0 }],
      found: ["difference [].Time: expected seconds since 1970, found something else in 1 of 3 rows"],
    },
    {
      title: "tells of a known value in another case, also where further values may come",
      dataSet: [
        { ...whole, State: "running" },
        { ...whole, State: "Paused" },
      ],
      found: [
        'difference [].State: unknown value "running" in 1 of 2 rows',
        'note [].State: unknown value "Paused" in 1 of 2 rows',
      ],
    },
    {
      title: "tells of links that are none",
      dataSet: [{ ...whole, Links: ["bucket/key", null, ...whole.Links] }],
      found: [
        "difference [].Links: expected a link, found something else in 1 of 2 elements",
        "difference [].Links[]: expected string, found null in 1 of 3 elements",
      ],
    },
  ];
  for (const { title, dataSet, found } of cases) it(title, () => assert.deepEqual(compare(dataSet), found));

  it("hides the names of very many unknown fields, which may be a map", () => {
    const names = Array.from({ length: 676 }, (_, index) =>
      String.fromCharCode(88, 65 + (index % 26), 97 + Math.floor(index / 26)),
    );
    const row = { ...whole, ...Object.fromEntries(names.map((name) => [name, 1])) };
    assert.deepEqual(compare([row]), ["note []: 676 unknown fields in 1 rows; their names are not shown"]);
  });

  it("compares the rows of a server that ignores Limit in a time that grows with their number only", () => {
    const rows = Array.from({ length: 190_000 }, (_, index) => ({ ...whole, Other: index, Time: "1" }));
    assert.deepEqual(compare(rows), [
      "note [].Time: expected number, found string (a number as text) in 190000 of 190000 rows",
      "note [].Other: unknown field (number) in 190000 of 190000 rows",
    ]);
  }).timeout(20_000);
});

describe("checkContract, of answers in other forms", () => {
  it("goes on where the rows of spaces have no zone, and says so", async () => {
    const found = await findIn("DescribeUMem", (_, rows) => {
      for (const row of rows) if (row.ResourceType === "distributed") delete row.Zone;
    });
    assert.match(
      found.join("\n"),
      /^difference DescribeUMem DataSet\[\]\.Zone: missing in \d of \d spaces$/m,
    );
  });

  it("tells of backups whose time is in milliseconds", async () => {
    const found = await findIn("DescribeURedisBackup", (_, rows) => {
      for (const row of rows) row.BackupTime = Number(row.BackupTime) * 1000;
    });
    assert.match(found.join("\n"), /BackupTime: expected seconds since 1970/);
  });

  it("tells of a path in place of a link, and of two links to one file, without showing them", async () => {
    const group = await findIn("DescribeURedisBackupURL", (answer) => (answer.BackupPath = "bucket/marked"));
    assert.deepEqual(group, [
      "difference DescribeURedisBackupURL BackupPath: expected a link, found something else in 1 of 1 answers",
    ]);
    const space = await findIn("DescribeUMemBackupURL", (answer) => {
      const all = answer.BackupURL as string[];
      answer.BackupURL = all.map(() => all[0]);
    });
    assert.match(space.join("\n"), /^difference DescribeUMemBackupURL BackupURL: \d links to 1 file$/);
  });
});
