/** The simulated cloud with two databases that have backups, the stacks that restore them, and who counts. */

import assert from "node:assert/strict";
import { openDatabaseApi } from "../../provider/engine/databaseApi";
import { Provider } from "../../provider/plugin/provider";
import { revealProperties } from "../../provider/plugin/codec";
import { createClient } from "../../provider/ucloud/client";
import {
  createDatabases,
  createFleet,
  type Database,
  demo,
  type RecordedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../simulator";
import { createHostEnvironment } from "../support/hostEnvironment";
import { startPlugin } from "../support/pluginProcess";
import { createSettings, type Target } from "../support/simulatedSettings";
import { type Calls, createRemoteCalls } from "./providerCalls";
import { type CloudClock, createCloudClock } from "./cloudClock";
import { type Kind, writeProgram } from "./kinds";
import { type Ending, type Held, Stack, type Surroundings } from "./stack";

/** What the simulator counted. */
export interface Counts {
  /** Databases (or backups) that requests made. */
  readonly made: number;
  /** Those of them whose answer did not arrive, and which came into a state nevertheless. */
  readonly adopted: number;
  /** Those that exist, and are in no state. */
  readonly leftOver: number;
}

/** A moment at which the plugin's process is killed: while this request is held. */
export interface KillMoment {
  readonly action: string;
  readonly effect: "before" | "after";
  /** Only a request that comes after one for this action. */
  readonly following?: string;
}

/** The name of an attempt to create something, written out independently of the provider. */
const ATTEMPT = /-[0-9a-f]{6}-[0-9a-f]{10}$/;
const isWrite = ({ action = "" }: RecordedRequest): boolean => !/^(Describe|Check|Get)/.test(action);

/** Everything that a row of the fault table needs. */
export class World implements Surroundings {
  readonly stacks: Stack[] = [];
  /** Errors, warnings and reasons, as a user reads them. */
  readonly messages: string[] = [];
  /** Other messages, without progress. */
  readonly notices: string[] = [];
  /** Environment variables of the plugin. */
  readonly env: Record<string, string> = {};
  /** Settings besides the usual ones. */
  settings: object = { projectId: demo.projectId };
  /** The API that the plugin is told of. @default the simulator */
  target: Target;
  /** Databases that nobody names at a moment when somebody should. */
  tooMany = 0;
  /** Databases that were deleted and should live. */
  lost = 0;
  /** Whether several stacks run at once, so that the audit has to wait for all. */
  isConcurrent = false;
  /** Whether lists of databases say that there are more than they have. */
  isListIncomplete = false;
  /** The backups before any test changed them. */
  readonly backupsAtFirst: Pick<Simulator["fleet"], "uredis" | "umem">;
  /** Called with each request before it is answered. */
  onRequest: (request: RecordedRequest) => void = () => undefined;
  #provider: Provider | undefined;
  #killMoment: KillMoment | undefined;
  readonly #seenInState = new Map<string, number>();
  readonly #everInState = new Set<string>();
  readonly #wantedDeletions = new Set<string>();
  readonly #removed = new Set<string>();

  private constructor(
    readonly simulator: Simulator,
    readonly clock: CloudClock,
  ) {
    this.target = simulator;
    const { uredis, umem } = simulator.fleet;
    this.backupsAtFirst = { uredis, umem };
  }

  static async open(options: SimulatorOptions = {}): Promise<World> {
    const holder: { world?: World } = {};
    const simulator = await startSimulator({
      fleet: createSources(),
      ...options,
      onRequest: (request) => holder.world?.onRequest(request),
      onAnswer: (answer, { action, parameters }) => {
        const isBent = holder.world?.isListIncomplete === true && action === "DescribeUMem";
        if (isBent && parameters.ResourceId === undefined) answer["TotalCount"] = 1000;
      },
    });
    const world = new World(simulator, createCloudClock(simulator));
    holder.world = world;
    return world;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** Adds a stack with one resource. */
  addStack(type: string, name?: string): Stack {
    const stack = new Stack(this, type, name);
    this.stacks.push(stack);
    return stack;
  }

  /** The id of the database with backups of this kind. */
  sourceOf(kind: Kind): string {
    const wanted = kind.title === "group" ? "uredis" : "umem";
    const source = this.simulator.fleet.databases?.find((each) => each.kind === wanted);
    return source?.id ?? assert.fail("no source");
  }

  /** The ids of the source's backups, newest first. */
  backupsOf(kind: Kind): string[] {
    const { uredis, umem } = this.simulator.fleet;
    const id = this.sourceOf(kind);
    const times =
      kind.title === "group"
        ? uredis
            .filter(({ row }) => row.GroupId === id)
            .map(({ row }) => [row.BackupTime, row.BackupId] as const)
        : umem
            .filter(({ row }) => row.SpaceId === id)
            .map(({ row }) => [row.CreateTime, row.BackupId] as const);
    return [...new Set(times.toSorted(([a], [b]) => b - a).map(([, backupId]) => backupId))];
  }

  program(kind: Kind, more?: Parameters<typeof writeProgram>[2]): ReturnType<typeof writeProgram> {
    return writeProgram(kind, this.sourceOf(kind), more);
  }

  /** The databases that requests made and that exist. */
  get existing(): Database[] {
    return this.simulator.databases.filter(({ createdBy }) => createdBy !== undefined);
  }

  /** The only database that requests made and that exists. */
  get only(): Database {
    assert.equal(this.existing.length, 1);
    return this.existing[0] ?? assert.fail();
  }

  /** How many requests for an action arrived. */
  countSent(action: string): number {
    return this.simulator.requests.filter((request) => request.action === action).length;
  }

  /** How many requests arrived that write. */
  countWrites(): number {
    return this.simulator.requests.filter(isWrite).length;
  }

  /** Removes a database as if in the console. */
  async remove(id: string): Promise<void> {
    this.#removed.add(id);
    await this.simulator.deleteDatabase(id);
  }

  cancel(): void {
    this.#provider?.cancel();
  }

  /** Lets the next operation run in a process of its own, which is killed at that moment. */
  killAt(moment: KillMoment): void {
    this.#killMoment = moment;
  }

  say(text: string): void {
    this.messages.push(text);
  }

  announceDeletion({ id: heldId, properties }: Held, isWanted: boolean): void {
    const { groupId, spaceId, readyAt } = revealProperties(properties);
    const id = groupId ?? spaceId;
    // What never was ready holds nothing that could be lost.
    if (typeof id === "string" && (isWanted || readyAt === undefined)) this.#wantedDeletions.add(id);
    if (id === undefined) {
      for (const database of this.existing) {
        if (heldId.endsWith(`/name=${database.name}`)) this.#wantedDeletions.add(database.id);
      }
    }
  }

  async operate(_stack: Stack, task: (calls: Calls) => Promise<Ending>): Promise<Ending> {
    const moment = this.#killMoment;
    this.#killMoment = undefined;
    const ending = moment === undefined ? await this.#runHere(task) : await this.#runAndKill(task, moment);
    if (ending.did !== "killed" && !this.isConcurrent) this.audit();
    return ending;
  }

  /** Looks for databases that nobody names, and for those that were deleted and should live. */
  audit(): void {
    for (const database of this.existing) {
      if (this.isHeld(database)) {
        this.#seenInState.set(database.id, this.messages.length);
        if (this.isHeld({ ...database, name: "" })) this.#everInState.add(database.id);
      } else if (!this.#isNamed(database)) {
        this.tooMany += 1;
      }
    }
    const deleted = this.simulator.created.filter((each) => each.deletedBy !== undefined);
    this.lost += deleted.filter(({ id }) => !this.#wantedDeletions.has(id)).length;
    const ids = new Set(this.simulator.databases.map(({ id }) => id));
    const sources = this.simulator.fleet.databases ?? [];
    this.lost += sources.filter(({ id }) => !ids.has(id) && !this.#removed.has(id)).length;
  }

  /** Whether a state holds a database, by its id or by the name of the attempt that made it. */
  isHeld({ id, name }: Database): boolean {
    return this.stacks.some(({ held }) =>
      held.some(({ id: heldId, properties }) => {
        const { groupId, spaceId } = revealProperties(properties);
        return (
          [groupId, spaceId].includes(id) || heldId.endsWith(`/${id}`) || heldId.endsWith(`/name=${name}`)
        );
      }),
    );
  }

  countDatabases(): Counts {
    const { created } = this.simulator;
    return {
      made: created.length,
      adopted: created.filter(
        ({ id, createdBy, deletedBy }) =>
          this.#isTakenOver(id) ||
          ((this.#everInState.has(id) || deletedBy !== undefined) && this.#wasLost(createdBy)),
      ).length,
      leftOver: this.existing.filter((each) => !this.isHeld(each)).length,
    };
  }

  /** Counts backups instead. A final one is in no state, and printed for the user to note. */
  countBackups(): Counts {
    const made = this.simulator.createdBackups;
    const isKept = ({ id }: { readonly id: string }): boolean =>
      this.stacks.some(({ held }) => held.some(({ properties }) => properties["backupId"] === id)) ||
      this.notices.some((text) => text.includes(id));
    const leftOver = made.filter((each) => !isKept(each));
    this.tooMany += leftOver.filter(({ id }) => !this.messages.some((text) => text.includes(id))).length;
    return {
      made: made.length,
      adopted: made.filter((each) => isKept(each) && this.#wasLost(each.createdBy)).length,
      leftOver: leftOver.length,
    };
  }

  #isTakenOver(id: string): boolean {
    return this.stacks.some(({ takenOver }) => takenOver.some((each) => each.endsWith(`/${id}`)));
  }

  #isNamed({ id, name }: Database): boolean {
    const since = this.messages.slice(this.#seenInState.get(id) ?? 0);
    return since.some((text) => text.includes(id) || (ATTEMPT.test(name) && text.includes(name)));
  }

  /** Whether the answer to a request did not arrive as it should. */
  #wasLost(number: number | undefined): boolean {
    const request = this.simulator.requests.find((each) => each.number === number);
    return request !== undefined && (request.fault !== undefined || request.abandoned);
  }

  async #runHere(task: (calls: Calls) => Promise<Ending>): Promise<Ending> {
    const { clock } = this;
    const provider = new Provider({
      engineAddress: "in this process",
      environment: () => createHostEnvironment({ env: this.env }),
      now: () => new Date(clock.now()),
      clock,
      createClient: (options) => createClient({ ...options, clock }),
      openDatabases: (options, clients) => openDatabaseApi({ ...options, clock }, clients),
      openLog: () => ({
        warn: (text) => Promise.resolve(void this.messages.push(text)),
        info: (text) => Promise.resolve(void this.notices.push(text)),
        progress: () => Promise.resolve(),
        close: () => undefined,
      }),
    });
    await provider.configure({ ...createSettings(this.target, { maxRetries: "3", ...this.settings }) });
    this.#provider = provider;
    try {
      return await task(provider.resources);
    } finally {
      // Closes the connections that it kept.
      provider.cancel();
      this.#provider = undefined;
    }
  }

  async #runAndKill(
    task: (calls: Calls) => Promise<Ending>,
    { action, effect, following }: KillMoment,
  ): Promise<Ending> {
    const plugin = await startPlugin({ settings: createSettings(this.target, this.settings) });
    try {
      const seen = this.simulator.requests.length;
      const hold = this.simulator.hold({
        action,
        effect,
        when: () =>
          following === undefined ||
          this.simulator.requests.slice(seen).some((request) => request.action === following),
      });
      const running = task(createRemoteCalls(plugin));
      const first = await Promise.race([hold.reached.then(() => "held" as const), running]);
      assert.equal(first, "held", `not killed: ${JSON.stringify(first)}`);
      await plugin.stop();
      hold.drop();
      return await running;
    } finally {
      await plugin.stop();
    }
  }
}

/** A group of 4 GB and a space of two shards of 4 GB, each with two backups that can be restored. */
function createSources(): NonNullable<SimulatorOptions["fleet"]> {
  const fleet = createFleet({
    now: new Date(),
    states: "usable",
    uredis: { backupsPerGroup: 2 },
    umem: { backupsPerSpace: 2, shards: 2 },
  });
  return { ...fleet, databases: createDatabases(fleet) };
}
