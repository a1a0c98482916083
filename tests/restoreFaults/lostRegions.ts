/** Faults of a region while one of several locations is restored in. */

import assert from "node:assert/strict";
import type { PropertyMap } from "../../provider/plugin/codec";
import { addBackups, demo } from "../../simulator";
import { breakCreation } from "./creations";
import { group } from "./kinds";
import { fail, type RestoreFault, up, type Variant } from "./restoreFaultCase";
import type { Stack } from "./stack";
import { decideCreation } from "./waits";
import type { World } from "./world";

/** What a run needs: the home region can be lost and come back. */
interface Scene {
  readonly world: World;
  readonly stack: Stack;
  readonly program: PropertyMap;
  readonly home: { isLost: boolean };
}

/** A group that is restored at home, or else from its copy in the standby region. */
function restoreAnywhere(run: (scene: Scene) => Promise<void>): Variant[] {
  return [
    {
      title: "group",
      async run(world) {
        addCopies(world);
        const home = { isLost: true };
        world.simulator.injectFault({
          kind: "retCode",
          retCode: 130,
          times: Infinity,
          when: ({ parameters }) => home.isLost && parameters.Region === demo.region,
        });
        await run({ world, stack: world.addStack(group.type), program: writeProgram(world), home });
      },
    },
  ];
}

function writeProgram(world: World, more: PropertyMap = {}): PropertyMap {
  const standby = {
    ...{ region: demo.otherRegion, regionType: "target", zone: demo.otherZone },
    ...{ vpcId: "uvnet-standby", subnetId: "subnet-standby" },
  };
  const source = { groupId: world.sourceOf(group), locations: [{ region: demo.region }, standby] };
  return world.program(group, { source, chargeType: "Dynamic", ...more });
}

/** Lets the standby region list copies of the source's backups. */
function addCopies({ simulator }: World): void {
  const copies = simulator.fleet.uredis.map((record) => ({
    ...record,
    region: demo.otherRegion,
    regionType: "target" as const,
    row: {
      ...record.row,
      BackupId: `copy-${record.row.BackupId}`,
      Zone: demo.otherZone,
      SrcRegionName: demo.region,
      DstRegionName: demo.otherRegion,
    },
  }));
  simulator.fleet = addBackups(simulator.fleet, { uredis: copies });
}

/** The home region comes back as soon as the creation in the other one arrives. */
function returnAtCreation({ world, home }: Scene): void {
  world.onRequest = ({ action }) => {
    if (action === group.create) home.isLost = false;
  };
}

function assertInStandby(world: World): void {
  const { region, zone, vpcId } = world.only;
  assert.deepEqual([region, zone, vpcId], [demo.otherRegion, demo.otherZone, "uvnet-standby"]);
  assert.equal(world.countSent(group.create), 1);
}

const one = { made: 1, adopted: 0, leftOver: 0 };
const found = { made: 1, adopted: 1, leftOver: 0 };

export const lostRegions: readonly RestoreFault[] = [
  {
    name: "locations: the first region is lost",
    outcome: "is restored in the second one, where it is changed and deleted as well",
    expected: one,
    variants: restoreAnywhere(async ({ world, stack, program }) => {
      await up(stack, program, "created");
      assertInStandby(world);
      assert.match(world.messages.join("\n"), /in trouble/);
      await up(stack, { ...program, size: group.doubleSize }, "updated");
      assert.equal((await stack.refresh()).did, "read");
      assert.equal(world.only.size, group.doubleSize);
    }),
  },
  {
    name: "locations: the first region is lost after it was chosen",
    outcome: "fails; nothing was made. The next `up` restores in the second one",
    expected: one,
    variants: restoreAnywhere(async ({ world, stack, program, home }) => {
      home.isLost = false;
      world.onRequest = ({ action, parameters }) => {
        if (action === "DescribeUMem" && parameters.ResourceId === undefined) home.isLost = true;
      };
      await fail(stack, program, /RetCode 130[^]*Nothing was created/);
      assert.deepEqual(world.existing, []);
      await up(stack, program, "created");
      assertInStandby(world);
    }),
  },
  {
    name: "locations: answer lost in the second region",
    outcome: "is found there by the name of the attempt, though the first region is back",
    expected: found,
    variants: restoreAnywhere(async (scene) => {
      const { world, stack, program } = scene;
      returnAtCreation(scene);
      breakCreation(world, group, { kind: "lostAnswer", effect: "after" });
      await up(stack, program, "created");
      assertInStandby(world);
    }),
  },
  {
    name: "locations: answer lost there, and a hook repeats the creation",
    outcome: "finds what the first call made, though the first region is back",
    expected: found,
    variants: restoreAnywhere(async (scene) => {
      const { world, stack, program } = scene;
      returnAtCreation(scene);
      decideCreation(world, group, { hiddenLooks: 40 });
      breakCreation(world, group, { kind: "lostAnswer", effect: "after" });
      await up(stack, program, "created", { repeats: 4 });
      assertInStandby(world);
    }),
  },
  {
    name: "locations: answer lost there, and its row appears late",
    outcome: "`[OutcomeUnknown]`; the next `up` finds it there, though the first region is back",
    expected: found,
    variants: restoreAnywhere(async (scene) => {
      const { world, stack, program } = scene;
      returnAtCreation(scene);
      decideCreation(world, group, { hiddenLooks: 40 });
      breakCreation(world, group, { kind: "lostAnswer", effect: "after" });
      await fail(stack, program, /\[OutcomeUnknown\]/);
      for (const { id } of world.existing) world.simulator.changeDatabase(id, { hiddenLooks: 0 });
      await up(stack, program, "updated");
      assertInStandby(world);
    }),
  },
  {
    name: "locations: plugin killed while it creates in the second region",
    outcome: "`[AlreadyExists]` names it, though the first region is back, and how to take it over",
    expected: found,
    variants: restoreAnywhere(async ({ world, stack, program, home }) => {
      world.settings = { projectId: demo.projectId, maxRetries: "0" };
      world.killAt({ action: group.create, effect: "after" });
      await up(stack, program, "killed");
      home.isLost = false;
      await fail(stack, program, /\[AlreadyExists\][\s\S]*pulumi import/);
      assertInStandby(world);
      const { did, error } = await stack.takeOver(`${demo.otherRegion}/${world.only.id}`);
      assert.equal(did, "read", error);
      await up(stack, program, "updated");
      assertInStandby(world);
    }),
  },
  {
    name: "locations: a trigger when the first region is back",
    outcome: "restores there, and deletes the one in the second region",
    expected: { made: 2, adopted: 0, leftOver: 0 },
    variants: restoreAnywhere(async ({ world, stack, home }) => {
      await up(stack, writeProgram(world, { triggers: { drill: "1" } }), "created");
      assertInStandby(world);
      home.isLost = false;
      await up(stack, writeProgram(world, { triggers: { drill: "2" } }), "replaced");
      assert.equal(world.only.region, demo.region);
    }),
  },
];
