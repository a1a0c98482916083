/**
 * Calls that fail in the same way at both entry points: bad arguments, no usable backup, faults of the API.
 */
import { demo, type Fault, type Simulator } from "../../simulator";
import type { FunctionCase } from "./functionCases";
import type { Twin } from "../support/installedPackage";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

/**
 * Bad arguments, as a JavaScript program may pass them. More of them are in tests/plugin/badInput.test.ts.
 */
const badArguments: readonly [
  title: string,
  name: "getURedisBackups" | "getUMemBackups" | "getLatestURedisBackup" | "getLatestUMemBackup",
  args: object,
  ...texts: (string | RegExp)[],
][] = [
  ["neither group nor region type", "getURedisBackups", {}, "groupId", "regionType", "is required unless"],
  ["no arguments at all", "getLatestUMemBackup", {}, "zone", "spaceId", "is required"],
  ["a number for an id", "getURedisBackups", { groupId: 7 }, "groupId", "must be a string"],
  ["half a row", "getUMemBackups", { ...space, limit: 1.5 }, "limit", "must be a whole number"],
  ["a look-ahead", "getLatestUMemBackup", { ...space, nameRegex: "a(?=b)" }, "nameRegex"],
  [
    "a location without a region",
    "getLatestURedisBackup",
    { ...group, locations: [{ region: demo.region }, {}] },
    "locations[1].region",
    "is required",
  ],
  [
    "a region beside locations",
    "getLatestURedisBackup",
    { ...group, region: demo.region, locations: [{ region: demo.otherRegion }] },
    "region",
    "fits one region only",
  ],
  ["an age in words", "getLatestURedisBackup", { ...group, maxAge: "soon" }, "maxAge", "must be a duration"],
];

/** Faults, each for one group. One echoes the whole request, as careless servers do. */
const faults: readonly [code: string, groupId: string, fault: Fault, ...texts: (string | RegExp)[]][] = [
  ["Unauthorized", "uredis-171", { kind: "retCode", retCode: 171 }, "privateKey", "RetCode 171"],
  ["Forbidden", "uredis-299", { kind: "retCode", retCode: 299 }, "RetCode 299"],
  ["NotFound", "uredis-292", { kind: "retCode", retCode: 292 }, "projectId", "RetCode 292"],
  ["Unavailable", "uredis-503", { kind: "status", status: 503 }, "503"],
  ["BadResponse", "uredis-html", { kind: "html" }],
  ["Timeout", "uredis-hang", { kind: "hang" }, "timeoutSeconds"],
  [
    "ApiError",
    "uredis-echo",
    { kind: "retCode", retCode: 230, message: ({ parameters }) => JSON.stringify(parameters) },
    "RetCode 230",
  ],
  // Slows down later requests, so it is the last one.
  ["Throttled", "uredis-153", { kind: "retCode", retCode: 153 }, "maxConcurrency", "RetCode 153"],
];

/** Injects the faults of the cases into `simulator`, permanently. */
export function addFaults(simulator: Simulator): void {
  for (const [, groupId, fault] of faults) {
    const when: Fault["when"] = ({ parameters }) => parameters["GroupId"] === groupId;
    simulator.injectFault({ ...fault, when, times: Infinity });
  }
}

/** Calls that fail. */
export const failureCases: readonly FunctionCase[] = [
  ...badArguments.map(([title, name, args, ...texts]): FunctionCase => ({
    title: `${name} refuses ${title}`,
    call: (twin) => (twin[name] as (given: object) => Promise<object>)(args),
    fails: ["InvalidArgument", ...texts],
  })),
  {
    title: "no backup is a failure",
    call: (twin) => twin.getLatestURedisBackup({ groupId: demo.emptyGroupId }),
    fails: ["NoBackups", demo.emptyGroupId],
  },
  {
    title: "no backup that passes the filters is a failure that names the filters",
    call: (twin) => twin.getLatestUMemBackup({ ...space, backupTypes: ["weekly"] }),
    fails: ["NoBackups", "filters", "`auto`, `manual`"],
  },
  {
    title: "no usable URedis backup is a failure with the reasons",
    call: (twin) => twin.getLatestURedisBackup({ groupId: demo.unusableGroupId }),
    fails: ["NoUsableBackup", "still running", "and 7 more"],
  },
  {
    title: "no usable UMem backup is a failure with the reasons",
    call: (twin) => twin.getLatestUMemBackup({ zone: demo.zone, spaceId: demo.unusableSpaceId }),
    fails: ["NoUsableBackup", "shards"],
  },
  {
    title: "a link to a backup that is not there is refused",
    call: (twin) => twin.getURedisBackupUrl({ ...group, backupId: "unknown" }),
    fails: ["NotFound", demo.uredisGroupId, "`unknown`"],
  },
  {
    title: "links to a backup that is not whole are refused, with the reason",
    async call(twin) {
      const { skipped } = await twin.getUMemBackups(space);
      const [{ backupId } = { backupId: "" }] = skipped;
      return twin.getUMemBackupUrls({ ...space, backupId });
    },
    fails: ["NoUsableBackup", demo.umemSpaceId, "is not usable: 2 of 4 shards done"],
  },
  {
    title: "a backup older than maxAge is refused, with its age",
    call: (twin) => twin.getLatestURedisBackup({ ...group, maxAge: "1h" }),
    fails: ["StaleBackup", /24h \d+m old, maxAge 1h\.\n/, "onStale"],
  },
  {
    title: "locations without any usable backup are a failure with the reason for each",
    call: (twin) =>
      twin.getLatestURedisBackup({
        groupId: demo.unusableGroupId,
        locations: [{ region: demo.region }, { region: demo.otherRegion }],
      }),
    fails: ["NoUsableBackup", "locations[0]", "[NoUsableBackup]", "locations[1]", "[NoBackups]"],
  },
  {
    title: "backups of several groups are refused as ambiguous",
    call: (twin: Twin) => twin.getLatestURedisBackup({ regionType: "normal" }),
    // The message names the first five.
    fails: ["AmbiguousSource", demo.healthyGroupId, demo.unusableGroupId, "and 2 more", "`groupId`"],
  },
  ...faults.map(([code, groupId, fault, ...texts]): FunctionCase => ({
    title: `${code} is the code for an answer of ${fault.kind} to ${groupId}`,
    call: (twin) => twin.getLatestURedisBackup({ groupId }),
    fails: [code, "DescribeURedisBackup", groupId, "1 attempt", ...texts],
  })),
];
