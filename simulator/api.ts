import type { FleetIndex } from "./fleetIndex";
import type { RegionType } from "./fleet";
import { computeSignature, type RequestParameters } from "./signature";

/** The RetCodes that the simulator returns without a fault. `docs/api.md` explains them. */
export const RetCode = {
  ok: 0,
  throttled: 153,
  noAction: 160,
  unknownAction: 161,
  noSignature: 170,
  wrongSignature: 171,
  unknownUser: 172,
  unknownToken: 174,
  missingParameter: 220,
  badParameter: 230,
  unknownProject: 292,
} as const;

/** The only account whose requests are accepted. */
export interface Account {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly securityToken?: string | undefined;
}

/** The answer of an action, before it is written as JSON. */
export interface ApiAnswer {
  readonly retCode: number;
  readonly message?: string;
  /** The rows of the requested page. */
  readonly rows?: readonly object[];
  /** The number of all rows that match the query. */
  readonly totalCount?: number;
  /** The number of all rows that the action could list in the project, whatever the query. */
  readonly accountCount?: number;
}

/** What an answer depends on besides the request's parameters. */
export interface ApiContext {
  readonly account: Account;
  readonly index: FleetIndex;
  readonly defaultProjectId: string;
  readonly pageCap: number;
  /** Replaces the requested offset. */
  readonly forcedOffset?: number | undefined;
}

/** Ends a request with a RetCode. */
class Refusal extends Error {
  constructor(
    readonly retCode: number,
    message: string,
  ) {
    super(message);
  }
}

interface Selection {
  readonly rows: readonly object[];
  readonly accountCount: number;
}

const DEFAULT_LIMIT = 10;
const REGION_TYPES: readonly string[] = ["normal", "source", "target"] satisfies RegionType[];

const ACTIONS: Readonly<Record<string, (parameters: RequestParameters, context: ApiContext) => Selection>> = {
  DescribeURedisBackup: selectURedis,
  DescribeUMemBackup: selectUMem,
};

/**
 * Answers one request as the cloud would: checks the action, the keys, the page and the query, in this order.
 */
export function answerRequest(parameters: RequestParameters, context: ApiContext): ApiAnswer {
  try {
    const action = readOptional(parameters, "Action");
    if (action === undefined) throw new Refusal(RetCode.noAction, "Missing Action");
    const select = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!select) throw new Refusal(RetCode.unknownAction, `Action [${action}] not found`);
    authenticate(parameters, context.account);
    const offset = readCount(parameters, { name: "Offset", fallback: 0, least: 0 });
    const limit = readCount(parameters, { name: "Limit", fallback: DEFAULT_LIMIT, least: 1 });
    const { rows, accountCount } = select(parameters, context);
    const start = context.forcedOffset ?? offset;
    const page = rows.slice(start, start + Math.min(limit, context.pageCap));
    return { retCode: RetCode.ok, rows: page, totalCount: rows.length, accountCount };
  } catch (error) {
    if (error instanceof Refusal) return { retCode: error.retCode, message: error.message };
    throw error;
  }
}

function authenticate(parameters: RequestParameters, account: Account): void {
  const signature = readOptional(parameters, "Signature");
  if (signature === undefined) throw new Refusal(RetCode.noSignature, "Missing Signature");
  if (parameters.PublicKey !== account.publicKey) throw new Refusal(RetCode.unknownUser, "User not found");
  if (parameters.SecurityToken !== account.securityToken) {
    throw new Refusal(RetCode.unknownToken, "Token not found");
  }
  if (signature !== computeSignature(parameters, account.privateKey)) {
    throw new Refusal(RetCode.wrongSignature, "Signature VerifyAC Error");
  }
}

function selectURedis(parameters: RequestParameters, context: ApiContext): Selection {
  const { index } = context;
  const region = readRegion(parameters);
  const projectId = readProject(parameters, context);
  const regionType = readOptional(parameters, "RegionType");
  const groupId = readOptional(parameters, "GroupId");
  const slaveZone = readOptional(parameters, "SlaveZone");
  if (regionType === undefined && groupId === undefined) throw missing("GroupId");
  if (regionType !== undefined && !isRegionType(regionType)) throw bad("RegionType");
  if (slaveZone !== undefined && !slaveZone.startsWith(`${region}-`)) throw bad("SlaveZone");
  const rows = index.findURedis({
    projectId,
    region,
    regionType: regionType ?? "normal",
    groupId,
    slaveZone,
    backupId: readOptional(parameters, "BackupId"),
  });
  return { rows, accountCount: index.countURedis(projectId) };
}

function selectUMem(parameters: RequestParameters, context: ApiContext): Selection {
  const { index } = context;
  const region = readRegion(parameters);
  const projectId = readProject(parameters, context);
  const zone = readOptional(parameters, "Zone");
  const spaceId = readOptional(parameters, "SpaceId");
  if (zone === undefined) throw missing("Zone");
  if (spaceId === undefined) throw missing("SpaceId");
  if (!zone.startsWith(`${region}-`)) throw bad("Zone");
  const rows = index.findUMem({ projectId, region, zone, spaceId });
  return { rows, accountCount: rows.length };
}

function readRegion(parameters: RequestParameters): string {
  const region = readOptional(parameters, "Region");
  if (region === undefined) throw missing("Region");
  // A fleet does not say which regions exist, so any well-formed region is accepted. Without backups it is
  // empty.
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(region)) throw bad("Region");
  return region;
}

function readProject(parameters: RequestParameters, { index, defaultProjectId }: ApiContext): string {
  const projectId = readOptional(parameters, "ProjectId") ?? defaultProjectId;
  if (!index.knowsProject(projectId)) {
    throw new Refusal(RetCode.unknownProject, `Project [${projectId}] not found`);
  }
  return projectId;
}

function readCount(
  parameters: RequestParameters,
  { name, fallback, least }: { readonly name: string; readonly fallback: number; readonly least: number },
): number {
  const text = readOptional(parameters, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) throw bad(name);
  return Number(text);
}

function readOptional(parameters: RequestParameters, name: string): string | undefined {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return value === "" ? undefined : value;
}

function isRegionType(text: string): text is RegionType {
  return REGION_TYPES.includes(text);
}

function missing(name: string): Refusal {
  return new Refusal(RetCode.missingParameter, `Missing params [${name}]`);
}

function bad(name: string): Refusal {
  return new Refusal(RetCode.badParameter, `Params [${name}] not available`);
}
