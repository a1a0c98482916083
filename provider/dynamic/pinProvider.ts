/**
 * The operations of a pin, in the process that serves Pulumi's dynamic resources. The serialized provider in
 * state only names this module, and contains no settings or connections.
 *
 * Pulumi does not call `create` of a dynamic resource in a preview, but it calls `check`. So the backup is
 * chosen in `check` and becomes part of the inputs, which Pulumi shows and keeps. A plan (`up --plan`)
 * compares inputs, so the outputs that change by the minute are added in `create`, in the same process.
 */

import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import {
  collectFailures,
  describeFailure,
  nameArgument,
  type PinToken,
  type RawArguments,
} from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import { comparePins, type PinState } from "../backups/pinChanges";
import { type Pin, type PinOperations, pinOperations } from "../backups/pins";
import { LookupLines } from "../engine/lookupLines";
import { type LookupSession, runLookup } from "../engine/lookupSession";
import { comparePinAndInform } from "../engine/pinComparison";
import { splitUnknown } from "../engine/unknowns";
import { RedisBackupError } from "../ucloud/errors";
import { engineLog } from "./engineLog";
import { connections, type ReadConfig, resolveStackSettings } from "./stackSettings";

/** The names of the arguments, in inputs that also contain the chosen backup. */
const GIVEN = "__given";
/** The serialized provider, which Pulumi adds to each dynamic resource. */
const PROVIDER = "__provider";

/**
 * Whether a new choice waits for a running backup. The program adds it in an update: this process is not told
 * whether it serves a preview. `check` takes it off, so that it is in no state and in no plan.
 */
const WAITS = "__waits";

/** The outputs that may differ a minute later for the same backup. */
const VOLATILE_OUTPUTS: ReadonlySet<string> = new Set(["ageSeconds", "stale", "skipped"]);

type Values = Readonly<Record<string, unknown>>;

/** Of this process, which serves one run. */
const lines = new LookupLines();

/** Returns the provider of the pins of one type. Pulumi calls `configure` first, once in a process. */
export function openPinProvider(token: PinToken): Required<dynamic.ResourceProvider> {
  return new PinProvider(pinOperations[token]);
}

class PinProvider implements Required<dynamic.ResourceProvider> {
  #readConfig: ReadConfig = () => undefined;
  /** The backups that were chosen in this process, with the inputs that they became. */
  readonly #choices: { readonly inputs: Values; readonly state: PinState }[] = [];

  /** The arguments by which a backup was chosen in this process, as JSON. */
  readonly #chosen = new Set<string>();

  constructor(private readonly operations: PinOperations) {}

  configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.#readConfig = (key) => config.get(key);
    return Promise.resolve();
  }

  check(olds: Values, given: Values): Promise<dynamic.CheckResult> {
    const { [WAITS]: isUpdate, ...news } = given;
    const waits = isUpdate === true ? "wait" : "announce";
    return this.#run((context) => this.#check({ olds, news }, context), { waits });
  }

  diff(_id: string, olds: Values, news: Values): Promise<dynamic.DiffResult> {
    return this.#run((context) => {
      const { args, unknown } = readArguments(news);
      const oldArgs = readArguments(olds).args;
      const state = readState(olds) ?? {};
      const { replaces, updates } = comparePinAndInform({
        olds: oldArgs,
        news: args,
        state,
        context,
        unknown,
      });
      return { changes: replaces.length + updates.length > 0, replaces: [...replaces] };
    });
  }

  create(inputs: Values): Promise<dynamic.CreateResult> {
    const state = this.#findChoice(inputs) ?? { stale: false, skipped: [] };
    const outs = { ...inputs, ...selectFields(state, (name) => VOLATILE_OUTPUTS.has(name)) };
    return Promise.resolve({ id: this.operations.formatId(inputs), outs });
  }

  update(_id: string, olds: Values, news: Values): Promise<dynamic.UpdateResult> {
    const { args } = readArguments(news);
    const state = this.operations.update(readState(olds) ?? {}, args);
    return Promise.resolve({ outs: { ...state, [GIVEN]: news[GIVEN] } });
  }

  read(id: string, props: Values = {}): Promise<dynamic.ReadResult> {
    // A refresh does not run the program, which otherwise shows the notices.
    return this.#run(
      async (context) => {
        const state = readState(props);
        if (state !== undefined) {
          const refreshed = await this.operations.refresh({ id, state }, context);
          return { id, props: { ...refreshed, [GIVEN]: props[GIVEN] } };
        }
        const imported = await this.operations.import(id, context);
        return { id, props: { ...imported.state, [GIVEN]: Object.keys(imported.args) } };
      },
      { showsNotices: true },
    );
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  async #check(
    { olds, news }: { readonly olds: Values; readonly news: Values },
    context: LookupContext,
  ): Promise<dynamic.CheckResult> {
    const { args, unknown } = readArguments(news);
    const failures = collectFailures(() => this.operations.check({ args, unknown }, context));
    // Pulumi removes the marks of secrets before it calls, so any value may be a secret.
    const shown = failures.map((failure) => describeFailure(failure, news[nameArgument(failure)]));
    if (shown.length > 0) return { inputs: { ...news }, failures: shown };
    const kept = this.#keepChoice(olds, news, context);
    if (kept !== undefined) return { inputs: kept };
    if (unknown.size > 0) return { inputs: { ...news } };
    const { state } = await this.#choose(args, context);
    const inputs = {
      ...selectFields(state, (name) => !VOLATILE_OUTPUTS.has(name)),
      [GIVEN]: Object.keys(args),
    };
    // Pulumi checks a resource that it replaces twice, and does not say whether this is a preview.
    const isNew = this.#findChoice(inputs) === undefined;
    if (isNew) context.inform(`Chose ${this.operations.describe(state, context)}`);
    this.#choices.unshift({ inputs, state });
    // A copy, because Pulumi adds to its inputs.
    return { inputs: { ...inputs } };
  }

  /**
   * The inputs that keep the backup of `olds`, or undefined if there is none or another one has to be chosen.
   */
  #keepChoice(olds: Values, news: Values, context: LookupContext): Values | undefined {
    const state = readState(olds);
    if (state === undefined) return undefined;
    const { args, unknown } = readArguments(news);
    const oldArgs = readArguments(olds).args;
    const { replaces } = comparePins({ olds: oldArgs, news: args, state, context, unknown });
    if (replaces.length > 0) return undefined;
    return {
      ...this.operations.update(state, args),
      ...selectFields(news, (name) => unknown.has(name)),
      [GIVEN]: [...Object.keys(args), ...unknown],
    };
  }

  /**
   * Chooses a backup. Pulumi checks a resource that it replaces twice: the second time nothing is waited for again,
   * nor announced.
   */
  async #choose(args: RawArguments, context: LookupContext): Promise<Pin> {
    const key = JSON.stringify(args);
    const { waiting } = context;
    const again = {
      ...context,
      waiting: waiting?.mode === "wait" ? undefined : waiting,
      inform: () => undefined,
    };
    const pin = await this.operations.choose(args, this.#chosen.has(key) ? again : context);
    this.#chosen.add(key);
    return pin;
  }

  #findChoice(inputs: Values): PinState | undefined {
    const wanted = dropProvider(inputs);
    return this.#choices.find((choice) => isDeepStrictEqual(choice.inputs, wanted))?.state;
  }

  async #run<Result>(
    task: (context: LookupContext) => Result | Promise<Result>,
    { showsNotices = false, waits }: { showsNotices?: boolean } & Pick<LookupSession, "waits"> = {},
  ): Promise<Result> {
    try {
      const settings = resolveStackSettings(this.#readConfig);
      const notices = showsNotices ? settings.notices : [];
      const session = { settings: { ...settings, notices }, connections, log: engineLog, lines, waits };
      return await runLookup(session, task);
    } catch (error) {
      throw error instanceof RedisBackupError ? hideStack(error) : error;
    }
  }
}

/** Pulumi prints both the text of an error with its stack, and its message. */
function hideStack({ message }: RedisBackupError): Error {
  return Object.assign(new Error(message), { stack: message, toString: () => "ucloud-redis" });
}

/** The known arguments in inputs or outputs, and the names of the unknown ones. */
function readArguments(values: Values): {
  readonly args: RawArguments;
  readonly unknown: ReadonlySet<string>;
} {
  const given = Array.isArray(values[GIVEN]) ? new Set(values[GIVEN]) : undefined;
  const isArgument = (name: string): boolean => given?.has(name) ?? (name !== PROVIDER && name !== GIVEN);
  const { known, unknown } = splitUnknown(selectFields(values, isArgument));
  return { args: known, unknown };
}

/** A pin's state, or undefined if no backup was chosen yet. */
function readState(values: Values): PinState | undefined {
  if (!Array.isArray(values[GIVEN])) return undefined;
  return selectFields(values, (name) => name !== PROVIDER && name !== GIVEN);
}

function dropProvider(values: Values): Values {
  return selectFields(values, (name) => name !== PROVIDER);
}

function selectFields(values: Values, isWanted: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
}
