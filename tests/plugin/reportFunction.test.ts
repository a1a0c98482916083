import assert from "node:assert/strict";
import {
  createDatabase,
  createDatabases,
  createFleet,
  type Database,
  demo,
  type Fleet,
  type SimulatorOptions,
  startSimulator,
} from "../../simulator";
import type { RecordedRequest, Simulator } from "../../simulator";
import { pluck } from "../support/knownFleet";
import type { InvokeAnswer, Properties } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const NAME = "getRedisBackupReport";
const REGIONS = [demo.region, demo.otherRegion];

/** So many groups and spaces in each of both regions, with backups of the last hours. */
function createTwoRegions({ groups = 2, spaces = 1 } = {}): Fleet {
  const [one, other] = REGIONS.map((region, index) =>
    createFleet({
      ...{ now: new Date(), seed: index + 1, states: "usable" },
      ...{ region, zone: index === 0 ? demo.zone : demo.otherZone },
      uredis: { groups, backupsPerGroup: 2 },
      umem: { spaces, backupsPerSpace: 2, shards: 2 },
    }),
  );
  assert.ok(one !== undefined && other !== undefined);
  const fleet = { ...one, uredis: [...one.uredis, ...other.uredis], umem: [...one.umem, ...other.umem] };
  return { ...fleet, databases: createDatabases(fleet) };
}

function createGroup(id: string, fields: Partial<Database> = {}): Database {
  const place = { region: demo.region, zone: demo.zone, projectId: demo.projectId };
  const size = { size: 1, version: "6.0", createdAt: 1_700_000_000 };
  return createDatabase({ ...place, ...size, kind: "uredis", id, name: id, ...fields });
}

describe("getRedisBackupReport over gRPC", () => {
  let plugin: PluginProcess;

  before(async () => (plugin = await startPlugin()));
  after(() => plugin.stop());

  /** Calls the function with both regions against a fresh simulator. */
  async function report(
    options: SimulatorOptions,
    { args = {}, settings = {}, prepare }: Call = {},
  ): Promise<InvokeAnswer & { requests: readonly RecordedRequest[] }> {
    const simulator = await startSimulator(options);
    try {
      prepare?.(simulator);
      await plugin.configure(createSettings(simulator, settings));
      const answer = await plugin.invoke(NAME, { regions: REGIONS, ...args });
      return { ...answer, requests: simulator.requests };
    } finally {
      await simulator.close();
    }
  }

  async function fail(options: SimulatorOptions, call: Call = {}): Promise<string> {
    const outcome = await report(options, call).catch((error: unknown) => error as { details: string });
    assert.ok("details" in outcome);
    return outcome.details;
  }

  it("reads more than 200 databases in short pages, spaces without AutoBackup too", async () => {
    const fleet = createTwoRegions({ groups: 70, spaces: 35 });
    const { result } = await report({ fleet, pageCap: 15, spaceRowsLack: ["AutoBackup"] });
    const { checked, healthy, faulty, regions } = result as Record<string, unknown>;
    assert.deepEqual([checked, healthy, faulty], [210, 210, 0]);
    assert.deepEqual(pluck(regions, "databases"), [105, 105]);
    const databases = result.databases as Properties[];
    const lacking = databases.filter((each) => each.autoBackup === undefined);
    assert.deepEqual([...new Set(pluck(lacking, "kind"))], ["umem"]);
    assert.equal(lacking.length, 70);
  });

  it("leaves out deleted databases with backups left, and replicas, nested or as rows of their own", async () => {
    const fleet = createTwoRegions();
    const [first, ...rest] = fleet.databases ?? [];
    assert.ok(first);
    const replica = { id: "uredis-replica", name: "replica", zone: demo.zone, state: "Running" };
    const [deleted, ...others] = rest.map((each, index) =>
      index === 1 ? { ...each, replicas: [replica] } : each,
    );
    const row = createGroup("uredis-own-row", { name: "own row" });
    const onAnswer = (answer: Record<string, unknown>): object => ({
      ...answer,
      DataSet: (answer["DataSet"] as Record<string, unknown>[]).map((each) =>
        each["ResourceId"] === row.id ? { ...each, Role: "slave" } : each,
      ),
    });
    const databases = [
      { ...first, isGone: true },
      { ...(deleted ?? first), state: "Deleting" },
      ...others,
      row,
    ];
    const { result } = await report({ fleet: { ...fleet, databases }, onAnswer });
    const expected = others.map(({ id }) => id).sort();
    assert.deepEqual((pluck(result.databases, "id") as string[]).sort(), expected);
  });

  it("shows one database whose lookup fails, and still checks the others", async () => {
    const fleet = createTwoRegions();
    const id = fleet.uredis[0]?.row.GroupId;
    const { result } = await report(
      { fleet },
      {
        args: { onStale: "warn" },
        prepare: (simulator) =>
          simulator.injectFault({
            ...{ kind: "retCode", retCode: 299, times: Infinity },
            when: ({ parameters }) => parameters["GroupId"] === id,
          }),
      },
    );
    const [worst] = result.databases as Properties[];
    assert.deepEqual([worst?.id, worst?.fault, result.healthy, result.faulty], [id, "Forbidden", 5, 1]);
  });

  for (const [what, fault, code] of [
    ["is down", { kind: "status", status: 503 }, "Unavailable"],
    ["hangs", { kind: "hang" }, "Timeout"],
  ] as const) {
    it(`reports on the other region while one ${what}`, async () => {
      const prepare = (simulator: Simulator): void =>
        simulator.injectFault({
          ...{ ...fault, times: Infinity },
          when: ({ parameters }) => parameters["Region"] === demo.otherRegion,
        });
      const call = { prepare, settings: { timeoutSeconds: "1" } };
      const { result } = await report({ fleet: createTwoRegions() }, { ...call, args: { onStale: "warn" } });
      assert.deepEqual([result.healthy, result.faulty], [3, 1]);
      assert.deepEqual(pluck(result.regions, "fault"), [undefined, code]);
      const text = await fail({ fleet: createTwoRegions() }, call);
      const claim = `1 of 2 regions could not be listed in full: ${demo.otherRegion} [${code}]`;
      assert.ok(text.startsWith(`[${code}] ${claim}\n`), text);
    });
  }

  it("says once that the keys are wrong, and shows no secret", async () => {
    const settings = { privateKey: "wrong-private-key-of-this-test" };
    const text = await fail({ fleet: createTwoRegions() }, { settings });
    assert.match(text, /^\[Unauthorized\] none of the 2 regions could be listed, for the same reason: /);
    assert.equal(text.split("RetCode 171").length, 2);
    assert.doesNotMatch(text, /wrong-private|simulator-p|Signature=/);
  });

  it("succeeds while the API throttles", async () => {
    const { result } = await report(
      { fleet: createTwoRegions({ groups: 10 }), maxRequestsPerSecond: 20 },
      { settings: { maxRetries: "5" } },
    );
    assert.deepEqual([result.checked, result.healthy], [22, 22]);
  });

  it("answers with the whole text about 500 faults, which no header would carry", async () => {
    const databases = Array.from({ length: 500 }, (_, index) => createGroup(`uredis-${1000 + index}`));
    const { failures } = await report({ fleet: { ...createTwoRegions(), databases } });
    const [{ property, reason } = { property: "?", reason: "" }, ...more] = failures;
    assert.deepEqual([property, more], ["", []]);
    assert.match(reason, /^\[NoBackups\] 500 of 500 databases have no backup to rely on: /);
    for (const { id } of databases) assert.ok(reason.includes(id), id);
    assert.ok(reason.length > 8000 && reason.length <= 12_100, `${reason.length}`);
  });
});

interface Call {
  readonly args?: object;
  readonly settings?: object;
  readonly prepare?: (simulator: Simulator) => void;
}
