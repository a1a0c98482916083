/** What a change of a pin's arguments leads to, as the plugin tells the engine. No change needs the cloud. */
import assert from "node:assert/strict";
import { makeSecret, PinClient, type PinState, UNKNOWN } from "./pinClient";
import { type PluginProcess, startPlugin } from "./pluginProcess";

type Row = readonly [what: string, inputs: object, news: object];

const group = { groupId: "g" };

/** Another choice. */
const replaced: readonly (readonly [...Row, replaces: readonly string[], diffs?: readonly string[]])[] = [
  ["another group", group, { groupId: "h" }, ["groupId"]],
  ["a filter more", group, { ...group, nameRegex: "a" }, ["nameRegex"]],
  ["a filter less", { ...group, states: ["a"] }, group, ["states"]],
  ["another order in a list", { ...group, states: ["a", "b"] }, { ...group, states: ["b", "a"] }, ["states"]],
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

/** The same choice, guarded in another way. */
const updated: readonly (readonly [...Row, diffs: readonly string[]])[] = [
  ["a first age", group, { ...group, maxAge: "1d" }, ["maxAge"]],
  ["another age", { ...group, maxAge: "1d" }, { ...group, maxAge: "24h" }, ["maxAge"]],
  ["an unknown age", group, { ...group, maxAge: UNKNOWN }, ["maxAge"]],
  ["neither age nor reaction", { ...group, maxAge: "1d", onStale: "warn" }, group, ["maxAge", "onStale"]],
];

/** Nothing at all. */
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

  /** As if it had been created with these, in the settings' region where they name none. */
  const keep = (inputs: object): PinState => ({
    id: "cn-bj2/g/b",
    inputs,
    properties: { region: "cn-bj2", groupId: "g", backupId: "b", usable: true, skipped: [], ...inputs },
  });

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

  it("leaves a pin alone whose backup was lost", async () => {
    const state = keep(group);
    const properties = { ...state.properties, usable: false, state: "Expired" };
    assert.equal((await pin.diff({ ...state, properties }, group)).changes, "none");
  });
});
