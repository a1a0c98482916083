import assert from "node:assert/strict";
import { createDemoFleet, demo, type Simulator, startSimulator } from "../../simulator";
import { pluck } from "../support/knownFleet";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";

const HOUR = 3600;
const SERVICES = [
  {
    name: "getLatestURedisBackup",
    list: "getURedisBackups",
    source: { groupId: demo.uredisGroupId },
    newer: 3,
    states: ["Backuping", "Error", "Expired"],
  },
  {
    name: "getLatestUMemBackup",
    list: "getUMemBackups",
    source: { zone: demo.zone, spaceId: demo.umemSpaceId },
    newer: 2,
    states: ["Starting", "Starting"],
  },
];

describe("the getLatest functions over gRPC", () => {
  let engine: StandInEngine;
  let plugin: PluginProcess;
  let simulator: Simulator;
  const fleet = createDemoFleet({ now: new Date() });

  before(async () => {
    engine = await startEngine();
    simulator = await startSimulator({ fleet, pageCap: 10 });
    // As the engine does: flags come first, and some have a separate value.
    const args = ["--logtostderr", "-v=9", "--tracing", "file:trace", engine.address];
    plugin = await startPlugin({ args, settings: createSettings(simulator) });
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
    engine.close();
  });

  async function find(name: string, args: object): Promise<Latest> {
    return (await plugin.invokeResult(name, args)) as unknown as Latest;
  }

  async function listAll(name: string, args: object): Promise<Backup[]> {
    return (await plugin.invokeResult(name, args)).backups as unknown as Backup[];
  }

  for (const { name, list, source, newer, states } of SERVICES) {
    describe(name, () => {
      it("returns the newest usable backup, and the newer ones with a reason", async () => {
        const newest = await listAll(list, source);
        const result = await find(name, source);
        const { ageSeconds, stale, skipped, region, ...backup } = result;
        assert.deepEqual(backup, newest[newer]);
        assert.deepEqual([stale, region], [false, demo.region]);
        assert.deepEqual(pluck(skipped, "backupId"), pluck(newest.slice(0, newer), "backupId"));
        assert.deepEqual(pluck(skipped, "state").sort(), states);
        assert.ok(skipped.every(({ reason, createdAt }) => reason !== "" && createdAt !== ""));
        const age = (Date.now() - Date.parse(backup.createdAt)) / 1000;
        assert.ok(Number.isInteger(ageSeconds) && Math.abs(ageSeconds - age) < 5, `${ageSeconds} s`);
      });

      it("refuses a backup older than maxAge, and names it, its age and the skipped ones", async () => {
        const { backupId, createdAt, skipped } = await find(name, source);
        await assert.rejects(plugin.invoke(name, { ...source, maxAge: "90m" }), ({ details }: Failure) => {
          assert.match(
            details,
            /^\[StaleBackup\] \S+: newest usable backup is 2[3-5]h( \d+m)? old, maxAge 90m\.\n/,
          );
          for (const text of [backupId, createdAt, "90m", "onStale", ...pluck(skipped, "backupId")]) {
            assert.ok(details.includes(String(text)), `${String(text)} is not in: ${details}`);
          }
          return true;
        });
      });

      it("returns a stale backup with onStale warn, and shows one warning", async () => {
        const seen = engine.messages.length;
        const args = { ...source, maxAge: "90m", onStale: "warn" };
        const { backupId, stale } = await find(name, args);
        assert.equal(stale, true);
        const [warning, ...more] = engine.messages.slice(seen);
        assert.deepEqual([warning?.[0], more], ["warning", []]);
        assert.match(
          warning?.[1] ?? "",
          /^\[StaleBackup\] \S+: newest usable backup is 2[3-5]h( \d+m)? old,/,
        );
        assert.ok(warning?.[1].includes(backupId));
      });
    });
  }

  it("refuse an answer for another group or space", async () => {
    const onAnswer = ({ DataSet, ...answer }: Record<string, unknown>): object => ({
      ...answer,
      DataSet: (DataSet as object[]).map((row) => ({
        ...row,
        GroupId: "uredis-x\n\u001b[31m",
        SpaceId: "y",
      })),
    });
    const other = await startSimulator({ fleet, onAnswer });
    try {
      await plugin.configure(createSettings(other));
      for (const { name, source } of SERVICES) {
        await assert.rejects(plugin.invoke(name, source), ({ details }: Failure) => {
          assert.match(details, /^\[AmbiguousSource\] \S+: ([^\p{Cc}]*\n){3}[^\p{Cc}]*$/u);
          return true;
        });
      }
    } finally {
      await plugin.configure(createSettings(simulator));
      await other.close();
    }
  });

  it("find the copy in another region", async () => {
    const args = { region: demo.otherRegion, regionType: "target", groupId: demo.uredisGroupId };
    const result = await find("getLatestURedisBackup", args);
    assert.deepEqual([result.srcRegionName, result.dstRegionName], [demo.region, demo.otherRegion]);
    assert.ok(result.ageSeconds > 7 * 24 * HOUR);
  });
});

/** The fields of a backup that these tests use. */
interface Backup {
  readonly backupId: string;
  readonly backupName: string;
  readonly state: string;
  readonly createdAt: string;
  readonly usable: boolean;
}

/** The fields of a chosen backup that these tests use. */
interface Latest extends Backup {
  readonly groupId?: string;
  readonly srcRegionName?: string;
  readonly dstRegionName?: string;
  readonly ageSeconds: number;
  readonly stale: boolean;
  readonly skipped: readonly { readonly reason: string; readonly createdAt: string }[];
  readonly region: string;
}

/** The part of grpc-js's error that users see. */
interface Failure extends Error {
  readonly details: string;
}
