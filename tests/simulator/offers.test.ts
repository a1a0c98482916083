import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { call, create, KINDS, NEW_GROUP, NEW_SPACE, remove, succeed, useSimulator, watch } from "./calls";

const { zone: Zone } = demo;

describe("the simulator's offer", () => {
  const getSimulator = useSimulator();

  it("has versions for each zone, and creates no others", async () => {
    const simulator = getSimulator();
    const list = async (zone: string): Promise<unknown[]> => {
      const { DataSet = [] } = await succeed(simulator, "DescribeURedisVersion", { Zone: zone });
      return DataSet.map(({ Version }) => Version);
    };
    assert.deepEqual(await list(Zone), ["4.0", "5.0", "6.0", "7.0"]);
    simulator.offer = { ...simulator.offer, versions: { [Zone]: ["6.0"] } };
    assert.deepEqual([await list(Zone), (await list(demo.slaveZone)).length], [["6.0"], 4]);
    const codes = [];
    for (const Version of ["5.0", "6.0"]) {
      codes.push((await call(simulator, "CreateURedisGroup", { ...NEW_GROUP, Version })).RetCode);
    }
    assert.deepEqual(codes, [230, 0]);
  });

  it("has configurations by version and id", async () => {
    const simulator = getSimulator();
    const mine = { id: "mine", version: "6.0", name: "tuned", isDefault: false, state: "Creating" };
    simulator.offer = {
      ...simulator.offer,
      configurations: [...simulator.offer.configurations, mine],
    };
    const list = async (query: object): Promise<unknown[]> => {
      const body = await succeed(simulator, "DescribeURedisConfig", { Zone, RegionFlag: "false", ...query });
      return (body.DataSet ?? []).map((row) => [row.Name, row.Version, row.IsModify, row.State]);
    };
    const standard = ["default-6.0", "6.0", "Unmodifiable", "Usable"];
    const tuned = ["tuned", "6.0", "Modifiable", "Creating"];
    assert.equal((await list({})).length, 5);
    assert.deepEqual(await list({ Version: "6.0" }), [standard, tuned]);
    assert.deepEqual(await list({ Version: "6.0", Offset: "1", Limit: "1" }), [tuned]);
    assert.deepEqual(await list({ ConfigId: "mine" }), [tuned]);
  });

  for (const [action, kind] of [
    ["CheckURedisAllowance", KINDS[0]],
    ["CheckUDredisSpaceAllowance", KINDS[1]],
  ] as const) {
    it(`has room, which ${action} counts and new databases take`, async () => {
      const simulator = getSimulator();
      assert.ok(kind);
      const count = async (GroupId?: string): Promise<unknown> =>
        (await succeed(simulator, action, { Zone, Size: "8", Count: "10", GroupId })).Count;
      assert.deepEqual([await count(), await count(demo.healthyGroupId)], [10, 1]);
      simulator.offer = { ...simulator.offer, room: { [Zone]: 1 } };
      assert.deepEqual([await count(), await count(demo.healthyGroupId)], [1, 1]);
      const id = await create(simulator, kind);
      assert.deepEqual([await count(), await count(demo.healthyGroupId)], [0, 0]);
      assert.equal((await call(simulator, kind.create, kind.created)).RetCode, 20203);
      await succeed(simulator, kind.create, { ...kind.created, Zone: demo.slaveZone });
      await remove(simulator, kind, { id, zone: Zone });
      await watch(simulator, { id, looks: 2 });
      assert.equal(await count(), 1);
    });
  }

  it("has prices by way of paying, size and number of periods", async () => {
    const simulator = getSimulator();
    const query = { Zone, Size: "4" };
    const list = async (action: string, more: object): Promise<unknown[]> =>
      (await succeed(simulator, action, { ...query, ...more })).DataSet ?? [];
    const month = { ChargeType: "Month", Price: 96_000, OriginalPrice: 96_000 };
    const asked = { ChargeType: "Month", Quantity: "3" };
    assert.deepEqual(await list("DescribeURedisPrice", asked), [{ ...month, ListPrice: 96_000 }]);
    assert.deepEqual(await list("DescribeUMemPrice", { ...asked, Type: "double" }), [month]);
    assert.equal((await list("DescribeURedisPrice", {})).length, 3);
    simulator.offer = { ...simulator.offer, fenPerGigabyte: { Year: 1, Month: 2, Dynamic: 3 } };
    assert.deepEqual(await list("DescribeURedisPrice", { ChargeType: "Month" }), [
      { ChargeType: "Month", Price: 8, OriginalPrice: 8, ListPrice: 8 },
    ]);
  });

  it("can demand a network", () =>
    withSimulator({ requiresSubnet: true }, async (simulator) => {
      const network = { VPCId: "uvnet-1", SubnetId: "subnet-1" };
      for (const [action, query] of [
        ["CreateURedisGroup", NEW_GROUP],
        ["CreateUMemSpace", NEW_SPACE],
      ] as const) {
        const { RetCode, Message } = await call(simulator, action, {
          ...query,
          ...network,
          VPCId: undefined,
        });
        assert.deepEqual([RetCode, Message], [220, "Missing params [VPCId]"]);
        await succeed(simulator, action, { ...query, ...network });
      }
      assert.deepEqual(
        simulator.created.map(({ vpcId, subnetId }) => [vpcId, subnetId]),
        Array(2).fill(["uvnet-1", "subnet-1"]),
      );
    }));
});
