import type { Cloud, MadeBackup } from "./cloud";
import { createDatabase, type Database, type DatabaseChanges, type DatabaseSeed } from "./databases";
import type { Fleet } from "./fleet";
import { expireBackup, takeAutomaticBackup } from "./manualBackups";
import type { Offer } from "./offer";
import { failState, pendingState } from "./states";

/** What a test can see and change in the simulated cloud, besides sending requests. */
export class CloudControls {
  constructor(protected readonly cloud: Cloud) {}

  /** The data. A new fleet applies from the next request on; databases that requests created stay. */
  get fleet(): Fleet {
    this.cloud.lifecycles.settle();
    return this.cloud.fleet;
  }

  set fleet(fleet: Fleet) {
    this.cloud.fleet = fleet;
  }

  /** Room, versions, configurations and prices. A new offer applies from the next request on. */
  get offer(): Offer {
    return this.cloud.offer;
  }

  set offer(offer: Offer) {
    this.cloud.offer = offer;
  }

  /** The groups and spaces that exist in any state, hidden ones too. */
  get databases(): readonly Database[] {
    this.cloud.lifecycles.settle();
    return this.cloud.databases.list();
  }

  /** Every group and space that a request ever created, also those that no longer exist. */
  get created(): readonly Database[] {
    this.cloud.lifecycles.settle();
    return this.cloud.databases.listAll().filter(({ createdBy }) => createdBy !== undefined);
  }

  /** Every backup that a request ever took. Its state is in the fleet. */
  get createdBackups(): readonly MadeBackup[] {
    return this.cloud.madeBackups;
  }

  /** Moves the clock of the simulated cloud forward. */
  advance(seconds: number): void {
    this.cloud.clock.advance(seconds);
    this.cloud.lifecycles.settle();
  }

  /** Adds a running database, as if it were created in the console. */
  addDatabase(seed: DatabaseSeed): Database {
    const database = createDatabase(seed);
    this.cloud.databases.add(database);
    return database;
  }

  /** Removes a database at once, as if it were deleted in the console long ago. Its backups stay listed. */
  async deleteDatabase(id: string): Promise<void> {
    const database = this.find(id);
    this.cloud.removeDatabase(id);
    if (database.kind === "uredis") await this.cloud.stopServer(database);
  }

  /** Changes fields, as if in the console: a failover swaps the zones, a version is upgraded. */
  changeDatabase(id: string, changes: DatabaseChanges): void {
    this.find(id);
    this.cloud.databases.change(id, changes);
  }

  /** Gives a database any state, also an unknown one. Its changes under way never finish. */
  setState(id: string, state: string): void {
    this.find(id);
    this.cloud.lifecycles.cancel(id);
    this.cloud.databases.change(id, { state });
  }

  /** Lets a new database end in the state of a failed creation, and any other one in `Fail`. */
  failDatabase(id: string): void {
    const { kind, state } = this.find(id);
    this.setState(id, state === pendingState(kind) ? failState(kind) : "Fail");
  }

  /** Removes every trace of a database, as if it had never been made. Its backups stay. */
  forgetDatabase(id: string): void {
    this.find(id);
    this.cloud.lifecycles.cancel(id);
    this.cloud.databases.forget(id);
  }

  /**
   * Takes an automatic backup of a running database now, which finishes like those that requests take. Returns
   * its id.
   */
  takeBackup(id: string): string {
    return takeAutomaticBackup(this.cloud, { database: this.find(id), name: "auto_now" });
  }

  /** Makes a backup unusable: that of a group is `Expired`, that of a space is no longer listed. */
  expireBackup(backupId: string): void {
    this.cloud.lifecycles.cancel(backupId);
    this.cloud.fleet = expireBackup(this.cloud.fleet, backupId);
  }

  private find(id: string): Database {
    const database = this.cloud.databases.find(id);
    if (!database || database.isGone) throw new RangeError(`There is no database ${id}.`);
    return database;
  }
}
