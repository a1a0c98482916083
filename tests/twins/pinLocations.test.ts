/** A pin with `locations` on the real engine, while its first region is down and when it is back. */
import assert from "node:assert/strict";
import { demo } from "../../simulator";

import { describeOnStacks, type Run } from "./twinStack";

type Place = { readonly region: string; readonly regionType?: "target" };

const first = { region: demo.region };
const copy = { region: demo.otherRegion, regionType: "target" } as const;

const createProgram =
  (...locations: readonly Place[]): NonNullable<Run["program"]> =>
  (twin) => {
    const pin = new twin.URedisBackupPin("pin", { groupId: demo.uredisGroupId, locations: [...locations] });
    return { place: [pin.region, pin.regionType] };
  };

describeOnStacks("a pin with locations", (test) => {
  it("is made in the region that answers, and stays there", async () => {
    const { simulator, stack } = test;
    simulator.injectFault({
      kind: "status",
      status: 503,
      when: ({ parameters }) => parameters["Region"] === demo.region,
      times: Infinity,
    });
    const made = await stack.run({ command: "up", program: createProgram(first, copy) });
    assert.equal(made.failed, false, made.text);
    assert.deepEqual(made.outputs["place"]?.value, [demo.otherRegion, "target"]);
    assert.match(
      made.text,
      /warning: .*locations\[0\], cn-bj2 \(regionType normal\) is in trouble and passed over/,
    );
    assert.match(made.text, /warning: .*of locations\[1\], cn-sh2 \(regionType target\) is used/);

    simulator.clearFaults();
    const again = await stack.run({ command: "up" });
    assert.deepEqual([again.operations, again.requests], [{}, 0], again.text);

    const before = simulator.requests.length;
    const refreshed = await stack.run({ command: "refresh" });
    assert.equal(refreshed.failed, false, refreshed.text);
    const regions = simulator.requests.slice(before).map(({ parameters }) => parameters["Region"]);
    assert.deepEqual([...new Set(regions)], [demo.otherRegion]);

    const more = await stack.run({ command: "up", program: createProgram(first, copy, { region: "hk" }) });
    assert.deepEqual([more.operations, more.requests], [{ pin: ["update"] }, 0], more.text);
    assert.deepEqual(stack.readResources()["pin"]?.outputs["locations"], [first, copy, { region: "hk" }]);

    const only = await stack.run({ command: "preview", program: createProgram(copy) });
    assert.deepEqual([only.operations, only.requests], [{ pin: ["update"] }, 0], only.text);

    const elsewhere = await stack.run({ command: "preview", program: createProgram(first) });
    assert.ok(elsewhere.operations["pin"]?.includes("replace"), elsewhere.text);
  });
});
