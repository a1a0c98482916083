import assert from "node:assert/strict";
import { join } from "node:path";
import { demo, listSources, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";
import { leaveOut } from "../support/leftOut";
import { preparePython, runScript } from "./pythonEnvironment";

interface Listing {
  readonly action: "DescribeURedisBackup" | "DescribeUMemBackup";
  readonly arguments: Readonly<Record<string, string>>;
  readonly pageSize: number;
}

interface Outcome {
  readonly rows?: readonly Record<string, unknown>[];
  readonly pages?: number;
  readonly error?: { readonly type: string; readonly code: number; readonly requestUuid: string };
}

/** What the client's own models read of a row: it drops the two fields that only the API page's example shows. */
const UNREAD_FIELDS = new Set(["Protocol", "SpaceId"]);

/** Rows in an order of their own, as the client would have read them. */
function sortRows(rows: readonly object[]): string[] {
  const read = (row: object): [string, unknown][] =>
    Object.entries(row).filter(([name]) => !UNREAD_FIELDS.has(name));
  return rows.map((row) => JSON.stringify(read(row).sort())).sort();
}

function listing(action: Listing["action"], query: Record<string, string>, pageSize = 100): Listing {
  return { action, arguments: query, pageSize };
}

/** The one listing that tells whether a request is accepted. */
const anyListing = listing("DescribeURedisBackup", { Region: demo.region, GroupId: demo.uredisGroupId });

describe("the official Python client", function () {
  // Only the first run on a machine installs the client.
  this.timeout(6 * 60_000);

  let python = "";

  before(async function () {
    const environment = await preparePython();
    if ("python" in environment) {
      python = environment.python;
      return;
    }
    leaveOut(this, { need: "the official Python client", why: environment.missing });
  });

  async function runClient(
    simulator: Simulator,
    listings: readonly Listing[],
    keys: { public_key?: string; private_key?: string } = {},
  ): Promise<Outcome[]> {
    const config = {
      base_url: simulator.url,
      public_key: simulator.publicKey,
      private_key: simulator.privateKey,
      max_retries: 0,
      ...keys,
    };
    return (await runScript(python, join(__dirname, "listBackups.py"), { config, listings })) as Outcome[];
  }

  async function use(
    options: SimulatorOptions,
    body: (simulator: Simulator) => Promise<void>,
  ): Promise<void> {
    const simulator = await startSimulator(options);
    try {
      await body(simulator);
    } finally {
      await simulator.close();
    }
  }

  for (const { pageCap, pageSize } of [
    { pageCap: 100, pageSize: 100 },
    { pageCap: 7, pageSize: 20 },
  ]) {
    it(`lists every backup of the demo fleet, ${pageSize} at a time where a page holds ${pageCap}`, async () => {
      await use({ pageCap }, async (simulator) => {
        const { fleet } = simulator;
        const sources = listSources(fleet);
        const listings = sources.map(({ kind, id, region, zone, projectId, regionType }) =>
          kind === "uredis"
            ? listing(
                "DescribeURedisBackup",
                { Region: region, ProjectId: projectId, GroupId: id, RegionType: regionType },
                pageSize,
              )
            : listing(
                "DescribeUMemBackup",
                { Region: region, ProjectId: projectId, Zone: zone, SpaceId: id },
                pageSize,
              ),
        );
        const outcomes = await runClient(simulator, listings);
        const rows = outcomes.flatMap((outcome) => outcome.rows ?? assert.fail(JSON.stringify(outcome)));
        assert.deepEqual(sortRows(rows), sortRows([...fleet.uredis, ...fleet.umem].map(({ row }) => row)));
        assert.deepEqual(
          outcomes.map(({ rows: { length = 0 } = {}, pages }) => [length, pages]),
          sources.map((source) => [source.rows, Math.ceil(source.rows / Math.min(pageCap, pageSize)) + 1]),
        );
        assert.ok(
          simulator.requests.every(({ headers }) => headers["user-agent"]?.includes("Python-SDK/0.11.150")),
        );
      });
    });
  }

  it("may leave the project out", async () => {
    await use({}, async (simulator) => {
      const [outcome] = await runClient(simulator, [anyListing]);
      assert.equal(outcome?.rows?.length, 32);
    });
  });

  it("is refused with a wrong private key", async () => {
    await use({}, async (simulator) => {
      const [outcome] = await runClient(simulator, [anyListing], { private_key: "not-the-key" });
      assert.deepEqual([outcome?.error?.type, outcome?.error?.code], ["RetCodeException", 171]);
      assert.equal(outcome?.error?.requestUuid, simulator.requests[0]?.requestUuid);
      assert.equal(outcome?.rows, undefined);
    });
  });

  it("is refused with an unknown public key", async () => {
    await use({}, async (simulator) => {
      const [outcome] = await runClient(simulator, [anyListing], { public_key: "nobody" });
      assert.deepEqual([outcome?.error?.type, outcome?.error?.code], ["RetCodeException", 172]);
    });
  });

  it("sees every other refusal as an exception too", async () => {
    await use({}, async (simulator) => {
      const { Region } = { Region: demo.region };
      simulator.injectFault({
        kind: "retCode",
        retCode: 153,
        when: ({ parameters }) => parameters.GroupId === "busy",
      });
      simulator.injectFault({
        kind: "status",
        status: 503,
        when: ({ parameters }) => parameters.GroupId === "down",
      });
      const outcomes = await runClient(simulator, [
        listing("DescribeURedisBackup", { Region }),
        listing("DescribeURedisBackup", { Region, RegionType: "sideways" }),
        listing("DescribeURedisBackup", { Region, GroupId: "busy" }),
        listing("DescribeURedisBackup", { Region, GroupId: "down" }),
        listing("DescribeUMemBackup", {
          Region,
          Zone: demo.zone,
          SpaceId: demo.umemSpaceId,
          ProjectId: "org-nobody",
        }),
      ]);
      assert.deepEqual(
        outcomes.map(({ error }) => [error?.type, error?.code]),
        [
          ["RetCodeException", 220],
          ["RetCodeException", 230],
          ["RetCodeException", 153],
          ["HTTPStatusException", 503],
          ["RetCodeException", 292],
        ],
      );
    });
  });
});
