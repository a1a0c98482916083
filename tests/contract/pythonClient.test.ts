import assert from "node:assert/strict";
import { demo, listSources, type Simulator } from "../../simulator";
import { leaveOut } from "../support/leftOut";
import { withSimulator } from "../support/withSimulator";
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

/** The fields that the client's models drop: only the example of the API page shows them. */
const UNREAD_FIELDS = new Set(["Protocol", "SpaceId"]);

/** Puts rows, reduced to the fields that the client reads, into one order. */
function sortRows(rows: readonly object[]): string[] {
  const read = (row: object): [string, unknown][] =>
    Object.entries(row).filter(([name]) => !UNREAD_FIELDS.has(name));
  return rows.map((row) => JSON.stringify(read(row).sort())).sort();
}

const URedis = "DescribeURedisBackup";
const UMem = "DescribeUMemBackup";
const Region = demo.region;

/** A listing that the simulator accepts if it accepts the keys. */
const anyListing: Listing = {
  action: URedis,
  arguments: { Region, GroupId: demo.uredisGroupId },
  pageSize: 100,
};

describe("the official Python client", function () {
  // The first run on a machine installs the client.
  this.timeout(6 * 60_000);

  let python = "";

  before(async function () {
    const environment = await preparePython();
    if ("missing" in environment) {
      leaveOut(this, { need: "the official Python client", why: environment.missing });
    }
    python = environment.python;
  });

  async function runClient(
    simulator: Simulator,
    { listings = [anyListing], keys = {} }: { listings?: readonly Listing[]; keys?: object },
  ): Promise<Outcome[]> {
    const { url, publicKey, privateKey } = simulator;
    const account = { base_url: url, public_key: publicKey, private_key: privateKey };
    const config = { ...account, max_retries: 0, ...keys };
    const outcomes = await runScript("listBackups.py", { python, input: { config, listings } });
    return outcomes as Outcome[];
  }

  for (const { pageCap, pageSize } of [
    { pageCap: 100, pageSize: 100 },
    { pageCap: 7, pageSize: 20 },
  ]) {
    it(`lists every backup of the demo fleet, ${pageSize} at a time where a page holds ${pageCap}`, () =>
      withSimulator({ pageCap }, async (simulator) => {
        const { fleet } = simulator;
        const sources = listSources(fleet);
        const listings = sources.map(({ kind, id, region, zone, projectId, regionType }): Listing => {
          const scope = { Region: region, ProjectId: projectId };
          return kind === "uredis"
            ? { action: URedis, arguments: { ...scope, GroupId: id, RegionType: regionType }, pageSize }
            : { action: UMem, arguments: { ...scope, Zone: zone, SpaceId: id }, pageSize };
        });
        const outcomes = await runClient(simulator, { listings });
        const rows = outcomes.flatMap((outcome) => outcome.rows ?? assert.fail(JSON.stringify(outcome)));
        assert.deepEqual(sortRows(rows), sortRows([...fleet.uredis, ...fleet.umem].map(({ row }) => row)));
        assert.deepEqual(
          outcomes.map(({ rows: { length = 0 } = {}, pages }) => [length, pages]),
          sources.map((source) => [source.rows, Math.ceil(source.rows / Math.min(pageCap, pageSize)) + 1]),
        );
        assert.ok(
          simulator.requests.every(({ headers }) => headers["user-agent"]?.includes("Python-SDK/0.11.150")),
        );
      }));
  }

  it("may leave the project out", () =>
    withSimulator({}, async (simulator) => {
      const [outcome] = await runClient(simulator, {});
      assert.equal(outcome?.rows?.length, 32);
    }));

  for (const [title, keys, code] of [
    ["a wrong private key", { private_key: "not-the-key" }, 171],
    ["an unknown public key", { public_key: "nobody" }, 172],
  ] as const) {
    it(`is refused with ${title}`, () =>
      withSimulator({}, async (simulator) => {
        const [outcome] = await runClient(simulator, { keys });
        const requestUuid = simulator.requests[0]?.requestUuid;
        assert.deepEqual(outcome, { error: { type: "RetCodeException", code, requestUuid } });
      }));
  }

  it("raises its exceptions for all other refusals", () =>
    withSimulator({}, async (simulator) => {
      const hit = (GroupId: string) => ({
        when: ({ parameters }: { parameters: Readonly<Record<string, string>> }) =>
          parameters.GroupId === GroupId,
      });
      simulator.injectFault({ kind: "retCode", retCode: 153, ...hit("busy") });
      simulator.injectFault({ kind: "status", status: 503, ...hit("down") });
      const refused: [action: Listing["action"], query: Listing["arguments"], type: string, code: number][] =
        [
          [URedis, { Region }, "RetCodeException", 220],
          [URedis, { Region, RegionType: "sideways" }, "RetCodeException", 230],
          [URedis, { Region, GroupId: "busy" }, "RetCodeException", 153],
          [URedis, { Region, GroupId: "down" }, "HTTPStatusException", 503],
          [
            UMem,
            { Region, Zone: demo.zone, SpaceId: demo.umemSpaceId, ProjectId: "org-nobody" },
            "RetCodeException",
            292,
          ],
        ];
      const listings = refused.map(([action, query]) => ({ action, arguments: query, pageSize: 100 }));
      const outcomes = await runClient(simulator, { listings });
      assert.deepEqual(
        outcomes.map(({ error }) => [error?.type, error?.code]),
        refused.map(([, , type, code]) => [type, code]),
      );
    }));
});
