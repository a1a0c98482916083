/**
 * Arbitraries for input that users and servers should not send: absurd sizes, dates, Unicode, types and
 * names.
 */
import * as fc from "fast-check";
import type { HostileAnswer } from "./hostileApi";

/** An answer, and the function that receives it. */
export interface AnswerCase extends HostileAnswer {
  readonly isUMem: boolean;
  readonly isLatest: boolean;
}

const ODD_NAMES = [
  "",
  "\ud800",
  ..."__proto__ constructor prototype toString hasOwnProperty then".split(" "),
];
const ODD_TIMES = ["2026-99-99T99:99:99Z", "-271821-04-20T00:00:00Z"];
const ODD_AGES = ["26h", "-1h", "9".repeat(30) + "d"];
const ODD_NUMBERS = "-1 1e400 0x10 NaN Infinity".split(" ");
const ODD_PATTERNS = "(a+)+$ [ \\ (?=x) a{1000}{1000}".split(" ");
const ODD_UNICODE = ["\ud83d", "a\udc00b", "\u0000", "\u202etxt", "\u001b[2J"];
const INJECTIONS = ["`; rm -rf", "${jndi:x}", "%00%ff", "{{x}}"];
/** Pulumi's value for an unknown string. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const oddText = fc.oneof(
  fc.constantFrom(...ODD_UNICODE, ...INJECTIONS),
  fc.constantFrom(...ODD_NUMBERS, ...ODD_TIMES, "9".repeat(400)),
  fc.constantFrom(...ODD_PATTERNS, ...ODD_AGES, UNKNOWN),
  fc.constantFrom("x".repeat(20_000), "備".repeat(2000)),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const oddNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e300),
  // The first and last seconds beyond the times of JavaScript.
  fc.constantFrom(8_640_000_000_001, -8_640_000_000_001),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const oddObject = fc
  .array(fc.tuple(fc.constantFrom(...ODD_NAMES), oddText), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries));
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.boolean(),
  fc.constant(null),
  fc.array(oddText, { maxLength: 3 }),
  oddObject,
  fc.constantFrom(NaN, Infinity),
  // Marked as a secret, as Pulumi does.
  oddText.map((value) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value })),
);

/** A value of a setting, of any type that protobuf can carry. */
export const settingValue = fc.oneof(
  oddValue,
  fc.constantFrom("3", "30", 1, "https://api.ucloud.cn", "cn-bj2"),
);

/** A function and its arguments, some of them correct. */
export function argumentCase(functions: Readonly<Record<string, { inputs: { properties: object } }>>) {
  const inputs = Object.values(functions).flatMap((each) => Object.keys(each.inputs.properties));
  const names = fc.constantFrom(...new Set(inputs), ...ODD_NAMES);
  const correct = fc.constantFrom<Record<string, unknown>>(
    { groupId: "g" },
    { regionType: "normal" },
    { zone: "z", spaceId: "s" },
    {},
  );
  const odd = fc.array(fc.tuple(names, oddValue), { maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...Object.keys(functions)), correct, odd)
    .map(([token, base, more]): [string, [string, unknown][]] => [token, [...Object.entries(base), ...more]]);
}

const FIELDS = (
  "BackupId BackupName BackupTime BackupSize BackupType State GroupId GroupName Zone CreateTime BlockCount " +
  "BlockSize SpaceId Protocol MemorySize RedisVersion"
).split(" ");
const correctValue = fc.constantFrom<unknown>(
  ...["Success", "Done", "b1", "b2", "3", "Auto", "1700000000"],
  ...[1, 2, 1_700_000_000],
);

/** Returns an arbitrary that is `usual` most of the time. */
function mostly(weight: number, { usual, odd }: Record<"usual" | "odd", fc.Arbitrary<unknown>>) {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const fieldName = fc.constantFrom(...FIELDS, ...FIELDS, ...ODD_NAMES);
const row = mostly(6, {
  usual: fc
    .array(fc.tuple(fieldName, fc.oneof(correctValue, oddValue)), { maxLength: 10 })
    .map((entries) => Object.fromEntries(entries)),
  odd: oddValue,
});
const listing = fc
  .record({
    RetCode: mostly(9, { usual: fc.constantFrom(0, "0"), odd: oddValue }),
    DataSet: mostly(9, { usual: fc.array(row, { maxLength: 12 }), odd: oddValue }),
    TotalCount: fc.oneof(fc.constantFrom<unknown>(undefined, 0, 5, 12, "7"), oddValue),
    Message: oddValue,
  })
  .map((answer) => JSON.stringify(answer));
const deepTexts = ["[".repeat(50_000), '{"a":'.repeat(50_000), `{"RetCode":${"9".repeat(100_000)}}`];
const body = fc.oneof(
  { weight: 8, arbitrary: listing },
  { weight: 1, arbitrary: fc.json({ maxDepth: 6 }) },
  { weight: 1, arbitrary: fc.tuple(listing, fc.nat(200)).map(([text, length]) => text.slice(0, length)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  { weight: 1, arbitrary: fc.constantFrom(...deepTexts) },
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

/** An answer of the API that is partly correct. None throttles, which would make all other calls wait. */
export const answerCase: fc.Arbitrary<AnswerCase> = fc.record({
  body,
  headers,
  status: fc.constantFrom(200, 200, 200, 200, 204, 299, 304, 400, 401, 418, 500, 503, 599),
  isUMem: fc.boolean(),
  isLatest: fc.boolean(),
});
