/** The lifecycle of pins, step by step on one stack. The expectations are the same for both entry points. */
import assert from "node:assert/strict";
import { demo, removeBackup, type Simulator, startSimulator } from "../../simulator";
import { addNewerBackups, expireBackup, NEWER_ID } from "../support/fleetChanges";
import { Database } from "./database";
import type { EntryPoint, Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { createTwinStack, type Outcome, type Run, TIMEOUT_MS, type TwinStack } from "./twinStack";

const REPLACED = ["create-replacement", "replace", "delete-replaced"];

/** A step and its expectations. */
interface Step {
  readonly title: string;
  /** Changes in the cloud before the step. */
  readonly before?: (simulator: Simulator, stack: TwinStack) => void | Promise<void>;
  readonly command: Run["command"];
  /** Further arguments of both pins, in this step and the following ones. */
  readonly args?: object;
  /** The operations on the pins, and on the database restored from one of them. */
  readonly pins: readonly string[];
  readonly database: readonly string[];
  /** Whether there is any request. */
  readonly asks: boolean;
  readonly check?: (seen: Seen) => void;
}

/** The situation after a step. */
interface Seen {
  readonly outcome: Outcome;
  /** The pins' outputs in state, URedis and UMem. */
  readonly pins: readonly Readonly<Record<string, unknown>>[];
  /** The newest usable backups before anything changed. */
  readonly firstIds: readonly string[];
}

const LOST = [
  new RegExp(`warning: The pinned backup \\S+/${NEWER_ID} is no longer listed`),
  new RegExp(`warning: The pinned backup \\S+/${NEWER_ID} cannot be restored: expired`),
];

const steps: readonly Step[] = [
  {
    title: "a preview shows the real backup",
    command: "preview",
    pins: ["create"],
    database: ["create"],
    asks: true,
    check({ outcome, firstIds: [uredis, umem] }) {
      assert.equal(outcome.resources["uredis"]?.["backupId"], uredis);
      assert.equal(outcome.resources["database"]?.["backupId"], uredis);
      assert.equal(outcome.resources["umem"]?.["backupId"], umem);
    },
  },
  {
    title: "an update pins the backup",
    command: "up",
    pins: ["create"],
    database: ["create"],
    asks: true,
    check({ outcome, pins, firstIds: [uredis = "", umem = ""] }) {
      assert.deepEqual(outcome.outputs["ids"]?.value, [
        `cn-bj2/${demo.uredisGroupId}/${uredis}`,
        `cn-bj2/cn-bj2-04/${demo.umemSpaceId}/${umem}`,
      ]);
      for (const { usable, stale, skipped } of pins)
        assert.deepEqual([usable, stale, (skipped as unknown[]).length > 1], [true, false, true]);
    },
  },
  {
    title: "a newer backup changes nothing, without a request",
    before: addNewerBackups,
    command: "up",
    pins: [],
    database: [],
    asks: false,
  },
  {
    title: "another maxAge and onStale are kept for the next choice",
    command: "up",
    args: { maxAge: "1h", onStale: "error" },
    pins: ["update"],
    database: [],
    asks: false,
    check: ({ pins }) =>
      pins.forEach(({ maxAge, onStale }) => assert.deepEqual([maxAge, onStale], ["1h", "error"])),
  },
  {
    title: "a trigger replaces the pin, once, and the restored database follows",
    command: "up",
    args: { triggers: { restore: "1" } },
    pins: REPLACED,
    database: REPLACED,
    asks: true,
    check: ({ outcome, pins }) => {
      assert.deepEqual(
        pins.map(({ backupId }) => backupId),
        [NEWER_ID, NEWER_ID],
      );
      assert.equal(outcome.outputs["restoredFrom"]?.value, NEWER_ID);
    },
  },
  {
    title: "another selection chooses anew, and the same choice leaves the database alone",
    command: "up",
    args: { triggers: { restore: "1" }, createdAfter: "2020-01-01T00:00:00Z" },
    pins: REPLACED,
    database: [],
    asks: true,
  },
  {
    title: "a refresh keeps a backup that expired or is gone, as unusable and with a warning",
    before: (simulator) => {
      expireBackup(simulator, NEWER_ID);
      const { uredis } = simulator.fleet;
      simulator.fleet = { ...removeBackup(simulator.fleet, NEWER_ID), uredis };
    },
    command: "refresh",
    pins: ["refresh"],
    database: ["refresh"],
    asks: true,
    check({ outcome, pins: [uredis, umem] }) {
      assert.deepEqual([uredis?.["usable"], uredis?.["state"]], [false, "Expired"]);
      assert.deepEqual([umem?.["usable"], umem?.["state"]], [false, "Done"]);
      for (const warning of LOST) assert.match(outcome.text, warning);
    },
  },
  {
    title: "a pin with an unusable backup stays as it is",
    command: "up",
    pins: [],
    database: [],
    asks: false,
    check: ({ pins }) => pins.forEach(({ usable }) => assert.equal(usable, false)),
  },
  {
    title: "a refresh works with the settings in state",
    before: async (_simulator, { stack }) => stack.removeAllConfig(Object.keys(await stack.getAllConfig())),
    command: "refresh",
    pins: ["refresh"],
    database: ["refresh"],
    asks: true,
    check: ({ outcome }) => LOST.forEach((warning) => assert.match(outcome.text, warning)),
  },
  {
    title: "a destroy works with the settings in state, without a request",
    command: "destroy",
    pins: ["delete"],
    database: ["delete"],
    asks: false,
  },
];

/** Runs all steps with both kinds of pin through one entry point, once, and defines a test for each. */
export function describePinLifecycle(entryPoint: EntryPoint): void {
  describe(`the lifecycle of a pin (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    const keys = { publicKey: "a-public-key", privateKey: "a-private-key", securityToken: "a-token" };
    const seen = new Map<string, Seen>();
    let failure: unknown;
    let simulator: Simulator;
    let stack: TwinStack;

    before(requireEngine);
    before(async () => {
      simulator = await startSimulator(keys);
      stack = await createTwinStack(entryPoint, simulator);
      const firstIds = [findNewest(simulator, "uredis"), findNewest(simulator, "umem")];
      for (const step of steps) {
        await step.before?.(simulator, stack);
        const { command, args } = step;
        const program = (args ?? step === steps[0]) ? { program: createProgram(args ?? {}) } : {};
        const outcome = await stack.run({ command, ...program });
        const { uredis, umem } = command === "preview" ? {} : stack.readResources();
        seen.set(step.title, { outcome, firstIds, pins: [uredis?.outputs ?? {}, umem?.outputs ?? {}] });
        // The state files contain the history. After the last step, there is nothing left to export.
        if (step === steps.at(-2) || step === steps.at(-1))
          await stack.assertNothingSecret().catch((error: unknown) => (failure ??= error));
      }
    });
    after(async () => {
      stack.remove();
      await simulator.close();
    });

    for (const { title, pins, database, asks, check } of steps) {
      it(title, () => {
        const what = seen.get(title);
        assert.ok(what);
        const { operations, requests, failed, text } = what.outcome;
        assert.equal(failed, false, text);
        assert.deepEqual(operations["uredis"] ?? [], pins);
        assert.deepEqual(operations["umem"] ?? [], pins);
        assert.deepEqual(operations["database"] ?? [], database);
        assert.equal(requests > 0, asks, `${requests} requests`);
        check?.(what);
      });
    }

    it("neither state nor `pulumi stack export` ever held a key, a token or a signature", () => {
      assert.ok(simulator.requests.length > 0);
      assert.ifError(failure);
    });
  });
}

function createProgram(args: object): NonNullable<Run["program"]> {
  return (twin: Twin) => {
    const uredis = new twin.URedisBackupPin("uredis", { groupId: demo.uredisGroupId, ...args });
    const umem = new twin.UMemBackupPin("umem", { zone: demo.zone, spaceId: demo.umemSpaceId, ...args });
    const { address, backupId } = new Database("database", uredis.backupId);
    return { ids: [uredis.id, umem.id], address, restoredFrom: backupId };
  };
}

/** The id of the newest usable backup, computed independently of the provider. */
function findNewest({ fleet }: Simulator, kind: "uredis" | "umem"): string {
  if (kind === "uredis") {
    const rows = fleet.uredis
      .filter(({ row, regionType }) => row.GroupId === demo.uredisGroupId && regionType === "normal")
      .filter(({ row }) => row.State === "Success")
      .sort((a, b) => b.row.BackupTime - a.row.BackupTime);
    return rows[0]?.row.BackupId ?? "";
  }
  const done = fleet.umem.filter(({ row }) => row.SpaceId === demo.umemSpaceId && row.State === "Done");
  const isWhole = (id: string, count: number): boolean =>
    done.filter(({ row }) => row.BackupId === id).length === count;
  const whole = done.filter(({ row }) => isWhole(row.BackupId, row.BlockCount));
  return whole.sort((a, b) => b.row.CreateTime - a.row.CreateTime)[0]?.row.BackupId ?? "";
}
