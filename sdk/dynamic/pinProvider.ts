/**
 * What a pin does in the process that serves Pulumi's dynamic resources. The serialized provider in state only names
 * this module; neither settings nor connections are part of it.
 *
 * A dynamic resource is not asked to create itself in a preview, but it is asked to check its inputs. So the choice is
 * made there, and becomes part of the inputs, which Pulumi shows and keeps.
 */

import type { dynamic } from "@pulumi/pulumi";
import {
  collectFailures,
  describeFailure,
  type RawArguments,
  type ResourceToken,
} from "../../provider/backups/arguments";
import type { LookupContext } from "../../provider/backups/lookup";
import { pinServices, type PinState } from "../../provider/backups/pins";
import { isUnknownSentinel } from "../../provider/plugin/sentinels";
import { RedisBackupError } from "../../provider/ucloud/errors";
import { createContext, type ReadConfig } from "./connection";
import { warnEngine } from "./engineWarning";

/** The names of the arguments that were given, among inputs that also hold what was chosen. */
const GIVEN = "__given";
/** The provider's own source, which Pulumi keeps in each dynamic resource. */
const PROVIDER = "__provider";

type Values = Readonly<Record<string, unknown>>;

/** Serves the pins of one type. Pulumi calls `configure` first, once in a process. */
export function openPinProvider(token: ResourceToken): Required<dynamic.ResourceProvider> {
  const service = pinServices[token];
  let readConfig: ReadConfig = () => undefined;

  /** Runs a task with all it needs; its warnings are shown before its outcome. */
  async function run<T>(task: (context: LookupContext) => T | Promise<T>): Promise<T> {
    const warnings: string[] = [];
    try {
      return await task(createContext(readConfig, (text) => warnings.push(text)));
    } catch (error) {
      throw error instanceof RedisBackupError ? hideStack(error) : error;
    } finally {
      await Promise.all(warnings.map(warnEngine));
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
        const failures = collectFailures(() => service.check(args, context, pending));
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
        const chosen = await service.choose(args, context);
        return { inputs: { ...chosen.state, [GIVEN]: given } };
      });
    },

    diff(_id, olds: Values, news: Values) {
      return run((context) => {
        const { args, pending } = readArguments(news);
        const { replaces, updates } = compare(olds, args, readState(olds) ?? {}, context, pending);
        return { changes: replaces.length + updates.length > 0, replaces: [...replaces] };
      });
    },

    create: (inputs: Values) => Promise.resolve({ id: service.formatId(inputs), outs: { ...inputs } }),

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
        const adopted = await service.adopt(id, context);
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
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== PROVIDER && name !== GIVEN));
}

function isUnknownWithin(value: unknown): boolean {
  if (typeof value === "string") return isUnknownSentinel(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknownWithin);
}
