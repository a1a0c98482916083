/**
 * The resources that write: what a host calls, and what it brings. Values are bare: the host removes the marks
 * of secrets and unknowns, and puts them back. `password` is always a secret.
 */

import type { KnownArguments, RawArguments } from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import type { Clock } from "../ucloud/clock";
import type { DatabaseReader, DatabaseWriter } from "../ucloud/databases";
import { type ErrorCode, RedisBackupError } from "../ucloud/errors";
import type { Watch } from "../ucloud/watch";
import type { Attempts } from "./attempts";

/** The outputs of a resource, by the schema's names, as the engine keeps them. */
export type ResourceOutputs = Readonly<Record<string, unknown>>;

/** What the host brings to each call. */
export interface RestoreContext extends LookupContext {
  /** Pulumi's name of the resource: the same from run to run. */
  readonly urn: string;
  /** @throws RedisBackupError `MissingCredentials` */
  readonly openDatabases: () => DatabaseApi;
  readonly clock: Clock;
  /** Aborted when the user cancels. Waits end; a write that was sent is still settled. */
  readonly signal: AbortSignal;
  /** The user's `customTimeouts` for this call, in seconds. @default each operation's own */
  readonly timeoutSeconds?: number | undefined;
  /** Replaces the line that Pulumi shows for the resource while it is under way. */
  readonly reportProgress: (text: string) => void;
  /** @default nobody follows the waits */
  readonly onWait?: Watch["onWait"];
  /** What this process has sent so far. */
  readonly attempts: Attempts;
  /** The ids in `UCLOUD_REDIS_SKIP_FINAL_BACKUP`. */
  readonly skipFinalBackup: ReadonlySet<string>;
  /** A fingerprint of the account's public key, to notice that it changed. */
  readonly account: string;
}

/** The calls about databases. */
export interface DatabaseApi {
  readonly reader: DatabaseReader;
  /** Reads that cancelling does not abort, to settle a write that was sent. */
  readonly lastLook: DatabaseReader;
  readonly writer: DatabaseWriter;
}

/** How the engine wants a resource named, by the project's `autonaming` settings. */
export interface Autonaming {
  readonly proposedName: string;
  /** `disable`: a name must be given. `enforce`: the proposed name is taken as it is. */
  readonly mode: "propose" | "enforce" | "disable";
}

/** Arguments to check. */
export interface CheckRequest extends KnownArguments {
  /** The arguments in state. Absent for a resource that is new or is replaced. */
  readonly olds?: RawArguments | undefined;
  readonly autonaming?: Autonaming | undefined;
  /** The same for the preview and the update that follows it. Absent from old engines. */
  readonly randomSeed?: Uint8Array | undefined;
}

/** A resource in state, and the arguments that it is compared with. */
export interface ChangeRequest extends KnownArguments {
  readonly id: string;
  readonly outputs: ResourceOutputs;
  /** The arguments in state. */
  readonly oldArgs: RawArguments;
}

/** What changed arguments bring about. */
export interface ResourceDiff {
  /** The properties that make the engine replace the resource. */
  readonly replaces: readonly string[];
  /** The properties that are changed in place. */
  readonly updates: readonly string[];
}

/** A resource as the engine keeps it. */
export interface ResourceRecord {
  readonly id: string;
  readonly outputs: ResourceOutputs;
}

/** What was read. `args` replace the arguments in state. */
export interface ReadRecord extends ResourceRecord {
  readonly args: RawArguments;
}

/** The operations on one kind of resource. */
export interface WritingResource {
  /**
   * The arguments to keep in state: checked, with a name if none was given, with numbers that YAML made of
   * versions turned back. Unknown ones are not among them; the host adds those as they came.
   *
   * @throws InvalidInputError `InvalidArgument`
   */
  check(request: CheckRequest, context: RestoreContext): Promise<RawArguments>;
  /** @throws RedisBackupError if a replacement would fail, before anything is touched */
  compare(change: ChangeRequest, context: RestoreContext): Promise<ResourceDiff>;
  /**
   * What a creation would make, for a preview: the choice and the preflight run, nothing is sent. Outputs that
   * are not known before are absent; the host shows them as unknown. Those that there will not be are undefined.
   */
  plan(request: KnownArguments, context: RestoreContext): Promise<ResourceOutputs>;
  /** @throws UnfinishedError if something was, or may have been, made that is not ready */
  create(args: RawArguments, context: RestoreContext): Promise<ResourceRecord>;
  /**
   * Reads the resource anew. `outputs` and `args` are empty for an import.
   *
   * @returns undefined if it is certainly gone
   * @throws UnfinishedError if it was never ready and still is not
   */
  read(record: ReadRecord, context: RestoreContext): Promise<ReadRecord | undefined>;
  /** Resumes what is unfinished, then changes in place. In a preview only `previewUpdate` is called. */
  update(change: ChangeRequest, context: RestoreContext): Promise<ResourceOutputs>;
  /** The outputs that an update would have. Sends nothing. */
  previewUpdate(change: ChangeRequest): ResourceOutputs;
  /** `args` are the arguments in state. */
  delete(record: ReadRecord, context: RestoreContext): Promise<void>;
}

/**
 * Something was, or may have been, made, and is not ready. The host hands it to the engine, so that it is kept
 * in state and the next run resumes it.
 */
export class UnfinishedError extends RedisBackupError {
  /** The full reasons, as the engine shows them. */
  readonly reasons: readonly string[];

  constructor(
    code: ErrorCode,
    text: string,
    readonly record: ResourceRecord & { readonly args?: RawArguments },
    reasons: readonly string[] = [],
  ) {
    super(code, text);
    this.reasons = [this.message, ...reasons];
  }
}
