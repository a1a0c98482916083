/** What this process has sent, by URN: an engine's hook can repeat a call, and a failed one bars deletions. */

import type { Database } from "../ucloud/databases";
import type { RestorePlan } from "./plan";
import type { ResourceRecord } from "./resource";

/** A creation that was sent. */
export interface Attempt {
  /** The name that only this attempt uses. */
  readonly name: string;
  readonly plan: RestorePlan;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sentAt: number;
  /** The ids of the databases that had the wanted name before. None of them is what the attempt made. */
  readonly older: readonly string[];
  /** The id, once it is known. */
  readonly id?: string | undefined;
}

/** The memory of one process. The plugin has one; it starts anew with each engine run. */
export class Attempts {
  readonly #attempts = new Map<string, Attempt>();
  readonly #backups = new Map<string, ResourceRecord>();
  readonly #failed = new Set<string>();
  readonly #created = new Set<string>();
  readonly #held = new Map<string, Set<string>>();
  readonly #imported = new Set<string>();
  readonly #sources = new Map<string, Database>();
  readonly #read = new Set<string>();

  /** The attempt of a URN with these arguments, if one was begun. `key` says which arguments. */
  find(urn: string, key: string): Attempt | undefined {
    return this.#attempts.get(JSON.stringify([urn, key]));
  }

  keep(urn: string, key: string, attempt: Attempt): void {
    this.#attempts.set(JSON.stringify([urn, key]), attempt);
  }

  forget(urn: string, key: string): void {
    this.#attempts.delete(JSON.stringify([urn, key]));
  }

  /** The unfinished backup of a URN with these arguments, if one was begun. */
  findBackup(urn: string, key: string): ResourceRecord | undefined {
    return this.#backups.get(JSON.stringify([urn, key]));
  }

  keepBackup(urn: string, key: string, record: ResourceRecord): void {
    this.#backups.set(JSON.stringify([urn, key]), record);
  }

  /** Create or Update of this URN failed: nothing of this URN may be deleted in this run. */
  markFailed(urn: string): void {
    this.#failed.add(urn);
  }

  clearFailed(urn: string): void {
    this.#failed.delete(urn);
  }

  hasFailed(urn: string): boolean {
    return this.#failed.has(urn);
  }

  /** Create returned this id, so it must not be deleted as the one that it replaces. */
  markCreated(id: string): void {
    this.#created.add(id);
  }

  wasCreated(id: string): boolean {
    return this.#created.has(id);
  }

  /** A database that a restore took defaults from, for the case that the same run deletes it before it creates. */
  keepSource(region: string, database: Database): void {
    this.#sources.set(JSON.stringify([region, database.id]), database);
  }

  findSource(region: string, id: string): Database | undefined {
    return this.#sources.get(JSON.stringify([region, id]));
  }

  /** A database id or name that the state of this URN holds: not a leftover of an interrupted creation. */
  holdInState(urn: string, idOrName: string): void {
    const held = this.#held.get(urn) ?? new Set<string>();
    this.#held.set(urn, held.add(idOrName));
  }

  /** All that {@link holdInState} was told of this URN. */
  listHeld(urn: string): readonly string[] {
    return [...(this.#held.get(urn) ?? [])];
  }

  isHeldInState(urn: string, idOrName: string): boolean {
    return this.#held.get(urn)?.has(idOrName) ?? false;
  }

  /** The resource of this URN was read, and no arguments of a program were checked since. */
  markRead(urn: string): void {
    this.#read.add(urn);
  }

  markChecked(urn: string): void {
    this.#read.delete(urn);
  }

  /** Whether a comparison of this URN is that of a refresh: it shows what changed in the cloud, and asks for nothing. */
  isRefreshing(urn: string): boolean {
    return this.#read.has(urn);
  }

  /** The resource of this URN was read for an import in this process. */
  markImported(urn: string): void {
    this.#imported.add(urn);
  }

  /** Whether it was, once: an import ends with one comparison. */
  takeImported(urn: string): boolean {
    return this.#imported.delete(urn);
  }
}
