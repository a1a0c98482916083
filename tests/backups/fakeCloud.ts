/** The cloud as lookups and pins see it, without an API. */
import type { FunctionToken, RawArguments } from "../../provider/backups/arguments";
import { lookupFunctions } from "../../provider/backups/functions";
import type { LookupContext } from "../../provider/backups/lookup";
import type { RedisBackupApi } from "../../provider/backups/services";
import type { Database, DatabaseListing, DatabaseScope } from "../../provider/ucloud/databases";
import type { PageRequest, UMemQuery, URedisQuery } from "../../provider/ucloud/actions";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import type { Listing } from "../../provider/ucloud/paging";
import type { UMemRows } from "../../provider/ucloud/settings";
import { listUMemRows, listURedisRows } from "../support/rowListings";

/** The time in the fake cloud, in seconds since 1970: 2023-11-14T22:13:20Z. */
export const NOW_SECONDS = 1_700_000_000;

type Query = Partial<URedisQuery & UMemQuery>;

/** The facts of a listing besides its rows. */
type ListingFacts = Partial<Pick<Listing<unknown>, "warnings" | "totalCount">>;

/** A context that lists the given rows, and records what was asked and what the user was shown. */
export class FakeCloud implements LookupContext {
  region: string | undefined = "cn-bj2";
  projectId: string | undefined;
  umemRows: UMemRows | undefined;
  waiting: LookupContext["waiting"];
  /** Every query, without the parameters that were not given. */
  readonly asked: (Query & { page?: PageRequest })[] = [];
  readonly warnings: string[] = [];
  readonly notices: string[] = [];
  /** Whether each opened API was to give up after one timeout. */
  readonly briefs: boolean[] = [];
  /** What there is in each scope, or how listing it fails. */
  listDatabases: (scope: DatabaseScope) => DatabaseListing | Promise<DatabaseListing> = () =>
    Promise.reject(new Error("not expected"));

  constructor(
    private readonly rows: readonly JsonObject[] | ((query: Query) => readonly JsonObject[]) = [],
    private readonly facts: ListingFacts = {},
  ) {}

  openApi = ({ isBrief = false }: { isBrief?: boolean | undefined } = {}): RedisBackupApi => {
    this.briefs.push(isBrief);
    return this.#api;
  };
  readonly #api: RedisBackupApi = {
    maxConcurrency: 8,
    listURedisBackups: async (query, page) =>
      Promise.resolve(this.#list({ query, page, list: listURedisRows })),
    listUMemBackups: async (query, page) => Promise.resolve(this.#list({ query, page, list: listUMemRows })),
    listDatabases: async (scope) => this.listDatabases(scope),
    links: {
      findURedisLink: () => Promise.reject(new Error("not expected")),
      listUMemLinks: () => Promise.reject(new Error("not expected")),
    },
  };
  now = (): Date => new Date(NOW_SECONDS * 1000);
  readonly warn = (text: string): void => void this.warnings.push(text);
  readonly inform = (text: string): void => void this.notices.push(text);

  /** Calls a function of the schema. */
  call<Token extends FunctionToken>(token: Token, args: RawArguments) {
    return lookupFunctions[token](args, this) as ReturnType<(typeof lookupFunctions)[Token]>;
  }

  #list<Row>(options: {
    query: Query;
    page: PageRequest | undefined;
    list: (rows: readonly JsonObject[], facts: Partial<Listing<unknown>>) => Listing<Row>;
  }): Listing<Row> {
    const { query, page, list } = options;
    const given = Object.entries({ ...query, page }).filter(([, value]) => value !== undefined);
    this.asked.push(Object.fromEntries(given));
    const rows = typeof this.rows === "function" ? this.rows(query) : this.rows;
    return list(rows, { ...this.facts, isComplete: page === undefined });
  }
}

/** A running group of a month ago, called as its id. */
export function createGroup(id: string, fields: Partial<Database> = {}): Database {
  const createTime = NOW_SECONDS - 30 * 24 * 3600;
  return {
    id,
    name: id,
    kind: "uredis",
    zone: "z",
    state: "Running",
    createTime,
    isReplica: false,
    ...fields,
  };
}

/** A running space of a month ago. */
export function createSpace(id: string, fields: Partial<Database> = {}): Database {
  return createGroup(id, { kind: "umem", ...fields });
}

/** A row of `DescribeURedisBackup` of the group `g`. Without `hoursAgo`, it has no time. */
export function createURedisRow(BackupId: string, hoursAgo?: number, State = "Success"): JsonObject {
  const dated = hoursAgo === undefined ? {} : { BackupTime: NOW_SECONDS - hoursAgo * 3600 };
  return { BackupId, State, GroupId: "g", ...dated };
}

/** Rows of `DescribeUMemBackup` of one backup of the space `s`, one for each state. */
export function createShards(
  BackupId: string,
  states: readonly string[],
  BlockCount = states.length,
): JsonObject[] {
  return states.map((State) => ({ BackupId, State, BlockCount, SpaceId: "s", CreateTime: NOW_SECONDS - 60 }));
}
