import { type Database, DatabaseStore } from "./databases";
import type { SpaceField } from "./databaseRows";
import type { Fleet } from "./fleet";
import { FleetIndex, type RowOrder, type UMemRows } from "./fleetIndex";
import { type Duration, Lifecycles, type Provisioning, SimulatedClock } from "./lifecycles";
import type { Offer } from "./offer";
import { createRandom, type Random } from "./random";
import type { RdbFile, RedisAddress, RedisBackend } from "./redisBackend";
import type { RequestParameters } from "./signature";
import { failState } from "./states";
import type { Outcome } from "./writeFaults";

/** How the simulated cloud behaves. */
export interface CloudRules {
  readonly fleet: Fleet;
  readonly rowOrder: RowOrder;
  readonly umemRows: UMemRows;
  readonly provisioning: Required<Provisioning>;
  readonly offer: Offer;
  readonly manualBackupLimit: number;
  readonly deletedSpacesKeepBackups: boolean;
  readonly requiresSubnet: boolean;
  readonly requiresBlockCount: boolean;
  readonly restoresPassword: boolean;
  readonly spaceRowsLack: readonly SpaceField[];
  readonly redis: RedisBackend | undefined;
}

/** A backup that a request took. */
export interface MadeBackup {
  readonly id: string;
  readonly name: string;
  readonly databaseId: string;
  /** The number of the request. */
  readonly createdBy: number;
}

/** What a request does to a database, and what a fault makes of it. */
export interface Write {
  /** The number of the request. */
  readonly number: number;
  readonly outcome: Outcome;
}

/** Backups of deleted databases are kept for 7 days. */
const KEPT_SECONDS = 7 * 24 * 3600;
const STUCK: Duration = { looks: Infinity };

/** The state of the simulated cloud, and everything that takes time in it. */
export class Cloud {
  readonly clock = new SimulatedClock();
  readonly lifecycles: Lifecycles;
  readonly databases = new DatabaseStore();
  readonly madeBackups: MadeBackup[] = [];
  /** The files of backups, by BackupId. */
  readonly rdbFiles = new Map<string, RdbFile>();
  offer: Offer;
  private readonly random: Random = createRandom(12);
  /** How often a listing was asked for with the same parameters; only for the row order `changing`. */
  private readonly asked = new Map<string, number>();
  private currentFleet: Fleet;
  private currentIndex: FleetIndex;

  constructor(readonly rules: CloudRules) {
    this.lifecycles = new Lifecycles(this.clock, rules.provisioning);
    this.offer = rules.offer;
    this.currentFleet = rules.fleet;
    this.currentIndex = new FleetIndex(rules.fleet, rules);
    this.databases.seed(rules.fleet.databases);
  }

  get fleet(): Fleet {
    return this.currentFleet;
  }

  set fleet(fleet: Fleet) {
    this.currentIndex = new FleetIndex(fleet, this.rules);
    this.currentFleet = fleet;
    this.databases.seed(fleet.databases);
  }

  get index(): FleetIndex {
    return this.currentIndex;
  }

  /** Returns an id that no database has. */
  chooseId(kind: Database["kind"]): string {
    const id = this.random.resourceId(kind === "uredis" ? "uredis-" : "udredis-");
    return this.databases.find(id) ? this.chooseId(kind) : id;
  }

  chooseBackupId(): string {
    return this.random.uuid();
  }

  /** Whether the rows of this listing come backwards this time. */
  isTurned(parameters: RequestParameters): boolean {
    if (this.rules.rowOrder !== "changing") return false;
    const query = JSON.stringify(Object.entries(parameters).sort());
    const times = this.asked.get(query) ?? 0;
    this.asked.set(query, times + 1);
    return times % 2 === 1;
  }

  /** Starts the servers of the groups that exist, if there are real ones. */
  async startServers(): Promise<void> {
    const groups = this.databases.list().filter(({ kind }) => kind === "uredis");
    await Promise.all(
      groups.map(async (group) => {
        const address = await this.rules.redis?.start(group);
        if (address) this.databases.change(group.id, address);
      }),
    );
  }

  /** Adds a database that comes up in time: `Running`, or in a state of failure. */
  createDatabase(
    database: Database,
    { rdbFile, fails, outcome }: Pick<Write, "outcome"> & { rdbFile?: RdbFile | undefined; fails: boolean },
  ): void {
    const { id, usedMb } = database;
    this.databases.add({ ...database, usedMb: 0, hiddenLooks: outcome.hiddenLooks ?? 0 });
    let hasFailed = fails;
    let address: RedisAddress | undefined;
    const { redis } = this.rules;
    const start = async (server: RedisBackend): Promise<void> => {
      try {
        address = await server.start(database, rdbFile);
      } catch {
        hasFailed = true;
      }
    };
    const usesServer = redis !== undefined && database.kind === "uredis" && !fails;
    this.lifecycles.begin({
      id,
      operation: "create",
      duration: outcome.isStuck ? STUCK : outcome.takes,
      until: usesServer ? start(redis) : undefined,
      finish: () => {
        const state = outcome.state ?? (hasFailed ? failState(database.kind) : "Running");
        this.databases.change(id, { state, ...(state === "Running" && { usedMb, ...address }) });
      },
    });
  }

  /** Lists a database as `Deleting`, and removes it in time. Its changes under way never finish. */
  deleteDatabase(database: Database, { number, outcome }: Write): void {
    const { id, kind } = database;
    this.lifecycles.cancel(id);
    this.databases.change(id, { state: "Deleting", deletedBy: number });
    const survives = outcome.state !== undefined || outcome.isStuck === true;
    this.lifecycles.begin({
      id,
      operation: "delete",
      duration: outcome.isStuck ? STUCK : outcome.takes,
      until: kind === "uredis" && !survives ? this.stopServer(database) : undefined,
      finish: () => {
        if (outcome.state === undefined) this.removeDatabase(id);
        else this.databases.change(id, { state: outcome.state });
      },
    });
  }

  /** Removes a database at once. Its backups are still listed for 7 days. */
  removeDatabase(id: string): void {
    const database = this.databases.find(id);
    if (!database || database.isGone) return;
    this.lifecycles.cancel(id);
    this.databases.change(id, { isGone: true });
    const isKept = database.kind === "uredis" || this.rules.deletedSpacesKeepBackups;
    this.lifecycles.begin({
      id: `backups of ${id}`,
      operation: "delete",
      duration: { seconds: isKept ? KEPT_SECONDS : 0 },
      finish: () => this.removeBackups(id),
    });
  }

  /** Changes a database in time. */
  changeDatabase(
    id: string,
    { operation, changes, outcome }: Pick<Write, "outcome"> & ScheduledChange,
  ): void {
    this.lifecycles.begin({
      id,
      operation,
      duration: outcome.isStuck ? STUCK : outcome.takes,
      finish: () => {
        if (outcome.state !== undefined) this.databases.change(id, { state: outcome.state });
        else this.databases.change(id, changes());
      },
    });
  }

  /** Counts the looks at databases that a listing skips because they are hidden. */
  lookAtHidden(databases: readonly Database[]): void {
    for (const { id, hiddenLooks } of databases) {
      if (hiddenLooks > 0) this.databases.change(id, { hiddenLooks: hiddenLooks - 1 });
    }
  }

  /** Stops the server of a group, if it has one. Never rejects. */
  async stopServer(database: Database): Promise<void> {
    await this.rules.redis?.stop(database).catch(() => undefined);
  }

  private removeBackups(id: string): void {
    const { fleet } = this;
    this.fleet = {
      ...fleet,
      uredis: fleet.uredis.filter(({ row, regionType }) => row.GroupId !== id || regionType !== "normal"),
      umem: fleet.umem.filter(({ row }) => row.SpaceId !== id),
    };
  }
}

/** A change that takes time. */
export interface ScheduledChange {
  readonly operation: "resize" | "password";
  /** Called when it is due, since other changes may have been made meanwhile. */
  readonly changes: () => Partial<Database>;
}
