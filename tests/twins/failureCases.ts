/** Calls that fail alike at both entry points: by their arguments, by what the cloud holds, and by what it answers. */
import { demo, type Fault, type Simulator } from "../../simulator";
import type { FunctionCase } from "./functionCases";
import type { Twin } from "../support/installedPackage";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

/** Arguments, each bad in its own way, as a program in JavaScript could pass them. */
const badArguments: readonly [
  title: string,
  name: "getURedisBackups" | "getUMemBackups" | "getLatestURedisBackup" | "getLatestUMemBackup",
  args: object,
  ...texts: (string | RegExp)[],
][] = [
  ["neither group nor region type", "getURedisBackups", {}, "groupId", "regionType", "is required unless"],
  ["no arguments at all", "getLatestUMemBackup", {}, "zone", "spaceId", "is required"],
  ["a number for an id", "getURedisBackups", { groupId: 7 }, "groupId", "must be a string"],
  ["an empty id", "getLatestURedisBackup", { groupId: "" }, "groupId", "must not be empty"],
  ["an unknown region type", "getURedisBackups", { regionType: "both" }, "one of normal, source, target"],
  ["a negative offset", "getURedisBackups", { ...group, offset: -1 }, "offset", "must be 0 or more"],
  ["an empty page", "getUMemBackups", { ...space, limit: 0 }, "limit", "must be 1 or more"],
  ["half a row", "getUMemBackups", { ...space, limit: 1.5 }, "limit", "must be a whole number"],
  ["a broken expression", "getURedisBackups", { ...group, nameRegex: "(" }, "nameRegex"],
  ["a look-ahead", "getLatestUMemBackup", { ...space, nameRegex: "a(?=b)" }, "nameRegex"],
  ["a text for a list", "getURedisBackups", { ...group, states: "Done" }, "states", "must be a list"],
  ["a list of numbers", "getUMemBackups", { ...space, backupTypes: [1] }, "backupTypes", "must be a string"],
  ["a day in words", "getURedisBackups", { ...group, createdAfter: "yesterday" }, "createdAfter"],
  [
    "a time without a zone",
    "getUMemBackups",
    { ...space, createdBefore: "2026-01-31T00:00:00" },
    "createdBefore",
  ],
  ["an age in words", "getLatestURedisBackup", { ...group, maxAge: "soon" }, "maxAge", "must be a duration"],
  ["an unknown reaction", "getLatestURedisBackup", { ...group, onStale: "ask" }, "one of error, warn"],
];

/** Faults, each met by the group of its name. The last echoes all it got, as careless servers do. */
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
  // Slows what comes after it, so it comes last.
  ["Throttled", "uredis-153", { kind: "retCode", retCode: 153 }, "maxConcurrency", "RetCode 153"],
];

/** Makes `simulator` misbehave as the cases expect it, for as long as it runs. */
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
    title: "nothing to choose from is a failure",
    call: (twin) => twin.getLatestURedisBackup({ groupId: demo.emptyGroupId }),
    fails: ["NoBackups", demo.emptyGroupId],
  },
  {
    title: "so are filters that leave nothing, and they are named",
    call: (twin) => twin.getLatestUMemBackup({ ...space, backupTypes: ["weekly"] }),
    fails: ["NoBackups", "filters", "`auto`, `manual`"],
  },
  {
    title: "nothing usable is a failure that says why",
    call: (twin) => twin.getLatestURedisBackup({ groupId: demo.unusableGroupId }),
    fails: ["NoUsableBackup", "still running", "and 7 more"],
  },
  {
    title: "nothing usable of UMem too",
    call: (twin) => twin.getLatestUMemBackup({ zone: demo.zone, spaceId: demo.unusableSpaceId }),
    fails: ["NoUsableBackup", "shards"],
  },
  {
    title: "a backup older than maxAge is refused, with its age",
    call: (twin) => twin.getLatestURedisBackup({ ...group, maxAge: "1h" }),
    fails: ["StaleBackup", /24h \d+m old, maxAge 1h\.\n/, "onStale"],
  },
  {
    title: "backups of several groups are refused as ambiguous",
    call: (twin: Twin) => twin.getLatestURedisBackup({ regionType: "normal" }),
    fails: ["AmbiguousSource", demo.uredisGroupId, "`groupId`"],
  },
  ...faults.map(([code, groupId, fault, ...texts]): FunctionCase => ({
    title: `${code} is what an answer of ${fault.kind} for ${groupId} means`,
    call: (twin) => twin.getLatestURedisBackup({ groupId }),
    fails: [code, "DescribeURedisBackup", groupId, "1 attempt", ...texts],
  })),
];
