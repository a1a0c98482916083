/**
 * What a pin does in the process that serves Pulumi's dynamic resources. The serialized provider in state only names
 * this module; neither settings nor connections are part of it.
 *
 * A dynamic resource is not asked to create itself in a preview, but it is asked to check its inputs. So the choice is
 * made there, and becomes part of the inputs, which Pulumi shows and keeps. A plan (`up --plan`) compares inputs, so
 * what changes by the minute is added when the pin is created, in the same process.
 */

import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import {
  collectFailures,
  describeFailure,
  type RawArguments,
  type ResourceToken,
} from "../backups/arguments";
import type { LookupContext } from "../backups/lookup";
import type { PinState } from "../backups/pinChanges";
import { describeKeptScope } from "../backups/pinMessages";
import { pinOperations } from "../backups/pins";
import { isUnknownString } from "../engine/unknowns";
import { RedisBackupError } from "../ucloud/errors";
import { createContext, type ReadConfig } from "./connection";
import { type EngineMessage, tellEngine } from "./engineMessages";

/** The names of the arguments that were given, among inputs that also hold what was chosen. */
const GIVEN = "__given";
/** The provider's own source, which Pulumi keeps in each dynamic resource. */
const PROVIDER = "__provider";

/** What of a choice is not the same a minute later, although the backup is. */
const MOVING: ReadonlySet<string> = new Set(["ageSeconds", "stale", "skipped"]);

type Values = Readonly<Record<string, unknown>>;

/** Serves the pins of one type. Pulumi calls `configure` first, once in a process. */
export function openPinProvider(token: ResourceToken): Required<dynamic.ResourceProvider> {
  const service = pinOperations[token];
  let readConfig: ReadConfig = () => undefined;
  /** What was chosen in this process, by the inputs that it became. */
  const choices: { inputs: Values; state: PinState }[] = [];
  const findChoice = (inputs: Values): PinState | undefined =>
    choices.find((choice) => isDeepStrictEqual(choice.inputs, dropProvider(inputs)))?.state;

  /** Runs a task with all it needs; what it has to say is shown before its outcome. */
  async function run<T>(task: (context: LookupContext) => T | Promise<T>): Promise<T> {
    const messages: EngineMessage[] = [];
    const warn = (text: string): void => void messages.push({ severity: "WARNING", text });
    const inform = (text: string): void => void messages.push({ severity: "INFO", text });
    try {
      return await task(createContext(readConfig, warn, [], inform));
    } catch (error) {
      throw error instanceof RedisBackupError ? hideStack(error) : error;
    } finally {
      await Promise.all(messages.map(tellEngine));
    }
  }

  return {
    configure({ config }) {
      readConfig = (key) => config.get(key);
      return Promise.resolve();
    },

    check(olds: Values, news: Values) {
      return run(async (context) => {
        const { args, pending } = readArguments(news);
        const failures = collectFailures(() => service.check({ args, unknown: pending }, context));
        // Pulumi takes the marks of secrets off before it asks, so each value may be one.
        const shown = failures.map((failure) => describeFailure(failure, news[failure.property]));
        if (shown.length > 0) return { inputs: { ...news }, failures: shown };
        const given = [...Object.keys(args), ...pending];
        const unknown = Object.fromEntries([...pending].map((name) => [name, news[name]]));
        const state = readState(olds);
        if (state !== undefined && compare(olds, args, state, context, pending).replaces.length === 0) {
          return { inputs: { ...service.update(state, args), ...unknown, [GIVEN]: given } };
        }
        if (pending.size > 0) return { inputs: { ...news } };
        const { state: chosen } = await service.choose(args, context);
        const inputs = { ...selectFields(chosen, (name) => !MOVING.has(name)), [GIVEN]: given };
        // Pulumi checks what it replaces twice, and does not say whether this is a preview.
        if (findChoice(inputs) === undefined) context.inform(`Chose ${service.describe(chosen, context)}`);
        choices.unshift({ inputs, state: chosen });
        // Pulumi adds to what it gets.
        return { inputs: { ...inputs } };
      });
    },

    diff(_id, olds: Values, news: Values) {
      return run((context) => {
        const { args, pending } = readArguments(news);
        const state = readState(olds) ?? {};
        const { replaces, updates } = compare(olds, args, state, context, pending);
        const kept = replaces.length > 0 ? undefined : describeKeptScope({ args, state, context });
        if (kept !== undefined) context.inform(kept);
        return { changes: replaces.length + updates.length > 0, replaces: [...replaces] };
      });
    },

    create: (inputs: Values) => {
      const state = findChoice(inputs) ?? { stale: false, skipped: [] };
      const outs = { ...inputs, ...selectFields(state, (name) => MOVING.has(name)) };
      return Promise.resolve({ id: service.formatId(inputs), outs });
    },

    update: (_id, olds: Values, news: Values) => {
      const { args } = readArguments(news);
      return Promise.resolve({
        outs: { ...service.update(readState(olds) ?? {}, args), [GIVEN]: news[GIVEN] },
      });
    },

    async read(id, props: Values = {}) {
      return run(async (context) => {
        const state = readState(props);
        if (state !== undefined) {
          const refreshed = await service.refresh({ id, state }, context);
          return { id, props: { ...refreshed, [GIVEN]: props[GIVEN] } };
        }
        const adopted = await service.import(id, context);
        return { id, props: { ...adopted.state, [GIVEN]: Object.keys(adopted.args) } };
      });
    },

    delete: () => Promise.resolve(),
  };

  function compare(
    olds: Values,
    news: RawArguments,
    state: PinState,
    context: LookupContext,
    unknown: ReadonlySet<string>,
  ): ReturnType<typeof service.compare> {
    const { args } = readArguments(olds);
    return service.compare({ olds: args, news, state, context, unknown });
  }
}

/** Pulumi prints the text of an error and its stack, then shows its message as well. */
function hideStack({ message }: RedisBackupError): Error {
  return Object.assign(new Error(message), { stack: message, toString: () => "ucloud-redis" });
}

/** The arguments among inputs or outputs, and the names of those that are not known yet. */
function readArguments(values: Values): { args: RawArguments; pending: ReadonlySet<string> } {
  const given = Array.isArray(values[GIVEN]) ? new Set(values[GIVEN]) : undefined;
  const entries = Object.entries(values).filter(
    ([name]) => given?.has(name) ?? (name !== PROVIDER && name !== GIVEN),
  );
  const pending = new Set(entries.filter(([, value]) => isUnknownWithin(value)).map(([name]) => name));
  return { args: Object.fromEntries(entries.filter(([name]) => !pending.has(name))), pending };
}

/** What is kept of a pin, or undefined where nothing was chosen yet. */
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

function isUnknownWithin(value: unknown): boolean {
  if (typeof value === "string") return isUnknownString(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknownWithin);
}
