/** Faults of the requests that change a database: each of the changes, in place and while one is created. */

import assert from "node:assert/strict";
import { type PropertyMap, Secret } from "../../provider/plugin/codec";
import type { Database } from "../../simulator";
import { type BareFault, fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import { group, type Kind, kinds, SET_STRATEGY } from "./kinds";
import type { World } from "./world";

/** A change, and how the cloud shows it. */
interface Change {
  readonly title: string;
  readonly kind: Kind;
  readonly action: string;
  /** The arguments that bring it about; absent where the creation itself makes it. */
  readonly more?: PropertyMap;
  /** Whether the API shows that it was made. */
  readonly isVisible: boolean;
  readonly show: (database: Database) => unknown;
  readonly shown: unknown;
}

const RENAMED = "orders-renamed";
const OTHER_PASSWORD = "second-Password-2";

const changesInPlace: readonly Change[] = [
  ...kinds.flatMap((kind): Change[] => [
    {
      title: `name of a ${kind.title}`,
      kind,
      action: kind.rename,
      more: { name: RENAMED },
      isVisible: true,
      show: ({ name }) => name,
      shown: RENAMED,
    },
    {
      title: `password of a ${kind.title}`,
      kind,
      action: kind.setPassword,
      more: { password: new Secret(OTHER_PASSWORD) },
      isVisible: false,
      show: ({ password }) => password,
      shown: OTHER_PASSWORD,
    },
    {
      title: kind === group ? "size of a group" : "size of a shard",
      kind,
      action: kind.resize,
      more: { size: kind.doubleSize },
      isVisible: true,
      show: ({ size }) => size,
      shown: kind.doubleSize,
    },
  ]),
  {
    title: "backup strategy of a group",
    kind: group,
    action: SET_STRATEGY,
    more: { autoBackup: false, backupHour: 0 },
    isVisible: true,
    show: ({ autoBackup, backupHour }) => [autoBackup, backupHour],
    shown: [false, 0],
  },
];

const changesOfNew: readonly Change[] = kinds.flatMap((kind): Change[] => [
  {
    title: `name of a new ${kind.title}`,
    kind,
    action: kind.rename,
    isVisible: true,
    show: ({ name }) => name,
    shown: "orders-restored",
  },
  {
    title: `password of a new ${kind.title}`,
    kind,
    action: kind.setPassword,
    isVisible: true,
    show: ({ password }) => password,
    shown: "first-Password-1",
  },
]);

/** Lets a change meet a fault, and runs `up` until it is made. Returns how often it was sent. */
async function makeChange(
  world: World,
  change: Change,
  { fault, isRefused }: { readonly fault: BareFault; readonly isRefused: boolean },
): Promise<number> {
  const { kind, action, more, show, shown } = change;
  const stack = world.addStack(kind.type);
  const program = world.program(kind);
  if (more !== undefined) await up(stack, program, "created");
  else world.simulator.injectFault({ kind: "outcome", action: kind.create, ignoresPassword: true });
  const before = world.countSent(action);
  world.simulator.injectFault({ ...fault, action });
  const next = { ...program, ...more };
  if (isRefused) {
    await fail(stack, next, /RetCode 20204/);
    await up(stack, next, "updated");
  } else {
    await up(stack, next, more === undefined ? "created" : "updated");
  }
  assert.deepEqual(show(world.only), shown);
  return world.countSent(action) - before;
}

interface FaultyChanges {
  readonly faults: readonly (BareFault & { readonly title?: string })[];
  /** How often it is sent, if it is one request. */
  readonly sendings: (change: Change) => number;
  readonly isRefused?: boolean;
}

function breakChanges({ faults, sendings, isRefused = false }: FaultyChanges): Variant[] {
  return faults.flatMap(({ title: when, ...fault }) =>
    [...changesInPlace, ...changesOfNew].map((change) => ({
      title: [change.title, ...(when === undefined ? [] : [when])].join(", "),
      async run(world: World) {
        const sent = await makeChange(world, change, { fault, isRefused });
        // A space has two shards.
        const others = change.action === "ResizeUDRedisBlockSize" ? 1 : 0;
        assert.equal(sent, sendings(change) + others);
      },
    })),
  );
}

const once = { made: 1, adopted: 0, leftOver: 0 };
const LOOKED_FOR = "is looked for, and sent again if it does not show";
/** What cannot be seen is sent again. */
const againUnlessVisible = ({ isVisible }: Change): number => (isVisible ? 1 : 2);
const EFFECTS = [
  { effect: "before", title: "before it took effect" },
  { effect: "after", title: "after it took effect" },
] as const;

/** What was sent twice if it had no effect, and once if it had. */
function breakBothWays(fault: BareFault): Variant[] {
  return EFFECTS.flatMap(({ effect, title }) =>
    breakChanges({
      faults: [{ ...fault, effect, title } as BareFault & { readonly title: string }],
      sendings: effect === "before" ? () => 2 : againUnlessVisible,
    }),
  );
}

export const changes: readonly RestoreFault[] = [
  {
    name: "change in place: answer lost before it took effect",
    outcome: "is sent again",
    expected: once,
    variants: breakChanges({ faults: [{ kind: "lostAnswer", effect: "before" }], sendings: () => 2 }),
  },
  {
    name: "change in place: answer lost after it took effect",
    outcome: "is seen in the row, and not sent again; a password that replaces another is sent again",
    expected: once,
    variants: breakChanges({
      faults: [{ kind: "lostAnswer", effect: "after" }],
      sendings: againUnlessVisible,
    }),
  },
  {
    name: "change in place: HTTP 502",
    outcome: LOOKED_FOR,
    expected: once,
    variants: breakBothWays({ kind: "status", status: 502 }),
  },
  {
    name: "change in place: RetCode 110",
    outcome: LOOKED_FOR,
    expected: once,
    variants: breakBothWays({ kind: "retCode", retCode: 110 }),
  },
  {
    name: "change in place: RetCode 153",
    outcome: "is sent again",
    expected: once,
    variants: breakChanges({ faults: [{ kind: "retCode", retCode: 153 }], sendings: () => 2 }),
  },
  {
    name: "change in place: refused",
    outcome: "fails; the next `up` compares with the cloud, and goes on",
    expected: once,
    variants: breakChanges({
      faults: [{ kind: "retCode", retCode: 20204 }],
      sendings: () => 2,
      isRefused: true,
    }),
  },
  {
    name: "change in place: empty answer",
    outcome: LOOKED_FOR,
    expected: once,
    variants: breakChanges({
      faults: [{ kind: "raw", body: "", effect: "after" }],
      sendings: againUnlessVisible,
    }),
  },
];
