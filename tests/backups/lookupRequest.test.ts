import assert from "node:assert/strict";
import { FakeCloud } from "./fakeCloud";

const LIST_UREDIS = "ucloud-redis:index:getURedisBackups";
const LATEST_UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const GROUP = { groupId: "g" };

describe("the arguments of a lookup", () => {
  it("must name a region, unless the settings do", async () => {
    const cloud = new FakeCloud();
    cloud.region = undefined;
    await assert.rejects(cloud.call(LIST_UREDIS, GROUP), {
      message: /^\[InvalidArgument\] region: is required: .*`ucloud-redis:region`, UCLOUD_REGION/,
    });
    await cloud.call(LIST_UREDIS, { ...GROUP, region: "hk" });
  });

  for (const [given, page] of [
    [{}, undefined],
    [{ offset: null, limit: null }, undefined],
    [{ offset: 0 }, { offset: 0, limit: undefined }],
    [{ limit: 7 }, { offset: undefined, limit: 7 }],
    [
      { offset: 3, limit: 7 },
      { offset: 3, limit: 7 },
    ],
  ] as const) {
    it(`${JSON.stringify(given)} ask for ${page === undefined ? "everything" : "one page"}`, async () => {
      const cloud = new FakeCloud();
      await cloud.call(LIST_UREDIS, { ...GROUP, ...given });
      assert.deepEqual(
        cloud.asked.map((each) => each.page),
        [page],
      );
    });
  }

  for (const [maxAge, problem] of [
    ["26", /^\[InvalidArgument\] maxAge: must be a duration such as .*, not `26`/],
    ["101w1d200y", /^\[InvalidArgument\] maxAge: must be a duration such as .*, not `101w1d200y`/],
    ["5300w", /^\[InvalidArgument\] maxAge: must not be longer than 100 years/],
    ["0h", /^\[InvalidArgument\] maxAge: must be longer than 0 seconds/],
  ] as const) {
    it(`may not hold the maxAge ${maxAge}, and the failure says why`, () =>
      assert.rejects(new FakeCloud().call(LATEST_UREDIS, { ...GROUP, maxAge }), { message: problem }));
  }

  it("are refused with all values that are out of range or malformed", () =>
    assert.rejects(
      new FakeCloud().call(LIST_UREDIS, { offset: -1, limit: 0, states: [], nameRegex: "(" }),
      ({ message }: Error) => {
        const names = [...message.matchAll(/(?:^\[InvalidArgument\] |; )(\w+): /g)].map(([, name]) => name);
        assert.deepEqual(names, ["groupId", "offset", "limit", "nameRegex", "states"]);
        return true;
      },
    ));

  it("need a group or a region type, which is one failure", () =>
    assert.rejects(new FakeCloud().call(LATEST_UREDIS, {}), ({ message }: Error) => {
      assert.match(message, /groupId: is required unless regionType is given/);
      assert.doesNotMatch(message, /regionType: /);
      return true;
    }));
});
