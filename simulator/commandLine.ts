import { parseArgs } from "node:util";
import { createDemoFleet } from "./demoFleet";
import { demo } from "./demoPlan";
import type { Fault } from "./faults";
import { type Fleet, listSources } from "./fleet";
import type { Provisioning } from "./lifecycles";
import type { Simulator, SimulatorOptions } from "./options";

/** The result of reading a command line. */
export type Command =
  | { readonly kind: "start"; readonly options: SimulatorOptions; readonly faults: readonly Fault[] }
  | { readonly kind: "help" | "version" }
  /** `reason` is one line that says what is wrong. */
  | { readonly kind: "refuse"; readonly reason: string };

/** The text of `--help`. */
export const helpText = `Usage: ucloud-redis-simulator [options]

Serves a local UCloud API with the Redis databases and backups of a made-up company, until it is interrupted.
Databases can be created, also from a backup, changed and deleted.

Options:
  --port N                    listen on this port (default: any free one)
  --page-cap N                return at most N rows a page, whatever the request asks for (default: 100)
  --latency MS                delay each answer by so many milliseconds (default: 0)
  --takes SECONDS             how long creating, resizing, backing up and deleting take (default: 2)
  --deleted ID                this group or space no longer exists, but its backups do; may be given several
                              times
  --fail [ACTION=]STATUS|RETCODE[xN]
                              fail the first N requests (default: all) for this action (default: any) with this
                              HTTP status (400 to 599) or this RetCode (any other number); may be given several
                              times
  --lose ACTION[xN]           carry out the first N requests (default: all) for this action, but cut the
                              connection instead of answering; may be given several times
  --hang                      never answer
  --redis                     run a redis-server (6.2 or newer) on loopback for each URedis group: the one on
                              PATH, or the one that UCLOUD_REDIS_SIMULATOR_SERVER names
  --help                      show this text
  --version                   show the version
`;

/** Reads the arguments after the program's name. Never throws: invalid arguments give a `refuse`. */
export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        "page-cap": { type: "string" },
        latency: { type: "string" },
        takes: { type: "string" },
        deleted: { type: "string", multiple: true },
        fail: { type: "string", multiple: true },
        lose: { type: "string", multiple: true },
        hang: { type: "boolean" },
        redis: { type: "boolean" },
        help: { type: "boolean" },
        version: { type: "boolean" },
      },
    });
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const port = readNumber(values.port, { flag: "--port", least: 0, most: 65_535 });
    const pageCap = readNumber(values["page-cap"], { flag: "--page-cap", least: 1, most: 1_000_000 });
    const latencyMs = readNumber(values.latency, { flag: "--latency", least: 0, most: 3_600_000 });
    const seconds = readNumber(values.takes, { flag: "--takes", least: 0, most: 86_400 });
    const faults = [...(values.fail ?? []).map(readFailure), ...(values.lose ?? []).map(readLoss)];
    if (values.hang) faults.push({ kind: "hang", times: Infinity });
    return {
      kind: "start",
      options: {
        ...(port !== undefined && { port }),
        ...(pageCap !== undefined && { pageCap }),
        ...(latencyMs !== undefined && { latencyMs }),
        ...(seconds !== undefined && { provisioning: takeSeconds(seconds) }),
        ...(values.deleted && { fleet: deleteDatabases(values.deleted) }),
        ...(values.redis && { redis: true }),
      },
      faults,
    };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { kind: "refuse", reason };
  }
}

/** Returns the times of a simulator whose operations take so many real seconds each. */
export function takeSeconds(seconds: number): Provisioning {
  return { create: { seconds }, delete: { seconds }, resize: { seconds }, backup: { seconds } };
}

/** Returns the text that is printed once the simulator runs: its URL, its keys, and its groups and spaces. */
export function describeSimulator(simulator: Simulator): string {
  const sources = listSources(simulator.fleet);
  const describe = (kind: "uredis" | "umem"): string =>
    sources
      .filter((source) => source.kind === kind && source.regionType === "normal")
      .map(
        ({ id, region, zone, projectId, rows }) =>
          `  ${id}  ${region}  ${zone}  ${projectId}  ${rows} rows\n`,
      )
      .join("");
  return `UCloud API simulator: ${simulator.url}

export UCLOUD_API_BASE_URL='${simulator.url}'
export UCLOUD_PUBLIC_KEY='${simulator.publicKey}'
export UCLOUD_PRIVATE_KEY='${simulator.privateKey}'
export UCLOUD_REGION='${demo.region}'
export UCLOUD_PROJECT_ID='${simulator.fleet.defaultProjectId}'

URedis groups (id, region, zone, project):
${describe("uredis")}
UMem spaces (id, region, zone, project):
${describe("umem")}${describeRedis(simulator)}
Stop it with Ctrl-C.
`;
}

/** Lists the real servers. Their passwords are those of a simulator, like its keys. */
function describeRedis({ databases, redisVersion }: Simulator): string {
  if (redisVersion === undefined) return "";
  const groups = databases.filter(({ kind, state }) => kind === "uredis" && state === "Running");
  const lines = groups.map(
    ({ id, host, port, password }) => `  ${id}  ${host}:${port}  ${password ?? "(no password)"}\n`,
  );
  return `\nRedis ${redisVersion} servers (group, address, password):\n${lines.join("")}`;
}

function readNumber(
  text: string | undefined,
  { flag, least, most }: { readonly flag: string; readonly least: number; readonly most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new RangeError(`${flag} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function readFailure(text: string): Fault {
  const [, action, number = "", count] = /^(?:(\w+)=)?(\d{1,6})(?:x(\d{1,9}))?$/.exec(text) ?? [];
  const times = count === undefined ? Infinity : Number(count);
  if (Number(number) < 1 || times < 1) {
    throw new RangeError(`--fail takes a status or RetCode and perhaps a count, as in 503x2, not "${text}"`);
  }
  const code = Number(number);
  const scope = { times, ...(action !== undefined && { action }) };
  return code >= 400 && code <= 599
    ? { kind: "status", status: code, ...scope }
    : { kind: "retCode", retCode: code, ...scope };
}

function readLoss(text: string): Fault {
  const [, action, count] = /^([A-Za-z]+?)(?:x(\d{1,9}))?$/.exec(text) ?? [];
  const times = count === undefined ? Infinity : Number(count);
  if (action === undefined || times < 1) {
    throw new RangeError(`--lose takes an action and perhaps a count, not "${text}"`);
  }
  return { kind: "lostAnswer", effect: "after", action, times };
}

function deleteDatabases(ids: readonly string[]): Fleet {
  const now = new Date();
  const known = createDemoFleet({ now }).databases ?? [];
  const unknown = ids.find((each) => known.every(({ id }) => id !== each));
  if (unknown !== undefined) throw new RangeError(`--deleted takes a group or space, not "${unknown}"`);
  return createDemoFleet({ now, deleted: ids });
}
