/** The effect of changed arguments of a pin. No change needs a request. */
import assert from "node:assert/strict";
import { makeSecret, PinClient, type PinState, UNKNOWN } from "../support/pinClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";

type Row = readonly [what: string, inputs: object, news: object];

const group = { groupId: "g" };
const DAY = "2026-01-31T00:00:00Z";
const NEXT_DAY = "2026-02-01T00:00:00Z";

/** Changes that need another choice. */
const replaced: readonly (readonly [...Row, replaces: readonly string[], diffs?: readonly string[]])[] = [
  ["another group", group, { groupId: "h" }, ["groupId"]],
  ["a filter more", group, { ...group, nameRegex: "a" }, ["nameRegex"]],
  ["a filter less", { ...group, states: ["a"] }, group, ["states"]],
  ["another state", { ...group, states: ["a", "b"] }, { ...group, states: ["a", "c"] }, ["states"]],
  ["a later end", { ...group, createdBefore: DAY }, { ...group, createdBefore: NEXT_DAY }, ["createdBefore"]],
  ["cross-region backups", group, { ...group, regionType: "target" }, ["regionType"]],
  ["a first trigger", group, { ...group, triggers: { a: "1" } }, ["triggers"]],
  ["another trigger", { ...group, triggers: { a: "1" } }, { ...group, triggers: { a: "2" } }, ["triggers"]],
  ["no triggers any more", { ...group, triggers: { a: "1" } }, group, ["triggers"]],
  [
    "an unknown trigger",
    { ...group, triggers: { a: "1" } },
    { ...group, triggers: { a: UNKNOWN } },
    ["triggers"],
  ],
  ["an unknown group", group, { groupId: UNKNOWN }, ["groupId"]],
  ["another secret", { groupId: makeSecret("g") }, { groupId: makeSecret("h") }, ["groupId"]],
  ["another region than the settings'", group, { ...group, region: "hk" }, ["region"]],
  ["the settings' region instead of another", { ...group, region: "hk" }, group, ["region"]],
  ["another project", { ...group, projectId: "org-1" }, { ...group, projectId: "org-2" }, ["projectId"]],
  ["a project where none was", group, { ...group, projectId: "org-2" }, ["projectId"]],
  ["naming the backup that is pinned", group, { ...group, backupId: "b" }, ["backupId"]],
  [
    "a trigger and an age",
    group,
    { ...group, triggers: { a: "1" }, maxAge: "1d" },
    ["triggers"],
    ["triggers", "maxAge"],
  ],
];

/** Changes of the guards only. */
const updated: readonly (readonly [...Row, diffs: readonly string[]])[] = [
  ["a first age", group, { ...group, maxAge: "1d" }, ["maxAge"]],
  ["another age", { ...group, maxAge: "1d" }, { ...group, maxAge: "24h" }, ["maxAge"]],
  ["an unknown age", group, { ...group, maxAge: UNKNOWN }, ["maxAge"]],
  ["neither age nor reaction", { ...group, maxAge: "1d", onStale: "warn" }, group, ["maxAge", "onStale"]],
];

/** Changes without an effect. */
const unchanged: readonly Row[] = [
  ["the same", { ...group, triggers: { a: "1" } }, { ...group, triggers: { a: "1" } }],
  ["null instead of nothing", group, { ...group, nameRegex: null, triggers: null, maxAge: null }],
  ["nothing instead of null", { ...group, nameRegex: null }, group],
  ["naming the settings' region", group, { ...group, region: "cn-bj2" }],
  ["naming it no more", { ...group, region: "cn-bj2" }, group],
  ["a secret of the same value", group, { groupId: makeSecret("g") }],
  [
    "the value of a secret",
    { groupId: makeSecret("g"), triggers: { a: makeSecret("1") } },
    { ...group, triggers: { a: "1" } },
  ],
  [
    "triggers in another order",
    { ...group, triggers: { a: "1", b: "2" } },
    { ...group, triggers: { b: "2", a: "1" } },
  ],
  [
    "another order, case and number of types",
    { ...group, backupTypes: ["Auto", "manual"] },
    { ...group, backupTypes: ["MANUAL", "auto", "Auto"] },
  ],
  ["another order of states", { ...group, states: ["a", "b"] }, { ...group, states: ["b", "a"] }],
  [
    "the same moment in other words",
    { ...group, createdAfter: DAY, createdBefore: NEXT_DAY },
    { ...group, createdAfter: "2026-01-31T00:00:00.000Z", createdBefore: "2026-02-01T08:00:00+08:00" },
  ],
  ["naming the region type that counts anyway", group, { ...group, regionType: "normal" }],
  ["naming it no more", { ...group, regionType: "normal" }, group],
];

/** Arguments that the imported backup satisfies, or that do not select a backup. */
const satisfied: readonly (readonly [what: string, news: object, diffs: readonly string[]])[] = [
  ["triggers", { ...group, triggers: { a: "1" } }, ["triggers"]],
  ["unknown triggers", { ...group, triggers: { a: UNKNOWN } }, ["triggers"]],
  ["an age", { ...group, maxAge: "1h" }, ["maxAge"]],
  ["its id", { ...group, backupId: "b" }, ["backupId"]],
  ["its type", { ...group, backupTypes: ["AUTO"] }, ["backupTypes"]],
  ["its name", { ...group, nameRegex: "^nightly" }, ["nameRegex"]],
  ["its time", { ...group, createdBefore: NEXT_DAY, createdAfter: DAY }, ["createdAfter", "createdBefore"]],
  ["its replica's zone", { ...group, slaveZone: "cn-bj2-05" }, ["slaveZone"]],
  [
    "the documented program",
    { ...group, maxAge: "1d", triggers: { restore: "1" }, regionType: "normal" },
    ["maxAge", "triggers"],
  ],
];

/** Arguments that the imported backup does not satisfy. */
const unsatisfied: readonly (readonly [what: string, news: object, replaces: readonly string[]])[] = [
  ["another id", { ...group, backupId: "c" }, ["backupId"]],
  ["another group", { groupId: "h" }, ["groupId"]],
  ["another type", { ...group, backupTypes: ["manual"] }, ["backupTypes"]],
  ["another name", { ...group, nameRegex: "weekly" }, ["nameRegex"]],
  ["an earlier time", { ...group, createdBefore: DAY }, ["createdBefore"]],
  ["cross-region backups", { ...group, regionType: "source" }, ["regionType"]],
  ["another region", { ...group, region: "hk" }, ["region"]],
  ["an unknown filter", { ...group, nameRegex: UNKNOWN }, ["nameRegex"]],
];

describe("Diff of a pin", function () {
  this.timeout(30_000);
  let plugin: PluginProcess;
  let pin: PinClient;

  before(async () => {
    plugin = await startPlugin({ settings: { region: "cn-bj2" } });
    pin = new PinClient(plugin, "URedisBackupPin");
  });
  after(() => plugin.stop());

  /** The state of a pin that was created with these inputs, in the settings' region by default. */
  const keep = (inputs: object): PinState => ({
    id: "cn-bj2/g/b",
    inputs,
    properties: { ...backup, ageSeconds: 60, ...inputs },
  });

  const backup = {
    region: "cn-bj2",
    groupId: "g",
    backupId: "b",
    backupType: "Auto",
    backupName: "nightly-1",
    createdAt: "2026-01-31T01:00:00.000Z",
    usable: true,
    skipped: [],
  };

  /** The state after an import. */
  const imported: PinState = {
    id: "cn-bj2/g/b",
    inputs: { ...group, region: "cn-bj2" },
    properties: { ...backup, stale: false },
  };

  for (const [what, inputs, news, replaces, diffs = replaces] of replaced) {
    it(`replaces it for ${what}`, async () => {
      const { changes, ...names } = await pin.diff(keep(inputs), news);
      assert.deepEqual([changes, names], ["some", { replaces, diffs }]);
    });
  }

  for (const [what, inputs, news, diffs] of updated) {
    it(`updates it for ${what}`, async () => {
      assert.deepEqual(await pin.diff(keep(inputs), news), { changes: "some", replaces: [], diffs });
    });
  }

  for (const [what, inputs, news] of unchanged) {
    it(`leaves it alone for ${what}`, async () => {
      assert.deepEqual(await pin.diff(keep(inputs), news), { changes: "none", replaces: [], diffs: [] });
    });
  }

  for (const [what, news, diffs] of satisfied) {
    it(`updates an imported one that is given ${what}`, async () => {
      assert.deepEqual(await pin.diff(imported, news), { changes: "some", replaces: [], diffs });
    });
  }

  for (const [what, news, replaces] of unsatisfied) {
    it(`replaces an imported one that is given ${what}`, async () => {
      assert.deepEqual((await pin.diff(imported, news)).replaces, replaces);
    });
  }

  it("replaces an imported one when its triggers change", async () => {
    const triggers = { a: "1" };
    const properties = await pin.update(imported, { ...group, triggers });
    assert.deepEqual(properties, { ...imported.properties, triggers });
    const state = { ...imported, properties, inputs: { ...group, triggers } };
    assert.equal((await pin.diff(state, { ...group, triggers })).changes, "none");
    const { replaces } = await pin.diff(state, { ...group, triggers: { a: "2" } });
    assert.deepEqual(replaces, ["triggers"]);
  });

  it("replaces an imported one whose backup is gone when it gets its first triggers", async () => {
    const properties = { ...imported.properties, usable: false };
    const { replaces } = await pin.diff({ ...imported, properties }, { ...group, triggers: { a: "1" } });
    assert.deepEqual(replaces, ["triggers"]);
  });

  it("leaves a pin alone whose backup is gone", async () => {
    const state = keep(group);
    const properties = { ...state.properties, usable: false, state: "Expired" };
    assert.equal((await pin.diff({ ...state, properties }, group)).changes, "none");
  });
});
