/** Faults of the request that takes a backup: for the resources that take one, and for final backups. */

import assert from "node:assert/strict";
import type { PropertyMap } from "../../provider/plugin/codec";
import { addBackups, demo, type Simulator } from "../../simulator";
import { type BareFault, fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import { group, type Kind, kinds } from "./kinds";
import type { Stack } from "./stack";
import type { World } from "./world";

/** The program of a resource that takes a backup of the source. */
export function writeBackupProgram(world: World, kind: Kind): PropertyMap {
  const id = world.sourceOf(kind);
  return {
    name: "before-release",
    ...(kind === group ? { groupId: id } : { zone: demo.zone, spaceId: id }),
  };
}

/** What a fault of a backup comes to, for a resource and for a final backup. */
interface BackupCase {
  readonly fault?: BareFault;
  /** Prepares the cloud for backups of this database. */
  readonly arrange?: (simulator: Simulator, kind: Kind, databaseId: string) => void;
  /** What the first attempt fails with. @default it succeeds */
  readonly error?: RegExp;
  /** Lets the next attempt succeed. */
  readonly mend?: (world: World, kind: Kind, databaseId: string) => void;
  /** Whether something is in state after the first attempt, which is replaced later. */
  readonly isKept?: boolean;
  readonly sendings: number;
}

function breakBackups(backup: BackupCase): Variant[] {
  return kinds.flatMap((kind): Variant[] => [
    {
      title: `of a ${kind.title}`,
      run: (world) => breakTaken(world, kind, backup),
    },
    {
      title: `final one of a ${kind.title}`,
      run: (world) => breakFinal(world, kind, backup),
    },
  ]);
}

async function breakTaken(world: World, kind: Kind, backup: BackupCase): Promise<void> {
  const stack = world.addStack(kind.backupType);
  const program = writeBackupProgram(world, kind);
  prepare(world, backup, { kind, databaseId: world.sourceOf(kind) });
  if (backup.error === undefined) {
    await up(stack, program, "created");
  } else {
    await fail(stack, program, backup.error);
    assert.equal(stack.held.length, backup.isKept === true ? 1 : 0);
    if (backup.isKept === true) await fail(stack, program, backup.error);
    backup.mend?.(world, kind, world.sourceOf(kind));
    await up(stack, program, backup.isKept === true ? "replaced" : "created");
  }
  assert.equal(world.countSent(kind.backUp), backup.sendings);
}

async function breakFinal(world: World, kind: Kind, backup: BackupCase): Promise<void> {
  const stack = world.addStack(kind.type);
  const program = world.program(kind, { finalBackup: true });
  await up(stack, program, "created");
  const { id } = world.only;
  prepare(world, backup, { kind, databaseId: id });
  const ending = await stack.destroy();
  if (backup.error === undefined) {
    assert.equal(ending.did, "deleted", ending.error);
  } else {
    assert.match(ending.error, /\[FinalBackupFailed\]/);
    assert.match(ending.error, new RegExp(`UCLOUD_REDIS_SKIP_FINAL_BACKUP=${id} `));
    assert.equal(world.only.state, "Running");
    assert.equal(world.countSent(kind.delete), 0);
    backup.mend?.(world, kind, id);
    const { did, error } = await stack.destroy();
    assert.equal(did, "deleted", error);
  }
  assert.equal(world.countSent(kind.backUp), backup.sendings);
  expectFinalBackup(world, stack, id);
}

/** The final backup exists, and a message names it. */
export function expectFinalBackup(world: World, stack: Stack, id: string): void {
  assert.deepEqual(stack.held, []);
  const taken = world.simulator.createdBackups.filter(({ databaseId }) => databaseId === id);
  assert.deepEqual(
    taken.map(({ name }) => name),
    [`final-${id}`],
  );
  for (const each of taken) assert.ok(world.notices.some((text) => text.includes(each.id)));
}

function prepare(
  { simulator }: World,
  { fault, arrange }: BackupCase,
  { kind, databaseId }: { readonly kind: Kind; readonly databaseId: string },
): void {
  if (fault !== undefined) simulator.injectFault({ ...fault, action: kind.backUp });
  arrange?.(simulator, kind, databaseId);
}

/** A backup that somebody took by hand. */
function addManualBackup(
  simulator: Simulator,
  kind: Kind,
  { databaseId, id }: Record<"databaseId" | "id", string>,
) {
  const now = Math.floor(Date.now() / 1000) - 600;
  const place = { region: demo.region, projectId: demo.projectId, zone: demo.zone };
  simulator.fleet = addBackups(
    simulator.fleet,
    kind === group
      ? {
          uredis: [
            {
              ...place,
              regionType: "normal",
              row: {
                ...{ BackupId: id, BackupName: "by-hand", BackupTime: now, BackupSize: 9_000_000 },
                ...{ BackupType: "Manual", State: "Success", GroupId: databaseId, GroupName: "any" },
                ...{ Zone: demo.zone, MemorySize: 4, RedisVersion: "6.0" },
              },
            },
          ],
        }
      : {
          umem: Array.from({ length: 2 }, () => ({
            ...place,
            row: {
              ...{ BackupId: id, BackupName: "by-hand", CreateTime: now, BlockSize: 9_000_000 },
              ...{
                BackupType: "manual",
                State: "Done",
                SpaceId: databaseId,
                BlockCount: 2,
                Protocol: "redis",
              },
            },
          })),
        },
  );
}

/** As many backups by hand as a database may have. */
export function fillManualBackups(simulator: Simulator, kind: Kind, databaseId: string): void {
  for (const id of ["by-hand-1", "by-hand-2", "by-hand-3"])
    addManualBackup(simulator, kind, { databaseId, id });
}

const one = { made: 1, adopted: 0, leftOver: 0 };
const found = { made: 1, adopted: 1, leftOver: 0 };
const UNKNOWN =
  "`[OutcomeUnknown]`, and taken anew from 30 min after the sending; of a final backup `[FinalBackupFailed]`, and nothing is deleted";
const FOUND = "is found by its name among the new ones";
const waitHalfAnHour = (world: World): void => world.clock.pass(31 * 60);

function losePending(fault: BareFault): Variant[] {
  return breakBackups({
    fault,
    error: /\[(OutcomeUnknown|FinalBackupFailed)\]/,
    isKept: true,
    mend: waitHalfAnHour,
    sendings: 2,
  });
}

const survive = (fault: BareFault): Variant[] => breakBackups({ fault, sendings: 1 });

const rows: readonly Omit<RestoreFault, "counts">[] = [
  {
    name: "backup: answer lost before it took effect",
    outcome: UNKNOWN,
    expected: one,
    variants: losePending({ kind: "lostAnswer", effect: "before" }),
  },
  {
    name: "backup: answer lost after it took effect",
    outcome: FOUND,
    expected: found,
    variants: survive({ kind: "lostAnswer", effect: "after" }),
  },
  {
    name: "backup: HTTP 502 before it took effect",
    outcome: "as after a lost answer",
    expected: one,
    variants: losePending({ kind: "status", status: 502, effect: "before" }),
  },
  {
    name: "backup: HTTP 502 after it took effect",
    outcome: FOUND,
    expected: found,
    variants: survive({ kind: "status", status: 502, effect: "after" }),
  },
  {
    name: "backup: RetCode 110 before it took effect",
    outcome: "as after a lost answer",
    expected: one,
    variants: losePending({ kind: "retCode", retCode: 110, effect: "before" }),
  },
  {
    name: "backup: RetCode 110 after it took effect",
    outcome: FOUND,
    expected: found,
    variants: survive({ kind: "retCode", retCode: 110, effect: "after" }),
  },
  {
    name: "backup: RetCode 153",
    outcome: "is sent again",
    expected: one,
    variants: breakBackups({ fault: { kind: "retCode", retCode: 153 }, sendings: 2 }),
  },
  {
    name: "backup: refused (20208)",
    outcome: "fails, and says to delete one in the console; of a final backup `[FinalBackupFailed]`",
    expected: one,
    variants: breakBackups({
      arrange: fillManualBackups,
      error: /RetCode 20208[\s\S]*delete one in the console/,
      mend: ({ simulator }) => simulator.expireBackup("by-hand-1"),
      sendings: 2,
    }),
  },
  {
    name: "backup: empty answer",
    outcome: FOUND,
    expected: found,
    variants: survive({ kind: "raw", body: "", effect: "after" }),
  },
  {
    name: "backup: id missing in the answer",
    outcome: FOUND,
    expected: found,
    variants: survive({ kind: "answerWithoutId" }),
  },
  {
    name: "backup: one of the same name runs already",
    outcome: "a final backup that an earlier deletion began is waited for, and none is taken twice",
    expected: one,
    variants: kinds.map((kind) => ({
      title: kind.title,
      async run(world) {
        const stack = world.addStack(kind.type);
        await up(stack, world.program(kind, { finalBackup: true }), "created");
        const { id } = world.only;
        world.simulator.injectFault({ kind: "outcome", action: kind.backUp, takes: { seconds: 5400 } });
        const { error } = await stack.destroy();
        assert.match(error, /\[FinalBackupFailed\][\s\S]*still/);
        const { did } = await stack.destroy();
        assert.equal(did, "deleted");
        assert.equal(world.countSent(kind.backUp), 1);
        expectFinalBackup(world, stack, id);
      },
    })),
  },
];

export const backups: readonly RestoreFault[] = rows.map((row) => ({ ...row, counts: "backups" }));
