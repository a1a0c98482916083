/**
 * Pins: which backup to restore from, asked once and kept. What a pin does is the same in the plugin and in the
 * dynamic twin; only how values travel differs. Values here are bare: without the marks of secrets, and arguments that
 * are not known yet are left out and named apart.
 */

import { RedisBackupError } from "../ucloud/errors";
import { dropAbsent, type RawArguments, type ResourceToken } from "./arguments";
import { checkLatestArguments, findLatest, listRows, type LookupContext } from "./lookup";
import {
  comparePins,
  GUARDS,
  isImportedPin,
  type PinChange,
  type PinComparison,
  type PinState,
} from "./pinChanges";
import { describeChoice } from "./pinMessages";
import {
  type PinAddress,
  type PinAddressing,
  type PinnedScope,
  umemAddressing,
  uredisAddressing,
} from "./pinAddress";
import type { Selectable } from "./selection";
import { type RedisService, umemService, uredisService } from "./services";
import { quoteText } from "./text";

/** A pin as Pulumi keeps it. */
export interface Pin {
  /** `REGION/GROUPID/BACKUPID`, or `REGION/ZONE/SPACEID/BACKUPID`. */
  readonly id: string;
  readonly state: PinState;
}

/** What can be done with the pins of one kind. */
export interface PinOperations {
  /** @throws InvalidInputError `InvalidArgument`; nothing is asked of `unknown` arguments yet */
  check(args: RawArguments, context: LookupContext, unknown?: ReadonlySet<string>): void;
  /** Chooses a backup, and says which. @throws as the `getLatest…` function does */
  choose(
    args: RawArguments,
    context: LookupContext,
    options?: { readonly isPreview?: boolean },
  ): Promise<Pin>;
  /** What the choice was, in a text that follows "Pinned". */
  describe(state: PinState, context: Pick<LookupContext, "now">): string;
  /** What a change of the arguments leads to. */
  compare(comparison: PinComparison): PinChange;
  /** Whether no arguments led to the backup of this state. */
  isImported(state: PinState): boolean;
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
  import(id: string, context: LookupContext): Promise<{ args: RawArguments; state: PinState }>;
}

/** Every resource of the schema. One that is missing does not compile. */
export const pinOperations: { readonly [Token in ResourceToken]: PinOperations } = {
  "ucloud-redis:index:URedisBackupPin": createPinOperations({
    token: "ucloud-redis:index:URedisBackupPin",
    source: uredisService,
    addressing: uredisAddressing,
  }),
  "ucloud-redis:index:UMemBackupPin": createPinOperations({
    token: "ucloud-redis:index:UMemBackupPin",
    source: umemService,
    addressing: umemAddressing,
  }),
};

function createPinOperations<Args, Backup extends Selectable, Row>(kind: {
  token: ResourceToken;
  source: RedisService<Args, Backup, Row>;
  addressing: PinAddressing<Args>;
}): PinOperations {
  const { token, source, addressing } = kind;

  /** The pinned backup as the cloud has it now. */
  async function find(
    address: PinAddress<Args>,
    context: LookupContext,
  ): Promise<{ backup: Backup; flaw: string | undefined } | undefined> {
    const { args, scope, backupId } = address;
    const { backups, explain } = source.read(await listRows(source, { args, scope }, context), args, context);
    const backup = backups.find((each) => each.backupId === backupId);
    if (backup === undefined) return undefined;
    // An API that knows the backup may not have looked at whose it was said to be.
    source.assertSingleDatabase([backup], args);
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

    describe(state, { now }) {
      const { args, scope } = addressing.readState(state as unknown as PinnedScope);
      return describeChoice(state, {
        source: source.describe({ ...args, backupId: undefined }, scope),
        now: now(),
      });
    },

    compare: comparePins,
    isImported: isImportedPin,

    // What the arguments say replaces what they said, such as the same filter in other words.
    update: (state, news) => ({
      ...Object.fromEntries(Object.entries(state).filter(([name]) => !GUARDS.has(name))),
      ...dropAbsent(news),
    }),

    async refresh({ id, state }, context) {
      // The schema's own fields, which this service wrote.
      const address = addressing.readState(state as unknown as PinnedScope);
      const found = await find(address, context);
      if (found?.backup.usable !== true) context.warn(describeLoss(id, found?.flaw));
      return { ...state, ...(found?.backup ?? { usable: false }) };
    },

    // The schema's own fields, which this service wrote.
    formatId: (state) => addressing.formatId(state as unknown as PinnedScope),

    async import(id, context) {
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
        const { scope } = address;
        const args = dropAbsent({ ...address.args, region: scope.region, backupId: undefined });
        const owner = scope.projectId === undefined ? {} : { projectId: scope.projectId };
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
