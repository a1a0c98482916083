/**
 * A small model of Pulumi's engine: one stack with one resource. It keeps state as the engine does, which was
 * tried on the real one: see each method.
 */

import assert from "node:assert/strict";
import type { PropertyMap } from "../../provider/plugin/codec";
import { PartialStateError } from "../../provider/plugin/partialState";
import type { ResourceState } from "../../provider/plugin/resources";
import { RedisBackupError } from "../../provider/ucloud/errors";
import type { Calls } from "./providerCalls";

/** A resource in state. One with `initErrors` is updated by the next `up`, whatever its comparison says. */
export interface Held extends ResourceState {
  readonly initErrors: readonly string[];
}

/** What an operation did, or how it ended. `error` is all that the user read of it. */
export interface Ending {
  readonly did: "created" | "updated" | "replaced" | "same" | "failed" | "killed" | "deleted" | "read";
  readonly error: string;
}

/** How `up` is run. */
export interface UpOptions {
  /** As `customTimeouts` give it. */
  readonly timeoutSeconds?: number;
  /** `--replace`: the provider is not asked to compare. */
  readonly isReplaced?: boolean;
  /** `--continue-on-error`: old resources are deleted although something failed. */
  readonly continuesOnError?: boolean;
  /** How often a hook of the program repeats a creation that failed. */
  readonly repeats?: number;
}

/** What a stack needs of its surroundings. */
export interface Surroundings {
  /** Runs an operation with the calls of a provider of its own, and audits the cloud after it. */
  operate(stack: Stack, task: (calls: Calls) => Promise<Ending>): Promise<Ending>;
  /** Shows a message of the engine. */
  say(text: string): void;
  /** Called before `held` is deleted, with whether the user wants it deleted. */
  announceDeletion(held: Held, isWanted: boolean): void;
}

/** A call that failed without any state to keep. */
class Failure extends Error {}

/** A stack with one resource, of the type of this model's constructor. */
export class Stack {
  /** The resource in state. */
  current: Held | undefined;
  /** Those that were replaced and are not deleted yet. */
  replaced: Held[] = [];
  /** The inputs of a pending creation: set, `takeOver` is `pulumi refresh --import-pending-creates`. */
  pendingCreation: PropertyMap | undefined;
  /** The ids that were taken over. */
  readonly takenOver: string[] = [];
  readonly urn: string;

  constructor(
    private readonly surroundings: Surroundings,
    type: string,
    stackName = "prod",
  ) {
    this.urn = `urn:pulumi:${stackName}::shop::ucloud-redis:index:${type}::orders`;
  }

  /** Everything in state. */
  get held(): readonly Held[] {
    return [...(this.current === undefined ? [] : [this.current]), ...this.replaced];
  }

  /** `pulumi up`. */
  up(program: PropertyMap, options: UpOptions = {}): Promise<Ending> {
    return this.surroundings.operate(this, async (calls) => {
      let ending: Ending;
      try {
        ending = await this.#step(calls, program, options);
      } catch (error) {
        ending = this.#fail(error);
      }
      if (ending.did === "killed") return ending;
      if (ending.did === "failed" && options.continuesOnError !== true) return ending;
      const deleted = await this.#deleteReplaced(calls);
      return ending.did === "failed" || deleted === "" ? ending : { did: "failed", error: deleted };
    });
  }

  /** `pulumi preview`. */
  preview(program: PropertyMap): Promise<Ending> {
    return this.surroundings.operate(this, async (calls) => {
      try {
        const inputs = await this.#check(calls, program, this.current);
        if (this.current === undefined) await calls.create({ urn: this.urn, inputs, isPreview: true });
        else await this.#compare(calls, this.current, inputs);
        return { did: "same", error: "" };
      } catch (error) {
        return this.#fail(error);
      }
    });
  }

  /** `pulumi refresh`. A failed one keeps what is in state; one that is not ready is a warning. */
  refresh(): Promise<Ending> {
    return this.surroundings.operate(this, async (calls) => {
      if (this.current === undefined) return { did: "same", error: "" };
      try {
        const read = await calls.read({ urn: this.urn, ...this.current });
        this.current = read.id === "" ? undefined : { ...read, initErrors: [] };
        return { did: "read", error: "" };
      } catch (error) {
        if (error instanceof PartialStateError) this.#keepPartial(error);
        return this.#fail(error);
      }
    });
  }

  /** `pulumi destroy`. */
  destroy(): Promise<Ending> {
    return this.surroundings.operate(this, async (calls) => {
      const failed = await this.#deleteReplaced(calls, true);
      const { current } = this;
      if (current === undefined) return { did: failed === "" ? "deleted" : "failed", error: failed };
      this.surroundings.announceDeletion(current, true);
      try {
        await calls.delete({ urn: this.urn, ...current });
        this.current = undefined;
        return { did: failed === "" ? "deleted" : "failed", error: failed };
      } catch (error) {
        return this.#fail(error);
      }
    });
  }

  /** `pulumi import`. It ends with a check and a comparison of what was read. */
  takeOver(id: string): Promise<Ending> {
    return this.surroundings.operate(this, async (calls) => {
      try {
        const inputs = this.pendingCreation ?? {};
        const read = await calls.read({ urn: this.urn, id, properties: {}, inputs });
        assert.notEqual(read.id, "", `${id} cannot be imported`);
        const imported = { ...read, initErrors: [] };
        if (this.pendingCreation === undefined) {
          const checked = await this.#check(calls, read.inputs, imported);
          const { replaces } = await this.#compare(calls, imported, checked);
          assert.deepEqual(replaces, []);
        }
        this.pendingCreation = undefined;
        this.current = imported;
        this.takenOver.push(read.id);
        return { did: "read", error: "" };
      } catch (error) {
        return this.#fail(error);
      }
    });
  }

  /** The state file is lost. */
  loseState(): void {
    this.current = undefined;
    this.replaced = [];
  }

  async #step(calls: Calls, program: PropertyMap, options: UpOptions): Promise<Ending> {
    const inputs = await this.#check(calls, program, this.current);
    const old = this.current;
    if (old === undefined) return this.#create(calls, inputs, options);
    if (options.isReplaced === true) return this.#replace(calls, { old, program }, options);
    const { replaces, updates } = await this.#compare(calls, old, inputs);
    if (replaces.length > 0) return this.#replace(calls, { old, program }, options);
    if (updates.length === 0 && old.initErrors.length === 0) return { did: "same", error: "" };
    const { urn } = this;
    const { timeoutSeconds } = options;
    const change = { urn, timeoutSeconds, id: old.id, olds: old.properties, oldInputs: old.inputs };
    try {
      const properties = await calls.update({ ...change, news: inputs, isPreview: false });
      this.current = { id: old.id, inputs, properties, initErrors: [] };
      return { did: "updated", error: "" };
    } catch (error) {
      if (error instanceof PartialStateError) {
        // The engine keeps the id and the inputs of before.
        const { properties } = error.partial.state;
        this.current = { ...old, properties, initErrors: error.reasons };
      }
      throw error;
    }
  }

  /** Creation of what is not in state. */
  async #create(calls: Calls, inputs: PropertyMap, options: UpOptions): Promise<Ending> {
    try {
      const made = await this.#callCreate(calls, inputs, options);
      this.current = { ...made, inputs, initErrors: [] };
      return { did: "created", error: "" };
    } catch (error) {
      if (error instanceof PartialStateError) this.#keepPartial(error, inputs);
      throw error;
    }
  }

  /** Creation, then deletion. The arguments are checked anew, without the old ones. */
  async #replace(
    calls: Calls,
    { old, program }: { readonly old: Held; readonly program: PropertyMap },
    options: UpOptions,
  ): Promise<Ending> {
    const inputs = await this.#check(calls, program, undefined);
    try {
      const made = await this.#callCreate(calls, inputs, options);
      this.current = { ...made, inputs, initErrors: [] };
      this.replaced.push(old);
      return { did: "replaced", error: "" };
    } catch (error) {
      if (error instanceof PartialStateError) {
        this.#keepPartial(error, inputs);
        this.replaced.push(old);
      } else if (options.continuesOnError === true) {
        await this.#deleteOld(calls, old);
      }
      throw error;
    }
  }

  /** Under `--continue-on-error` the engine deletes the old resource although nothing replaced it. */
  async #deleteOld(calls: Calls, old: Held): Promise<void> {
    this.surroundings.announceDeletion(old, false);
    try {
      await calls.delete({ urn: this.urn, ...old });
      this.current = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }

  async #callCreate(
    calls: Calls,
    inputs: PropertyMap,
    { timeoutSeconds, repeats = 0 }: UpOptions,
  ): Promise<ResourceState> {
    for (let left = repeats; ; left--) {
      try {
        return await calls.create({ urn: this.urn, inputs, isPreview: false, timeoutSeconds });
      } catch (error) {
        if (left <= 0) throw error;
        this.#fail(error);
      }
    }
  }

  async #check(calls: Calls, news: PropertyMap, old: Held | undefined): Promise<PropertyMap> {
    const { inputs, failures } = await calls.check({ urn: this.urn, news, olds: old?.inputs ?? {} });
    if (failures.length === 0) return inputs;
    throw new Failure(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }

  #compare(calls: Calls, old: Held, news: PropertyMap): ReturnType<Calls["diff"]> {
    return calls.diff({ urn: this.urn, id: old.id, olds: old.properties, oldInputs: old.inputs, news });
  }

  /** @returns the errors */
  async #deleteReplaced(calls: Calls, isDestroyed = false): Promise<string> {
    const errors: string[] = [];
    const isReady = this.current !== undefined && this.current.initErrors.length === 0;
    for (const old of this.replaced) {
      this.surroundings.announceDeletion(old, isDestroyed || isReady);
      try {
        await calls.delete({ urn: this.urn, ...old });
        this.replaced = this.replaced.filter((each) => each !== old);
      } catch (error) {
        errors.push(this.#fail(error).error);
      }
    }
    return errors.join("\n");
  }

  #keepPartial(error: PartialStateError, inputs?: PropertyMap): void {
    const { state } = error.partial;
    this.current = { ...state, inputs: inputs ?? state.inputs, initErrors: error.reasons };
  }

  /** Shows an error as the engine does: of a resource that is not ready, only its reasons. */
  #fail(error: unknown): Ending {
    const isKnown = error instanceof RedisBackupError || error instanceof Failure;
    if (!isKnown) {
      const { code } = error as { readonly code?: unknown };
      // grpc-js: the plugin's process is gone.
      if (code === 14) return { did: "killed", error: "" };
      throw error;
    }
    const text = error instanceof PartialStateError ? error.reasons.join("\n") : error.message;
    this.surroundings.say(text);
    return { did: "failed", error: text };
  }
}
