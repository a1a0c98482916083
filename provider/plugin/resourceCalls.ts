/** What the plugin does for the engine's calls about resources, on plain values. */

import { describeFailure } from "../backups/arguments";
import { runRestore, type RestoreSession } from "../engine/restoreSession";
import type { ResourceDiff, RestoreContext } from "../restore/resource";
import schema from "../schema.json";
import { type InputFailure, InvalidInputError, RedisBackupError } from "../ucloud/errors";
import { isSecretWithin, type PropertyMap, type PropertyValue, revealSecrets } from "./codec";
import {
  findResource,
  type HostedResource,
  type ResourceChange,
  type ResourceCheck,
  type ResourceState,
  type ResourceTable,
} from "./resources";
import { PASSWORD } from "./secretMarks";

/** A call about one resource, whose type is part of its URN. */
interface ResourceCall {
  readonly urn: string;
  /** From the user's `customTimeouts`. @default each operation's own */
  readonly timeoutSeconds?: number | undefined;
}

/** A call, and whether it waits for a running backup. */
type Run = ResourceCall & Pick<RestoreSession, "waits">;

/** The inputs to keep in state, and why some were refused. */
export interface CheckOutcome {
  readonly inputs: PropertyMap;
  readonly failures: readonly InputFailure[];
}

/** Brings what all calls share. Fails if the settings are refused. */
export type OpenSession = () => Omit<RestoreSession, "urn" | "timeoutSeconds" | "waits">;

/** The state of a resource that is gone. */
const GONE: ResourceState = { id: "", properties: {}, inputs: {} };

/** The engine's calls about resources. */
export class ResourceCalls {
  constructor(
    private readonly table: ResourceTable,
    private readonly openSession: OpenSession,
  ) {}

  /** Checks the known arguments, and completes them. */
  async check({ urn, ...request }: ResourceCall & ResourceCheck): Promise<CheckOutcome> {
    try {
      const inputs = await this.#run({ urn }, (resource, context) => resource.check(request, context));
      return { inputs, failures: [] };
    } catch (error) {
      const failures = explainRefusal(error, (property) => findSecret(request.news, property));
      return { inputs: request.news, failures };
    }
  }

  /** Returns the changed arguments that replace the resource, and those that only update it. */
  diff({ urn, ...change }: ResourceCall & ResourceChange): Promise<ResourceDiff> {
    return this.#run({ urn }, (resource, context) => resource.diff(change, context));
  }

  create({
    urn,
    timeoutSeconds,
    ...request
  }: ResourceCall & Parameters<HostedResource["create"]>[0]): Promise<ResourceState> {
    const { isPreview } = request;
    // Only here. Where Diff plans a replacement, what there is now must do: the engine may delete the old one first.
    const waits = isPreview ? "announce" : "wait";
    return this.#runChange({ urn, timeoutSeconds, waits, isPreview }, (resource, context) =>
      resource.create(request, context),
    );
  }

  /** Returns a state without an id if the resource is gone. */
  read({ urn, timeoutSeconds, ...state }: ResourceCall & ResourceState): Promise<ResourceState> {
    return this.#run({ urn, timeoutSeconds }, async (resource, context) => {
      return (await resource.read(state, context)) ?? GONE;
    });
  }

  update({
    urn,
    timeoutSeconds,
    ...change
  }: ResourceCall & Parameters<HostedResource["update"]>[0]): Promise<PropertyMap> {
    return this.#runChange({ urn, timeoutSeconds, isPreview: change.isPreview }, (resource, context) =>
      resource.update(change, context),
    );
  }

  delete({ urn, timeoutSeconds, ...state }: ResourceCall & ResourceState): Promise<void> {
    return this.#run({ urn, timeoutSeconds }, (resource, context) => resource.delete(state, context));
  }

  /** Runs a Create or Update, and remembers whether it failed: then nothing of its URN may be deleted. */
  async #runChange<Result>(
    { isPreview, ...call }: Run & { readonly isPreview: boolean },
    task: (resource: HostedResource, context: RestoreContext) => Promise<Result> | Result,
  ): Promise<Result> {
    if (isPreview) return this.#run(call, task);
    return this.#run(call, async (resource, context) => {
      try {
        const result = await task(resource, context);
        context.attempts.clearFailed(call.urn);
        return result;
      } catch (error) {
        context.attempts.markFailed(call.urn);
        throw error;
      }
    });
  }

  /** Runs a task whose messages are shown at the resource. */
  async #run<Result>(
    { urn, timeoutSeconds, waits }: Run,
    task: (resource: HostedResource, context: RestoreContext) => Promise<Result> | Result,
  ): Promise<Result> {
    const resource = this.#require(urn);
    const session = { ...this.openSession(), urn, timeoutSeconds, waits };
    return runRestore(session, (context) => task(resource, context));
  }

  #require(urn: string): HostedResource {
    const type = readType(urn);
    const resource = findResource(type, this.table);
    if (resource !== undefined) return resource;
    throw new RedisBackupError(
      "InvalidArgument",
      `This version (${schema.version}) has no resource ${type}.`,
    );
  }
}

/** The type in `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function readType(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/**
 * The failures of refused arguments.
 *
 * @param getSecret the bare value of a property if it is a secret
 * @throws any other error
 */
export function explainRefusal(
  error: unknown,
  getSecret?: (property: string) => PropertyValue | undefined,
): readonly InputFailure[] {
  if (!(error instanceof InvalidInputError) || error.code !== "InvalidArgument") throw error;
  return error.failures.map((failure) => describeFailure(failure, getSecret?.(failure.property)));
}

/** The value of the argument that `property` (`source.groupId`) is a part of, if it is or may be a secret. */
function findSecret(news: PropertyMap, property: string): PropertyValue | undefined {
  const name = Object.hasOwn(news, property) ? property : (property.split(/[.[]/)[0] ?? "");
  const value = news[name] ?? null;
  return name === PASSWORD || isSecretWithin(value) ? revealSecrets(value) : undefined;
}
