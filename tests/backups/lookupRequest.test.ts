import assert from "node:assert/strict";
import { createLookupRequest, type LookupRequest } from "../../provider/backups/lookupRequest";
import { umemService, type URedisArgs, uredisService } from "../../provider/backups/services";
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

describe("the locations of a lookup", () => {
  const a = { region: "a" };
  const b = { region: "b", regionType: "target" };
  const create = (
    given: object,
    { region = "home", unknown = [] as string[] } = {},
  ): LookupRequest<URedisArgs> =>
    createLookupRequest({
      token: LATEST_UREDIS,
      service: uredisService,
      args: { ...GROUP, ...given },
      unknown: new Set(unknown),
      defaults: { region: region === "" ? undefined : region, projectId: "org" },
    });

  it("are one complete request each, in order, with the same filters and limits", () => {
    const given = { backupId: "x", maxAge: "26h", onStale: "warn", nameRegex: "^n", waitForRunning: "20m" };
    const { places = [], ...request } = create({ locations: [a, b], ...given });
    const { keep } = request;
    const shared = {
      ...{ page: undefined, keep },
      guard: { maxAge: { seconds: 26 * 3600, text: "26h" }, onStale: "warn" },
      waitForRunning: { seconds: 1200, text: "20m" },
    };
    const args = { ...GROUP, ...given };
    const first = { ...shared, args: { ...args, ...a }, scope: { region: "a", projectId: "org" } };
    assert.deepEqual(places, [
      { ...first, place: 0 },
      { ...shared, args: { ...args, ...b }, scope: { region: "b", projectId: "org" }, place: 1 },
    ]);
    assert.deepEqual(request, { ...first, place: undefined });
  });

  it("need no region, neither here nor in the settings", () => {
    const { scope, places } = create({ locations: [b, a] }, { region: "" });
    assert.deepEqual([scope.region, places?.map((each) => each.scope.region)], ["b", ["b", "a"]]);
    assert.throws(() => create({}, { region: "" }), { message: /region: is required/ });
  });

  it("are not there without the argument", () => {
    assert.equal(create({}).places, undefined);
    assert.equal(create({ locations: null }).places, undefined);
  });

  const refused: [given: object, failures: string[]][] = [
    [{ locations: [] }, ["locations: must name a place"]],
    [{ locations: [a], region: "a" }, ["region: fits one region only, and `locations`"]],
    [{ locations: [a], regionType: "normal" }, ["regionType: fits one region only"]],
    [{ locations: [a], slaveZone: "z" }, ["slaveZone: fits one region only"]],
    [{ locations: [a], region: "a", slaveZone: "z" }, ["region: fits one", "slaveZone: fits one"]],
    [{ locations: [a, b, a] }, ["locations[2]: is the same place as locations[0]"]],
    [
      { locations: [b, { region: "a", regionType: "normal" }, a] },
      ["locations[2]: is the same place as locations[1]"],
    ],
    [{ locations: [a, b], groupId: null }, ["groupId: is required with `locations`"]],
    [{ locations: [{ ...a, zone: "z" }] }, ["locations[0].zone: is not an argument"]],
  ];
  for (const [given, expected] of refused) {
    it(`may not be ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => create(given, { region: "" }),
        ({ message }: Error) => {
          const failures = message.replace("[InvalidArgument] ", "").split("; ");
          const found = failures.filter((each) => /^[\w.[\]]+: /.test(each));
          assert.equal(found.length, expected.length, message);
          expected.forEach((start, i) => assert.ok(found[i]?.startsWith(start), message));
          return true;
        },
      );
    });
  }

  it("may be two sorts of backups of one region", () => {
    assert.equal(create({ locations: [a, { ...a, regionType: "source" }] }).places?.length, 2);
  });

  it("are checked as far as they are known", () => {
    create({}, { region: "", unknown: ["locations"] });
    create({ groupId: null, locations: [a] }, { region: "", unknown: ["groupId"] });
    assert.throws(() => create({ locations: [a, a] }, { unknown: ["maxAge"] }), /same place/);
  });
});

describe("waitForRunning", () => {
  const token = "ucloud-redis:index:getLatestUMemBackup";
  const create = (waitForRunning: string | undefined): LookupRequest<unknown> =>
    createLookupRequest({
      token,
      service: umemService,
      args: { zone: "z", spaceId: "s", waitForRunning },
      defaults: { region: "r", projectId: undefined },
    });

  it("is a duration, of spaces too", () => {
    assert.deepEqual(create("1h30m").waitForRunning, { seconds: 5400, text: "1h30m" });
    assert.equal(create(undefined).waitForRunning, undefined);
  });

  for (const text of ["20", "0m", "-5m", "5300w"]) {
    it(`may not be ${text}`, () =>
      assert.throws(() => create(text), { message: /^\[InvalidArgument\] waitForRunning: must / }));
  }
});
