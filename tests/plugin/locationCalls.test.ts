/** `locations` of the function and of the pin over gRPC: what the user sees, and where a pin looks again. */
import assert from "node:assert/strict";
import { demo, type Fault, type Simulator, startSimulator } from "../../simulator";
import { makeSecret, PinClient } from "../support/pinClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";

const first = { region: demo.region };
const copy = { region: demo.otherRegion, regionType: "target" };
const group = { groupId: demo.uredisGroupId };
const args = { ...group, locations: [first, copy] };

describe("locations over gRPC", () => {
  let engine: StandInEngine;
  let plugin: PluginProcess;
  let simulator: Simulator;
  let pin: PinClient;

  before(async () => {
    engine = await startEngine();
    simulator = await startSimulator();
    // Without a region: the locations name theirs.
    const settings = createSettings(simulator, { projectId: demo.projectId, region: undefined });
    plugin = await startPlugin({ args: [engine.address], settings });
    pin = new PinClient(plugin, "URedisBackupPin");
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
    engine.close();
  });
  afterEach(() => simulator.clearFaults());

  function breakFirst(fault: Fault): void {
    const when: Fault["when"] = ({ parameters }) => parameters.Region === demo.region;
    simulator.injectFault({ ...fault, when, times: Infinity });
  }

  /** What `task` returned, the warnings that it showed, and the regions that it asked. */
  async function watch<Result>(task: () => Promise<Result>) {
    const [shown, asked] = [engine.messages.length, simulator.requests.length];
    const result = await task();
    const warnings = engine.messages
      .slice(shown)
      .flatMap(([severity, text]) => (severity === "warning" ? text : []));
    const regions = simulator.requests.slice(asked).map(({ parameters }) => parameters.Region);
    return { result, warnings, regions: [...new Set(regions)] };
  }

  it("the function returns the place that won, with warnings about the one that did not answer", async () => {
    breakFirst({ kind: "reset" });
    const { result, warnings, regions } = await watch(() =>
      plugin.invokeResult("getLatestURedisBackup", args),
    );
    assert.deepEqual([result.region, result.regionType], [demo.otherRegion, "target"]);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /locations\[0\], cn-bj2 .* is in trouble and passed over.*ECONNRESET/);
    assert.match(warnings[1] ?? "", /of locations\[1\], cn-sh2 \(regionType target\) is used/);
    assert.deepEqual(regions, [demo.region, demo.otherRegion]);
  });

  it("the function fails at once with wrong keys or rights", async () => {
    for (const [retCode, code] of [
      [171, "Unauthorized"],
      [299, "Forbidden"],
    ] as const) {
      simulator.clearFaults();
      breakFirst({ kind: "retCode", retCode });
      const { result, regions } = await watch(() =>
        plugin.invoke("getLatestURedisBackup", args).then(
          () => assert.fail("no failure"),
          (error: unknown) => (error as { details: string }).details,
        ),
      );
      assert.ok(result.startsWith(`[${code}] DescribeURedisBackup`), result);
      assert.deepEqual(regions, [demo.region]);
    }
  });

  it("a pin keeps the place that won, and a refresh asks there only", async () => {
    breakFirst({ kind: "status", status: 503 });
    const { result: state, warnings } = await watch(() => pin.createState(args));
    assert.equal(warnings.length, 2);
    assert.ok(state.id.startsWith(`${demo.otherRegion}/${demo.uredisGroupId}/`), state.id);
    const { region, regionType, locations } = state.properties;
    assert.deepEqual([region, regionType, locations], [demo.otherRegion, "target", args.locations]);
    simulator.clearFaults();
    const { result, regions, warnings: later } = await watch(() => pin.read(state));
    assert.deepEqual(result, state);
    assert.deepEqual([regions, later], [[demo.otherRegion], []]);
  });

  it("a pin is replaced by a place before its own, and not by one behind it", async () => {
    const state = await pin.createState(args);
    const more = { ...group, locations: [first, copy, { region: "hk" }] };
    const fewer = { ...group, ...first };
    for (const news of [more, fewer]) assert.deepEqual((await pin.diff(state, news)).replaces, []);
    const turned = await pin.diff(state, { ...group, locations: [copy, first] });
    assert.deepEqual(turned.replaces, ["locations"]);
    const updated = await pin.update(state, fewer);
    assert.deepEqual([updated.region, "locations" in updated], [demo.region, false]);
  });

  it("a place without its region is refused by name, without the value of a secret", async () => {
    const hidden = "a-hidden-value";
    for (const [locations, reason] of [
      [[first, {}], "locations[1].region is required"],
      [[{ ...first, [hidden]: 1 }], undefined],
      [
        [{ ...first, regionType: makeSecret(hidden) }],
        "locations[0].regionType must be one of normal, source, target",
      ],
      [
        [{ region: makeSecret(hidden) }, { region: makeSecret(hidden) }],
        "locations[1] is the same place as locations[0]",
      ],
      [[], "locations must name a place to look in; leave it out to look in `region`"],
    ] as const) {
      const { failures } = await pin.check({ ...group, locations });
      assert.equal(failures.length, 1);
      const [{ property, reason: shown } = { property: "", reason: "" }] = failures;
      if (reason !== undefined) {
        assert.equal(shown, `[InvalidArgument] ${reason}`);
        assert.ok(!shown.includes(hidden));
      }
      assert.equal(property, locations.length === 0 ? "locations" : "");
    }
  });
});
