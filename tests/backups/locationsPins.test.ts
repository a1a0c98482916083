/** Pins with `locations`: what they keep, where they look again, and which changes replace them. */
import assert from "node:assert/strict";
import { comparePins } from "../../provider/backups/pinChanges";
import { describeKeptScope } from "../../provider/backups/pinMessages";
import { pinOperations } from "../../provider/backups/pins";
import { createURedisRow, FakeCloud } from "./fakeCloud";

const uredis = pinOperations["ucloud-redis:index:URedisBackupPin"];
const group = { groupId: "g" };
const a = { region: "a" };
const b = { region: "b" };
const c = { region: "c" };
const copy = { region: "b", regionType: "target" };

describe("a pin with locations", () => {
  const cloud = new FakeCloud(({ region }) => (region === "b" ? [createURedisRow("x", 1)] : []));
  const args = { ...group, locations: [a, copy], waitForRunning: "5m" };

  it("keeps its arguments and where the backup was found, under an id with that region", async () => {
    const { id, state } = await uredis.choose(args, cloud);
    assert.equal(id, "b/g/x");
    const { region, regionType, locations, waitForRunning } = state;
    assert.deepEqual({ ...group, locations, waitForRunning }, args);
    assert.deepEqual({ region, regionType }, copy);
    assert.match(uredis.describe(state, cloud), /^backup `x` of URedis group g in b, made/);
  });

  it("looks its backup up again where it was found, and nowhere else", async () => {
    const { id, state } = await uredis.choose(args, cloud);
    cloud.asked.length = 0;
    assert.deepEqual(await uredis.refresh({ id, state }, cloud), state);
    assert.deepEqual(cloud.asked, [{ ...group, ...copy, backupId: "x" }]);
  });

  it("is not called kept in another region than the settings name", async () => {
    const { state } = await uredis.choose(args, cloud);
    const context = { region: "elsewhere", projectId: undefined };
    assert.equal(describeKeptScope({ args, state, context }), undefined);
    assert.match(describeKeptScope({ args: group, state, context }) ?? "", /region `b`, although/);
  });

  it("keeps the place, but not the list that it was chosen from, when a region takes its place", () => {
    const state = { ...args, ...copy, backupId: "x" };
    const news = { ...group, ...copy };
    assert.deepEqual(uredis.update(state, news), { ...group, ...copy, backupId: "x" });
    const more = { ...group, locations: [copy, c] };
    assert.deepEqual(uredis.update(state, more), { ...more, ...copy, backupId: "x" });
  });
});

/** The pinned place, the old and the new arguments, and which of them replace or update the pin. */
type Row = [what: string, pinned: object, olds: object, news: object, effect: Effect];
interface Effect {
  readonly replaces?: readonly string[];
  readonly updates?: readonly string[];
  readonly unknown?: readonly string[];
}

const kept = { updates: ["locations"] };
const chosenAnew = { replaces: ["locations"] };

const rows: Row[] = [
  ["a fallback behind the pinned place", a, { locations: [a] }, { locations: [a, b] }, kept],
  ["no fallback behind it any more", a, { locations: [a, b] }, { locations: [a] }, kept],
  ["another fallback behind it", b, { locations: [a, b, c] }, { locations: [a, b] }, kept],
  ["another one before it", b, { locations: [a, b] }, { locations: [c, b] }, chosenAnew],
  ["one more before it", b, { locations: [a, b] }, { locations: [a, c, b] }, chosenAnew],
  ["a new first place", a, { locations: [a, b] }, { locations: [c, a, b] }, chosenAnew],
  ["another order before it", c, { locations: [a, b, c] }, { locations: [b, a, c] }, chosenAnew],
  ["fewer before it", c, { locations: [a, b, c] }, { locations: [a, c] }, chosenAnew],
  ["the pinned place put first", b, { locations: [a, b] }, { locations: [b, a] }, kept],
  ["only the pinned place left", b, { locations: [a, b] }, { locations: [b] }, kept],
  ["no pinned place any more", b, { locations: [a, b] }, { locations: [a] }, chosenAnew],
  ["other backups of the pinned place", b, { locations: [a, b] }, { locations: [a, copy] }, chosenAnew],
  ["other backups first", b, { locations: [b] }, { locations: [copy, b] }, chosenAnew],
  [
    "the region type that counts anyway",
    a,
    { locations: [a, b] },
    { locations: [{ ...a, regionType: "normal" }, b] },
    {},
  ],
  ["null for it", a, { locations: [a, b] }, { locations: [{ ...a, regionType: null }, b] }, {}],
  ["the same list", b, { locations: [a, b] }, { locations: [a, b] }, {}],
  ["null instead of none", a, { ...a }, { ...a, locations: null }, {}],
  ["a fallback for the region", a, a, { locations: [a, b] }, { updates: ["locations", "region"] }],
  [
    "a fallback for the settings' region",
    { region: "home" },
    {},
    { locations: [{ region: "home" }, b] },
    kept,
  ],
  ["the region as fallback", a, a, { locations: [b, a] }, { replaces: ["locations", "region"] }],
  ["a list without the region", a, a, { locations: [b] }, { replaces: ["locations", "region"] }],
  [
    "a list for a copy",
    copy,
    copy,
    { locations: [copy, a] },
    { updates: ["locations", "region", "regionType"] },
  ],
  [
    "a list without the copy",
    copy,
    copy,
    { locations: [b, a] },
    { replaces: ["locations", "region", "regionType"] },
  ],
  ["the pinned place as region", b, { locations: [a, b] }, b, kept],
  ["a copy as region", copy, { locations: [a, copy] }, copy, { updates: ["locations", "regionType"] }],
  ["another region", b, { locations: [a, b] }, a, { replaces: ["locations", "region"] }],
  ["the settings' region", { region: "home" }, { locations: [{ region: "home" }, b] }, {}, kept],
  ["the settings' region, which is not the pinned one", b, { locations: [a, b] }, {}, chosenAnew],
  ["an unknown list", a, { locations: [a] }, {}, { ...chosenAnew, unknown: ["locations"] }],
  ["an unknown list for a region", a, a, {}, { replaces: ["locations", "region"], unknown: ["locations"] }],
  [
    "a fallback and a filter",
    a,
    { locations: [a] },
    { locations: [a, b], states: ["x"] },
    { ...kept, replaces: ["states"] },
  ],
  [
    "a replica's zone no more",
    a,
    { ...a, slaveZone: "z" },
    { locations: [a] },
    { replaces: ["slaveZone"], updates: ["locations", "region"] },
  ],
  ["a first wait", a, a, { ...a, waitForRunning: "5m" }, { updates: ["waitForRunning"] }],
  ["another wait", a, { waitForRunning: "5m" }, { waitForRunning: "10m" }, { updates: ["waitForRunning"] }],
  ["no wait any more", a, { ...a, waitForRunning: "5m" }, a, { updates: ["waitForRunning"] }],
  ["an unknown wait", a, a, a, { updates: ["waitForRunning"], unknown: ["waitForRunning"] }],
];

const imported: Row[] = [
  ["first", a, a, { locations: [a, b] }, { updates: ["locations", "region"] }],
  ["not first", a, a, { locations: [b, a] }, { updates: ["locations", "region"] }],
  ["not at all", a, a, { locations: [b, c] }, { replaces: ["locations", "region"] }],
  ["a copy", copy, copy, { locations: [a, copy] }, { updates: ["locations", "region", "regionType"] }],
  [
    "other backups of its region",
    copy,
    copy,
    { locations: [a, b] },
    { replaces: ["locations", "region", "regionType"] },
  ],
  ["a later list with another order", a, { locations: [a, b] }, { locations: [b, a] }, chosenAnew],
];

describe("changing the locations of a pin", () => {
  const context = { region: "home", projectId: undefined };
  const compare = ([, pinned, olds, news, { unknown = [] }]: Row, isImported: boolean) =>
    comparePins({
      olds: { ...group, ...olds },
      news: { ...group, ...news },
      state: { ...group, ...olds, ...pinned, backupId: "x", usable: true },
      context,
      unknown: new Set(unknown),
      isImported,
    });

  for (const row of rows) {
    const [what, pinned, , , { replaces = [], updates = [] }] = row;
    const effect = replaces.length > 0 ? "replaces" : updates.length > 0 ? "updates" : "does not change";
    it(`to ${what} ${effect} a pin in ${Object.values(pinned).join(", ")}`, () => {
      assert.deepEqual(compare(row, false), { replaces, updates });
    });
  }

  for (const row of imported) {
    const [what, , , , { replaces = [], updates = [] }] = row;
    it(`of an imported backup whose place is in the list ${what} ${replaces.length > 0 ? "replaces" : "keeps"} it`, () => {
      assert.deepEqual(compare(row, true), { replaces, updates });
    });
  }

  it("to what is no list of places replaces it, without a fault", () => {
    for (const locations of ["a", 1, {}, [null], ["a"]]) {
      const row: Row = ["", a, { locations: [a] }, { locations }, {}];
      assert.deepEqual(compare(row, false).replaces, ["locations"]);
    }
  });
});
