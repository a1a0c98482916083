/** Arbitraries for what users and servers should not send: absurd sizes, dates, Unicode, types and names. */
import * as fc from "fast-check";
import type { HostileAnswer } from "./hostileApi";

/** An answer, and which function gets it. */
export interface AnswerCase extends HostileAnswer {
  readonly isUMem: boolean;
  readonly isLatest: boolean;
}

const ODD_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  "\ud800",
  "then",
];

const oddText = fc.oneof(
  fc.constantFrom(
    "\ud83d",
    "a\udc00b",
    "\u0000",
    "\u202etxt",
    "\u001b[2J",
    "`; rm -rf",
    "${jndi:x}",
    "%00%ff",
    "{{x}}",
  ),
  fc.constantFrom(
    "9".repeat(400),
    "-1",
    "1e400",
    "0x10",
    "NaN",
    "Infinity",
    "2026-99-99T99:99:99Z",
    "-271821-04-20T00:00:00Z",
  ),
  fc.constantFrom(
    "(a+)+$",
    "[",
    "\\",
    "(?=x)",
    "a{1000}{1000}",
    "26h",
    "9".repeat(30) + "d",
    "-1h",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  ),
  fc.constantFrom("x".repeat(20_000), "備".repeat(2000)),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const oddNumber = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    0.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e21,
    1e300,
    8_640_000_000_001,
    -8_640_000_000_001,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.boolean(),
  fc.constant(null),
  fc.array(oddText, { maxLength: 3 }),
  fc
    .array(fc.tuple(fc.constantFrom(...ODD_NAMES), oddText), { maxLength: 3 })
    .map((each) => Object.fromEntries(each)),
);

/** A value of a setting, as protobuf can carry it. */
export const settingValue = fc.oneof(
  oddValue,
  fc.constantFrom("3", "30", 1, "https://api.ucloud.cn", "cn-bj2"),
);

/** A function and its arguments, some of them right. */
export function argumentCase(functions: Readonly<Record<string, { inputs: { properties: object } }>>) {
  const names = [
    ...new Set(Object.values(functions).flatMap(({ inputs }) => Object.keys(inputs.properties))),
  ];
  const right: [string, unknown][][] = [
    [["groupId", "g"]],
    [["regionType", "normal"]],
    [
      ["zone", "z"],
      ["spaceId", "s"],
    ],
    [],
  ];
  const wrong = fc.array(fc.tuple(fc.constantFrom(...names, ...ODD_NAMES), oddValue), { maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...Object.keys(functions)), fc.constantFrom(...right), wrong)
    .map(([token, base, odd]): [string, [string, unknown][]] => [token, [...base, ...odd]]);
}

const FIELDS = [
  ...[
    "BackupId",
    "BackupName",
    "BackupTime",
    "BackupSize",
    "BackupType",
    "State",
    "GroupId",
    "GroupName",
    "Zone",
  ],
  ...["CreateTime", "BlockCount", "BlockSize", "SpaceId", "Protocol", "MemorySize", "RedisVersion"],
];
const rightValue = fc.constantFrom<unknown>(
  "Success",
  "Done",
  "b1",
  "b2",
  1,
  2,
  "3",
  1_700_000_000,
  "Auto",
  "1700000000",
);
const row = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...FIELDS, ...FIELDS, ...ODD_NAMES), fc.oneof(rightValue, oddValue)), {
        maxLength: 10,
      })
      .map((each): unknown => Object.fromEntries(each)),
  },
  { weight: 1, arbitrary: oddValue },
);
const listing = fc
  .record({
    RetCode: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom<unknown>(0, "0") },
      { weight: 1, arbitrary: oddValue },
    ),
    DataSet: fc.oneof(
      { weight: 9, arbitrary: fc.array(row, { maxLength: 12 }) },
      { weight: 1, arbitrary: oddValue },
    ),
    TotalCount: fc.oneof(fc.constantFrom<unknown>(undefined, 0, 5, 12, "7"), oddValue),
    Message: oddValue,
  })
  .map((answer) => JSON.stringify(answer));
const body = fc.oneof(
  { weight: 8, arbitrary: listing },
  { weight: 1, arbitrary: fc.json({ maxDepth: 6 }) },
  { weight: 1, arbitrary: fc.tuple(listing, fc.nat(200)).map(([text, length]) => text.slice(0, length)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "[".repeat(50_000),
      '{"a":'.repeat(50_000),
      `{"RetCode":${"9".repeat(100_000)}}`,
    ),
  },
);
const headers = fc.constantFrom<Record<string, string>>(
  {},
  {},
  { "Content-Encoding": "gzip" },
  { "Content-Encoding": "br" },
  { "Retry-After": "Infinity" },
  { "Retry-After": "-9" },
  { "X-UCLOUD-REQUEST-UUID": "x".repeat(4000) },
  { "Content-Type": "text/html; charset=utf-16" },
  { Location: "http://127.0.0.1:1/" },
);

/** An answer of the API that is right to some degree. None throttles, which would make all others wait. */
export const answerCase: fc.Arbitrary<AnswerCase> = fc.record({
  body,
  headers,
  status: fc.constantFrom(200, 200, 200, 200, 204, 299, 304, 400, 401, 418, 500, 503, 599),
  isUMem: fc.boolean(),
  isLatest: fc.boolean(),
});
