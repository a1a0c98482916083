/** Locations over a real client, one of whose regions is in trouble or refuses. */
import assert from "node:assert/strict";
import { lookupFunctions } from "../../provider/backups/functions";
import { createRedisBackupApi } from "../../provider/backups/services";
import { makeBrief } from "../../provider/ucloud/briefClient";
import { systemClock } from "../../provider/ucloud/clock";
import { demo, type Fault, type Simulator } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import { connect, findClosedPort, useSimulator } from "../support/loopback";

const LATEST = "ucloud-redis:index:getLatestURedisBackup";
const copy = { region: demo.otherRegion, regionType: "target" };
const args = {
  groupId: demo.uredisGroupId,
  projectId: demo.projectId,
  locations: [{ region: demo.region }, copy],
};

/** A lookup with its warnings. The first wait between two attempts takes 250 ms, which a `hang` has no time for. */
function look(server: Simulator | { readonly url: string }, { hangs = false } = {}) {
  const clock = hangs ? { ...systemClock, random: () => 0.5 } : createInstantClock();
  const client = connect(server, { maxRetries: 1, timeoutSeconds: hangs ? 1 : 10, clock });
  const warnings: string[] = [];
  const result = lookupFunctions[LATEST](args, {
    region: undefined,
    projectId: undefined,
    openApi: ({ isBrief = false } = {}) => createRedisBackupApi(isBrief ? makeBrief(client) : client),
    now: () => new Date(),
    warn: (text) => void warnings.push(text),
    inform: () => undefined,
  });
  return { result, warnings };
}

describe("a backup of several locations over a client", () => {
  const simulator = useSimulator();

  /** Lets every request for the first region fail. */
  function breakFirst(fault: Fault): void {
    const when: Fault["when"] = ({ parameters }) => parameters.Region === demo.region;
    simulator().injectFault({ ...fault, when, times: Infinity });
  }
  const countRequests = (region: string): number =>
    simulator().requests.filter(({ parameters }) => parameters.Region === region).length;

  it("is that of the first region if it answers", async () => {
    const { result, warnings } = look(simulator());
    assert.equal((await result).region, demo.region);
    assert.deepEqual([countRequests(demo.otherRegion), warnings], [0, []]);
  });

  const outages: [name: string, fault: Fault, attempts: number, what: RegExp][] = [
    ["hangs", { kind: "hang" }, 1, /no complete answer within 1 s\. 1 attempt/],
    ["hangs after its headers", { kind: "hang", afterHeaders: true }, 1, /no complete answer within 1 s/],
    ["resets connections", { kind: "reset" }, 2, /the connection was reset \(ECONNRESET\)\. 2 attempts/],
    ["answers HTTP 503", { kind: "status", status: 503 }, 2, /HTTP 503\. 2 attempts/],
    ["answers HTTP 500", { kind: "status", status: 500 }, 1, /HTTP 500\. 1 attempt/],
    ["answers RetCode 130", { kind: "retCode", retCode: 130 }, 2, /RetCode 130: .* 2 attempts/],
  ];
  for (const [name, fault, attempts, what] of outages) {
    it(`is that of the second region if the first ${name}, with two warnings`, async () => {
      breakFirst(fault);
      const { result, warnings } = look(simulator(), { hangs: fault.kind === "hang" });
      const { region, regionType, groupId } = await result;
      assert.deepEqual({ region, regionType, groupId }, { ...copy, groupId: demo.uredisGroupId });
      assert.equal(warnings.length, 2);
      const [outage = "", choice = ""] = warnings;
      assert.match(outage, /locations\[0\], cn-bj2 \(regionType normal\) is in trouble and passed over/);
      assert.match(outage, /It was not seen to be without backups/);
      assert.match(
        choice,
        /backup `.+` of locations\[1\], cn-sh2 \(regionType target\) is used, made at .* ago\./,
      );
      assert.match(outage, what);
      // A hanging request may be given up before the simulator has read it.
      if (fault.kind !== "hang") assert.equal(countRequests(demo.region), attempts);
      assert.ok(countRequests(demo.otherRegion) > 0);
    });
  }

  const refusals: [name: string, fault: Fault, code: string, attempts: number][] = [
    ["RetCode 171", { kind: "retCode", retCode: 171 }, "Unauthorized", 1],
    ["RetCode 299", { kind: "retCode", retCode: 299 }, "Forbidden", 1],
    ["RetCode 230", { kind: "retCode", retCode: 230 }, "ApiError", 1],
    ["RetCode 153", { kind: "retCode", retCode: 153 }, "Throttled", 2],
    ["HTTP 429", { kind: "status", status: 429 }, "Throttled", 2],
    ["RetCode 20003", { kind: "retCode", retCode: 20003 }, "Unavailable", 2],
    ["RetCode 171 with HTTP 503", { kind: "json", status: 503, body: { RetCode: 171 } }, "Unauthorized", 1],
    ["a web page", { kind: "html" }, "BadResponse", 1],
  ];
  for (const [name, fault, code, attempts] of refusals) {
    it(`is missed with ${code} if the first region answers ${name}, and no other region is asked`, async () => {
      breakFirst(fault);
      const { result, warnings } = look(simulator());
      await assert.rejects(result, { code });
      assert.deepEqual(
        [countRequests(demo.region), countRequests(demo.otherRegion), warnings],
        [attempts, 0, []],
      );
    });
  }

  it("is missed as an outage if no region answers, which is said of each", async () => {
    const { result, warnings } = look({ url: `http://127.0.0.1:${await findClosedPort()}` });
    await assert.rejects(result, {
      code: "Unavailable",
      isOutage: true,
      message:
        /^\[Unavailable\] \S+: none of the 2 locations .*\n\nlocations\[0\], cn-bj2 .*ECONNREFUSED[^]*\n\nlocations\[1\], cn-sh2 .*ECONNREFUSED/,
    });
    assert.equal(warnings.length, 2);
  });
});
