/**
 * Pins: a backup that is chosen once and then kept. The plugin and the dynamic twin share these operations. Values here
 * are bare: hosts remove the marks of secrets, leave unknown arguments out, and pass their names separately.
 */

import { RedisBackupError } from "../ucloud/errors";
import { dropNullish, type KnownArguments, type RawArguments, type PinToken } from "./arguments";
import { findLatest, listBackups, type LookupContext } from "./lookup";
import { createLookupRequest } from "./lookupRequest";
import {
  type PinAddress,
  type PinAddressing,
  type AddressFields,
  umemAddressing,
  uredisAddressing,
} from "./pinAddress";
import { GUARDS, type PinState } from "./pinChanges";
import { describeChoice, describeLoss, describeStay } from "./pinMessages";
import type { Selectable } from "./selection";
import { type RedisService, umemService, uredisService } from "./services";
import { quoteText } from "./text";

/** A pin as Pulumi stores it. */
export interface Pin {
  /** `REGION/GROUPID/BACKUPID`, or `REGION/ZONE/SPACEID/BACKUPID`. */
  readonly id: string;
  readonly state: PinState;
}

/** The operations on the pins of one service. */
export interface PinOperations {
  /** Checks arguments, as far as they are known. @throws InvalidInputError `InvalidArgument` */
  check(given: KnownArguments, context: LookupContext): void;
  /** Chooses a backup. @throws as the `getLatest…` function does */
  choose(args: RawArguments, context: LookupContext): Promise<Pin>;
  /** The choice in words that follow "Pinned". */
  describe(state: PinState, context: Pick<LookupContext, "now">): string;
  /** The state after a change that does not replace the pin. */
  update(state: PinState, news: RawArguments): PinState;
  /** Looks the pinned backup up again, where it was found. A backup that is gone or not usable stays pinned, with a warning. */
  refresh(pin: Pin, context: LookupContext): Promise<PinState>;
  /** The id of a pin with this state. */
  formatId(state: PinState): string;
  /**
   * Imports the backup of an id, with the arguments that describe it.
   *
   * @throws RedisBackupError `InvalidArgument` if the id does not have the form of a pin's id, `NotFound` if there is no
   * such backup. Pulumi would also accept an empty answer for the latter, but a preview does not show that
   */
  import(id: string, context: LookupContext): Promise<{ args: RawArguments; state: PinState }>;
}

/** The pins of one service. */
class ServicePins<Args, Backup extends Selectable, Row> implements PinOperations {
  constructor(
    private readonly kind: {
      readonly token: PinToken;
      readonly service: RedisService<Args, Backup, Row>;
      readonly addressing: PinAddressing<Args>;
    },
  ) {}

  check(given: KnownArguments, context: LookupContext): void {
    createLookupRequest({ ...this.kind, ...given, defaults: context });
  }

  async choose(args: RawArguments, context: LookupContext): Promise<Pin> {
    const { service } = this.kind;
    const query = createLookupRequest({ ...this.kind, args, defaults: context });
    const state = { ...dropNullish(args), ...(await findLatest({ service, query }, context)).result };
    return { id: this.formatId(state), state };
  }

  describe(state: PinState, { now }: Pick<LookupContext, "now">): string {
    const { args, scope } = this.#readAddress(state);
    const { description } = this.kind.service.describe({ args: { ...args, backupId: undefined }, scope });
    return describeChoice(state, { description, now: now() });
  }

  update(state: PinState, news: RawArguments): PinState {
    // New arguments overwrite old ones even where they mean the same, such as the same filter in other words.
    // `locations` may have become a `region`, and the other way round.
    const kept = Object.entries(state).filter(([name]) => !GUARDS.has(name) && name !== "locations");
    return { ...Object.fromEntries(kept), ...dropNullish(news) };
  }

  async refresh({ id, state }: Pin, context: LookupContext): Promise<PinState> {
    const found = await this.#find(this.#readAddress(state), context);
    if (found?.backup.usable !== true) context.warn(describeLoss(id, found?.flaw));
    else context.tell?.(describeStay(id, found.backup, context.now()));
    return { ...state, ...(found?.backup ?? { usable: false }) };
  }

  formatId(state: PinState): string {
    return this.kind.addressing.formatId(readPinnedScope(state));
  }

  async import(id: string, context: LookupContext): Promise<{ args: RawArguments; state: PinState }> {
    const { format } = this.kind.addressing;
    const addresses = this.kind.addressing.parseId(id, context.projectId);
    if (addresses.length === 0) {
      const text = `The id of a pin is ${format}, and ${quoteText(id)} is not of that form.`;
      throw new RedisBackupError("InvalidArgument", text);
    }
    for (const address of addresses) {
      const found = await this.#find(address, context);
      if (found === undefined) continue;
      const { backup, flaw } = found;
      if (flaw !== undefined) context.warn(describeLoss(id, flaw));
      else context.tell?.(describeStay(id, backup, context.now()));
      const { region, projectId } = address.scope;
      const args = dropNullish({ ...address.args, region, backupId: undefined });
      return {
        args,
        state: { ...args, ...backup, ...dropNullish({ projectId }), stale: false, skipped: [] },
      };
    }
    const project = context.projectId === undefined ? "" : ` in project ${context.projectId}`;
    const text = `There is no backup ${quoteText(id)}${project}. Check each part of its id, which is ${format}.`;
    throw new RedisBackupError("NotFound", text);
  }

  /** The pinned backup as the API lists it now, and why it cannot be restored if so. */
  async #find(
    query: PinAddress<Args>,
    context: LookupContext,
  ): Promise<{ backup: Backup; flaw: string | undefined } | undefined> {
    const { service } = this.kind;
    const { backups, explain } = await listBackups({ service, query }, context);
    const backup = backups.find(({ backupId }) => backupId === query.backupId);
    if (backup === undefined) return undefined;
    // An API that finds a backup by its id may have ignored the group that was asked for.
    service.assertSingleDatabase([backup], query);
    return { backup, flaw: backup.usable ? undefined : explain(backup) };
  }

  #readAddress(state: PinState): PinAddress<Args> {
    return this.kind.addressing.readState(readPinnedScope(state));
  }
}

/** The address in a state, whose fields are the schema's and were written by this package. */
function readPinnedScope(state: PinState): AddressFields {
  return state as unknown as AddressFields;
}

/** Every resource of the schema. A resource that is missing does not compile. */
export const pinOperations: { readonly [Token in PinToken]: PinOperations } = {
  "ucloud-redis:index:URedisBackupPin": new ServicePins({
    token: "ucloud-redis:index:URedisBackupPin",
    service: uredisService,
    addressing: uredisAddressing,
  }),
  "ucloud-redis:index:UMemBackupPin": new ServicePins({
    token: "ucloud-redis:index:UMemBackupPin",
    service: umemService,
    addressing: umemAddressing,
  }),
};
