import assert from "node:assert/strict";
import { compareAnswers } from "../../provider/contract/comparison";
import {
  exceptFor,
  type Fields,
  flag,
  listOf,
  needed,
  number,
  oneOf,
  oneOfOpen,
  often,
  required,
  seldom,
  text,
} from "../../provider/contract/rules";
import { writeFinding } from "./checkRuns";

const fields: Fields = {
  Id: needed(text),
  Page: required(text),
  Extra: text,
  Count: needed(number),
  On: flag,
  State: needed(oneOf("Done", "Starting")),
  Mode: needed(oneOfOpen("Fast", "New")),
  Size: often(number),
  Copy: seldom(text),
  List: seldom(
    listOf(
      { noun: "parts of new rows", matches: (_, { Mode }) => Mode === "New", fields: { Id: seldom(text) } },
      { noun: "parts", fields: { Id: needed(text) } },
    ),
  ),
  Plan: exceptFor(({ Mode }) => Mode === "New", needed(text)),
};
const whole = {
  ...{ Id: "a", Page: "p", Extra: "e", Count: 1, On: true },
  ...{ State: "Done", Mode: "Fast", Size: 1, Plan: "daily" },
};
const isNew = { Mode: "New", Plan: undefined };

/** What is found in these rows, without the answer around them. */
function compare(...rows: object[]): string[] {
  const answers = compareAnswers("DescribeUMem", [{ DataSet: rows }], { DataSet: listOf({ fields }) });
  return answers.map(writeFinding).map((line) => line.replace("DescribeUMem DataSet", ""));
}

describe("compareAnswers", () => {
  const cases: { title: string; rows: object[]; found: string[] }[] = [
    { title: "finds nothing in rows as documented", rows: [whole, whole], found: [] },
    {
      title: "counts rows that lack a field that this package needs; null and an empty text count as absent",
      rows: [whole, { ...whole, Id: undefined }, { ...whole, Id: null }, { ...whole, Id: "" }],
      found: ["difference [].Id: missing in 3 of 4 rows"],
    },
    {
      title: "takes a field that the page requires for a difference",
      rows: [{ ...whole, Page: undefined }],
      found: ["difference [].Page: missing in 1 of 1 rows"],
    },
    {
      title: "only notes that an optional field is missing, and not that it is empty",
      rows: [
        { ...whole, Extra: "" },
        { ...whole, Extra: undefined },
      ],
      found: ["note [].Extra: missing in 1 of 2 rows"],
    },
    {
      title: "notes a field that some rows lack by nature only if all lack it",
      rows: [{ ...whole, Size: undefined }],
      found: ["note [].Size: missing in 1 of 1 rows"],
    },
    { title: "lets some rows lack it", rows: [whole, { ...whole, Size: undefined }], found: [] },
    {
      title: "notes numbers as text, which this package reads",
      rows: [whole, { ...whole, Count: "12" }],
      found: ["note [].Count: expected number, found string (a number as text) in 1 of 2 rows"],
    },
    {
      title: "takes a type that this package cannot read for a difference",
      rows: [
        { ...whole, Count: "many" },
        { ...whole, Count: [1] },
      ],
      found: [
        "difference [].Count: expected number, found string in 1 of 2 rows",
        "difference [].Count: expected number, found array in 1 of 2 rows",
      ],
    },
    {
      title: "only notes another type of a field that is not needed",
      rows: [{ ...whole, On: { is: 1 } }],
      found: ["note [].On: expected boolean, found object in 1 of 1 rows"],
    },
    {
      title: "names an unknown value that is a word, and hides any other",
      rows: [
        { ...whole, State: "Hibernating" },
        { ...whole, State: "uredis-1" },
        { ...whole, State: "A".repeat(21) },
      ],
      found: [
        'difference [].State: unknown value "Hibernating" in 1 of 3 rows',
        "difference [].State: unknown value in 2 of 3 rows",
      ],
    },
    {
      title: "only notes an unknown value of a list that is not closed",
      rows: [{ ...whole, Mode: "Slow" }],
      found: ['note [].Mode: unknown value "Slow" in 1 of 1 rows'],
    },
    {
      title: "notes unknown fields with their types, and hides names that may be ids",
      rows: [
        { ...whole, NewField: 1 },
        { ...whole, NewField: null, "uredis-a1b2": {} },
      ],
      found: [
        "note [].NewField: unknown field (null or number) in 2 of 2 rows",
        "note [].(a name that is no plain word): unknown field (object) in 1 of 2 rows",
      ],
    },
    {
      title: "does not count rows that lack a field by nature where others lack it",
      rows: [whole, { ...whole, Plan: "" }, { ...whole, ...isNew }],
      found: ["difference [].Plan: missing in 1 of 2 rows"],
    },
    {
      title: "lets rows carry a field that they lack by nature, but of the usual type",
      rows: [
        { ...whole, ...isNew, Plan: "daily" },
        { ...whole, ...isNew, Plan: [] },
        { ...whole, ...isNew },
      ],
      found: ["difference [].Plan: expected string, found array in 1 of 2 rows"],
    },
    {
      title: "compares what is nested by the row around it",
      rows: [
        { ...whole, List: [{ Id: "x" }, {}] },
        { ...whole, ...isNew, List: [{}, { Id: 1 }] },
      ],
      found: [
        "note [].List[].Id: expected string, found number in 1 of 1 parts of new rows",
        "difference [].List[].Id: missing in 1 of 2 parts",
      ],
    },
    {
      title: "compares what is nested",
      rows: [{ ...whole, List: [{ Id: "x" }, {}] }],
      found: ["difference [].List[].Id: missing in 1 of 2 parts"],
    },
  ];
  for (const { title, rows, found } of cases) {
    it(title, () => assert.deepEqual(compare(...rows), found));
  }

  it("takes a list of another type for a difference", () => {
    const found = compareAnswers("DescribeUMem", [{ DataSet: {} }], {
      DataSet: needed(listOf({ fields: {} })),
    });
    assert.deepEqual(found.map(writeFinding), [
      "difference DescribeUMem DataSet: expected array, found object in 1 of 1 answers",
    ]);
  });
});
