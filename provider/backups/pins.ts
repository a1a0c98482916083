/**
 * Pins: which backup to restore from, asked once and kept. What a pin does is the same in the plugin and in the
 * dynamic twin; only how values travel differs. Values here are bare: without the marks of secrets, and arguments that
 * are not known yet are left out and named apart.
 */

import { isDeepStrictEqual } from "node:util";
import { RedisBackupError } from "../ucloud/errors";
import { dropAbsent, type RawArguments, type ResourceToken } from "./arguments";
import { checkLatestArguments, findLatest, listRows, type LookupContext } from "./lookup";
import {
  type PinAddress,
  type PinAddressing,
  type PinnedPlace,
  umemAddressing,
  uredisAddressing,
} from "./pinAddress";
import type { Selectable } from "./selection";
import { type BackupSource, umemSource, uredisSource } from "./sources";
import { quoteText } from "./text";

/** What is kept of a pin: its arguments and the backup they led to, by the schema's names. */
export type PinState = Readonly<Record<string, unknown>>;

/** A pin as Pulumi keeps it. */
export interface Pin {
  /** `REGION/GROUPID/BACKUPID`, or `REGION/ZONE/SPACEID/BACKUPID`. */
  readonly id: string;
  readonly state: PinState;
}

/** What a change of a pin's arguments leads to. */
export interface PinChange {
  /** The arguments that ask for a new choice. */
  readonly replaces: readonly string[];
  /** The arguments that are merely kept: they guard the next choice. */
  readonly updates: readonly string[];
}

/** What can be done with the pins of one kind. */
export interface PinService {
  /** @throws InvalidInputError `InvalidArgument`; nothing is asked of `unknown` arguments yet */
  check(args: RawArguments, context: LookupContext, unknown?: ReadonlySet<string>): void;
  /** Chooses a backup. @throws as the `getLatest…` function does */
  choose(args: RawArguments, context: LookupContext): Promise<Pin>;
  /** Compares arguments. Those that are not known yet count as changed. */
  compare(options: {
    readonly olds: RawArguments;
    readonly news: RawArguments;
    readonly state: PinState;
    readonly context: Pick<LookupContext, "region" | "projectId">;
    readonly unknown?: ReadonlySet<string>;
  }): PinChange;
  /** The state after a change that replaces nothing. */
  update(state: PinState, news: RawArguments): PinState;
  /** Looks the pinned backup up again. One that is gone or unusable stays pinned, with a warning. */
  refresh(pin: Pin, context: LookupContext): Promise<PinState>;
  /** The id of a pin with this state. */
  formatId(state: PinState): string;
  /**
   * Finds the backup of an id to take over, with the arguments that stand for it.
   *
   * @throws RedisBackupError `InvalidArgument` for what is no id of a pin, `NotFound` where there is no such backup. To
   * Pulumi the latter could be an answer as well, but one that goes unnoticed in a preview
   */
  adopt(id: string, context: LookupContext): Promise<{ args: RawArguments; state: PinState }>;
}

/** The arguments that guard a choice and are no part of it. */
const GUARDS: ReadonlySet<string> = new Set(["maxAge", "onStale"]);

/** Every resource of the schema. One that is missing does not compile. */
export const pinServices: { readonly [Token in ResourceToken]: PinService } = {
  "ucloud-redis:index:URedisBackupPin": createPinService({
    token: "ucloud-redis:index:URedisBackupPin",
    source: uredisSource,
    addressing: uredisAddressing,
  }),
  "ucloud-redis:index:UMemBackupPin": createPinService({
    token: "ucloud-redis:index:UMemBackupPin",
    source: umemSource,
    addressing: umemAddressing,
  }),
};

function createPinService<Args, Backup extends Selectable, Row>(kind: {
  token: ResourceToken;
  source: BackupSource<Args, Backup, Row>;
  addressing: PinAddressing<Args>;
}): PinService {
  const { token, source, addressing } = kind;

  /** The pinned backup as the cloud has it now. */
  async function find(
    address: PinAddress<Args>,
    context: LookupContext,
  ): Promise<{ backup: Backup; flaw: string | undefined } | undefined> {
    const { args, place, backupId } = address;
    const { backups, explain } = source.read(await listRows(source, { args, place }, context), args, context);
    const backup = backups.find((each) => each.backupId === backupId);
    if (backup === undefined) return undefined;
    // An API that knows the backup may not have looked at whose it was said to be.
    source.requireOneOwner([backup], args);
    return { backup, flaw: backup.usable ? undefined : explain(backup) };
  }

  return {
    check(args, context, unknown) {
      checkLatestArguments(token, source, args, context, unknown);
    },

    async choose(args, context) {
      const request = checkLatestArguments(token, source, args, context);
      const chosen = await findLatest(source, request, context);
      const state = { ...dropAbsent(args), ...chosen };
      return { id: this.formatId(state), state };
    },

    compare({ olds, news, state, context, unknown = new Set() }) {
      const before = dropAbsent(olds);
      const after = dropAbsent(news);
      const isSame = (name: string): boolean => {
        if (unknown.has(name)) return false;
        if (isDeepStrictEqual(before[name], after[name])) return true;
        // Naming the region or project that counted anyway changes nothing.
        const isPlace = name === "region" || name === "projectId";
        return isPlace && state[name] === (after[name] ?? context[name]);
      };
      const names = [...new Set([...Object.keys(before), ...Object.keys(after), ...unknown])].sort();
      const changed = names.filter((name) => !isSame(name));
      return {
        replaces: changed.filter((name) => !GUARDS.has(name)),
        updates: changed.filter((name) => GUARDS.has(name)),
      };
    },

    update(state, news) {
      const kept = Object.entries(state).filter(([name]) => !GUARDS.has(name));
      const guards = Object.entries(dropAbsent(news)).filter(([name]) => GUARDS.has(name));
      return Object.fromEntries([...kept, ...guards]);
    },

    async refresh({ id, state }, context) {
      // The schema's own fields, which this service wrote.
      const address = addressing.readState(state as unknown as PinnedPlace);
      const found = await find(address, context);
      if (found?.backup.usable !== true) context.warn(describeLoss(id, found?.flaw));
      return { ...state, ...(found?.backup ?? { usable: false }) };
    },

    // The schema's own fields, which this service wrote.
    formatId: (state) => addressing.formatId(state as unknown as PinnedPlace),

    async adopt(id, context) {
      const addresses = addressing.parseId(id, context.projectId);
      if (addresses.length === 0) {
        const text = `The id of a pin is ${addressing.format}, and ${quoteText(id)} is not of that form.`;
        throw new RedisBackupError("InvalidArgument", text);
      }
      for (const address of addresses) {
        const found = await find(address, context);
        if (found === undefined) continue;
        const { backup, flaw } = found;
        if (flaw !== undefined) context.warn(describeLoss(id, flaw));
        const { place } = address;
        const args = dropAbsent({ ...address.args, region: place.region, backupId: undefined });
        const owner = place.projectId === undefined ? {} : { projectId: place.projectId };
        return { args, state: { ...args, ...backup, ...owner, stale: false, skipped: [] } };
      }
      const text = `There is no backup ${quoteText(id)}${describeProject(context.projectId)}. Check each part of its id, which is ${addressing.format}.`;
      throw new RedisBackupError("NotFound", text);
    },
  };
}

function describeProject(projectId: string | undefined): string {
  return projectId === undefined ? "" : ` in project ${projectId}`;
}

function describeLoss(id: string, reason: string | undefined): string {
  const what = reason === undefined ? "is no longer listed" : `cannot be restored: ${reason}`;
  return `The pinned backup ${id} ${what}. The pin keeps it; change its \`triggers\` to choose another one.`;
}
