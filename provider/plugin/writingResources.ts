/**
 * The resources that write, as resources of the plugin: strips the engine's marks for the operations of a
 * resource, and marks their results again. A value that comes in as a secret goes out as a secret, `password`
 * in any case, and no message or error shows it.
 */

import { UNKNOWN } from "../engine/unknowns";
import {
  type ChangeRequest,
  type ReadRecord,
  type ResourceRecord,
  type RestoreContext,
  UnfinishedError,
  type WritingResource,
} from "../restore/resource";
import { InvalidInputError, RedisBackupError, rewordError } from "../ucloud/errors";
import { createRedactor, type Redactor } from "../ucloud/redaction";
import { type PropertyMap, type PropertyValue, Secret } from "./codec";
import { PartialStateError } from "./partialState";
import type { HostedResource, ResourceChange, ResourceState } from "./resources";
import { collectSecrets, markSecrets, pickUnknown, splitAndReveal } from "./secretMarks";

/** The property that is a secret however it was given. */
export const PASSWORD = "password";

/** A shorter secret, such as a size, is part of too many other texts to be cut out of them. */
const SHORTEST_CUT = 3;

/** Adapts a resource to the engine's calls. `outputs` are the names of the schema's outputs. */
export function createWritingResource({
  resource,
  outputs,
}: {
  readonly resource: WritingResource;
  readonly outputs: readonly string[];
}): HostedResource {
  return {
    check: ({ news, olds, ...naming }, context) =>
      guard([news, olds], context, async (guarded) => {
        const oldArgs = Object.keys(olds).length === 0 ? undefined : splitAndReveal(olds).args;
        const checked = await resource.check({ ...splitAndReveal(news), olds: oldArgs, ...naming }, guarded);
        return { ...mark(checked, news), ...pickUnknown(news) };
      }),

    diff: (change, context) =>
      guard(listProperties(change), context, (guarded) => resource.compare(readChange(change), guarded)),

    create: ({ inputs, isPreview }, context) =>
      guard([inputs], context, async (guarded) => {
        const { args, unknown } = splitAndReveal(inputs);
        if (isPreview) {
          const planned = await resource.plan({ args, unknown }, guarded);
          const later = outputs.filter((name) => !Object.hasOwn(planned, name));
          const unknowns = Object.fromEntries(later.map((name) => [name, UNKNOWN]));
          return {
            id: "",
            properties: { ...mark({ ...unknowns, ...planned }, inputs), ...pickUnknown(inputs) },
            inputs,
          };
        }
        const created = await keepUnfinished(() => resource.create(args, guarded), {
          inputs,
          marked: [inputs],
        });
        return { ...markRecord(created, inputs), inputs };
      }),

    read: ({ id, properties, inputs }, context) =>
      guard([properties, inputs], context, async (guarded) => {
        const record = readRecord({ id, properties, inputs });
        const marked = [inputs, properties];
        const found = await keepUnfinished(() => resource.read(record, guarded), { inputs, marked });
        return found && { ...markRecord(found, ...marked), inputs: mark(found.args, ...marked) };
      }),

    update: ({ isPreview, ...change }, context) =>
      guard(listProperties(change), context, async (guarded) => {
        const { news, olds, oldInputs } = change;
        const marked = [news, oldInputs, olds];
        const request = readChange(change);
        if (isPreview) return { ...mark(resource.previewUpdate(request), ...marked), ...pickUnknown(news) };
        const update = (): Promise<object> => resource.update(request, guarded);
        return mark(await keepUnfinished(update, { inputs: oldInputs, marked }), ...marked);
      }),

    delete: (state, context) =>
      guard([state.properties, state.inputs], context, (guarded) =>
        resource.delete(readRecord(state), guarded),
      ),
  };
}

function listProperties({ news, oldInputs, olds }: ResourceChange): readonly PropertyMap[] {
  return [news, oldInputs, olds];
}

function readChange({ id, olds, oldInputs, news }: ResourceChange): ChangeRequest {
  return {
    id,
    outputs: splitAndReveal(olds).args,
    oldArgs: splitAndReveal(oldInputs).args,
    ...splitAndReveal(news),
  };
}

function readRecord({ id, properties, inputs }: ResourceState): ReadRecord {
  return { id, outputs: splitAndReveal(properties).args, args: splitAndReveal(inputs).args };
}

function markRecord(
  { id, outputs }: ResourceRecord,
  ...marked: readonly PropertyMap[]
): Omit<ResourceState, "inputs"> {
  return { id, properties: mark(outputs, ...marked) };
}

/** Marks secrets as they were marked before, and the password. */
function mark(values: object, ...marked: readonly PropertyMap[]): PropertyMap {
  const properties = markSecrets(values, ...marked);
  const password: PropertyValue | undefined = properties[PASSWORD];
  if (typeof password !== "string") return properties;
  return { ...properties, [PASSWORD]: new Secret(password) };
}

/** Turns an unfinished record into the state that the engine keeps. */
async function keepUnfinished<Result>(
  task: () => Promise<Result>,
  { inputs, marked }: { readonly inputs: PropertyMap; readonly marked: readonly PropertyMap[] },
): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof UnfinishedError)) throw error;
    const { record, code, reasons } = error;
    const kept = record.args === undefined ? inputs : mark(record.args, ...marked);
    const state = { ...markRecord(record, ...marked), inputs: kept };
    throw new PartialStateError(code, getText(error), { state, moreReasons: reasons.slice(1) });
  }
}

/** Runs a task whose messages and errors show no secret of these properties. */
async function guard<Result>(
  properties: readonly PropertyMap[],
  context: RestoreContext,
  task: (context: RestoreContext) => Promise<Result>,
): Promise<Result> {
  const redact = createSecretsRedactor(properties);
  try {
    return await task({
      ...context,
      warn: (text) => context.warn(redact(text)),
      inform: (text) => context.inform(redact(text)),
      reportProgress: (text) => context.reportProgress(redact(text)),
    });
  } catch (error) {
    throw redactError(error, redact);
  }
}

function createSecretsRedactor(properties: readonly PropertyMap[]): Redactor {
  const passwords = properties.map((each) => each[PASSWORD]).filter((value) => typeof value === "string");
  const secrets = properties.flatMap(collectSecrets).filter(({ length }) => length >= SHORTEST_CUT);
  const all = [...new Set([...passwords, ...secrets])].filter((secret) => secret !== UNKNOWN);
  return all.length === 0 ? (text) => text : createRedactor(all);
}

function redactError(error: unknown, redact: Redactor): unknown {
  if (!(error instanceof RedisBackupError)) return error;
  if (error instanceof PartialStateError) {
    const { state, moreReasons } = error.partial;
    return new PartialStateError(error.code, redact(getText(error)), {
      state,
      moreReasons: moreReasons.map(redact),
    });
  }
  if (error instanceof InvalidInputError && error.code === "InvalidArgument") {
    const failures = error.failures.map(({ property, reason }) => ({ property, reason: redact(reason) }));
    return new InvalidInputError("InvalidArgument", failures);
  }
  return rewordError(error, redact(getText(error)));
}

/** An error's message without its code. */
function getText({ code, message }: RedisBackupError): string {
  return message.slice(`[${code}] `.length);
}
