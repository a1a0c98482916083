/** The pins over gRPC, as the engine calls them. */
import assert from "node:assert/strict";
import { demo, type Fleet, removeBackup, type Simulator, startSimulator } from "../../simulator";
import { addNewerBackups, expireBackup } from "../support/fleetChanges";
import { makeSecret, PinClient, type PinState, UNKNOWN } from "../support/pinClient";
import type { Properties } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

describe("a pin over gRPC", function () {
  this.timeout(30_000);
  let simulator: Simulator;
  let fleet: Fleet;
  let engine: StandInEngine;
  let plugin: PluginProcess;
  let uredis: PinClient;
  let umem: PinClient;

  before(async () => {
    engine = await startEngine();
    simulator = await startSimulator();
    ({ fleet } = simulator);
    const settings = createSettings(simulator, { projectId: demo.projectId });
    plugin = await startPlugin({ args: [engine.address], settings });
    uredis = new PinClient(plugin, "URedisBackupPin");
    umem = new PinClient(plugin, "UMemBackupPin");
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
    engine.close();
  });
  beforeEach(() => (simulator.fleet = fleet));

  const count = async (task: () => Promise<unknown>): Promise<number> => {
    const before = simulator.requests.length;
    await task();
    return simulator.requests.length - before;
  };

  describe("Check", () => {
    const bad: [what: string, news: object, property: string, reason: RegExp][] = [
      ["neither group nor region type", {}, "groupId", /is required unless regionType/],
      ["an unknown argument", { ...group, triger: {} }, "triger", /is not an argument/],
      ["a bad age", { ...group, maxAge: "soon" }, "maxAge", /must be a duration/],
      ["a trigger that is no text", { ...group, triggers: { a: 1 } }, "triggers", /must hold strings only/],
      ["a bad one beside an unknown one", { groupId: UNKNOWN, maxAge: "soon" }, "maxAge", /a duration/],
      ["a day in words", { ...group, createdAfter: "monday" }, "createdAfter", /`monday` is not an RFC 3339/],
    ];
    for (const [what, news, property, reason] of bad) {
      it(`refuses ${what} by its name, without a request`, async () => {
        const { failures } = await uredis.check(news);
        const failure = failures.find((each) => each.property === property);
        assert.match(failure?.reason ?? "", /^\[InvalidArgument\] /);
        assert.match(failure?.reason ?? "", reason);
      });
    }

    const secrets: [what: string, news: object, reason: RegExp][] = [
      ["a number", { groupId: makeSecret(7357) }, /^\[InvalidArgument\] groupId must be a string$/],
      ["a trigger", { ...group, triggers: { a: makeSecret(7357), b: "2" } }, / triggers must hold strings/],
      ["a pattern", { ...group, nameRegex: makeSecret("(?=7357)") }, / nameRegex is not a .*\(not shown\)/],
      ["a day", { ...group, createdAfter: makeSecret("7357") }, / createdAfter \(not shown\) is not an RFC/],
      ["a state", { ...group, states: makeSecret("7357") }, / states must be a list/],
      ["what is no argument", { ...group, triger: { a: [makeSecret("7357")] } }, / triger is not an arg/],
    ];
    for (const [what, news, reason] of secrets) {
      it(`refuses ${what} that is a secret in its reason only, and repeats nothing of it`, async () => {
        // Of the property that a failure names, the engine prints the value.
        const { failures } = await uredis.check(news);
        assert.deepEqual(
          failures.map(({ property }) => property),
          [""],
        );
        assert.match(failures[0]?.reason ?? "", reason);
        assert.ok(!failures[0]?.reason.includes("7357"));
      });
    }

    const good: [what: string, news: object][] = [
      ["known arguments", { ...group, triggers: { a: "1" }, maxAge: "26h" }],
      ["a secret", { groupId: makeSecret(demo.uredisGroupId) }],
      ["an unknown", { groupId: UNKNOWN }],
      ["a map with an unknown in it", { ...group, triggers: { a: UNKNOWN, b: "2" } }],
      ["null, which counts as absent", { ...group, maxAge: null, triggers: null }],
    ];
    for (const [what, news] of good) {
      it(`hands ${what} back as it came, and asks nothing`, async () => {
        assert.equal(
          await count(async () => assert.deepEqual(await uredis.check(news), { inputs: news, failures: [] })),
          0,
        );
      });
    }
  });

  describe("Create", () => {
    it("looks the backup up, in a preview too", async () => {
      for (const preview of [true, false]) {
        const requests = await count(async () => {
          const { id, properties } = await uredis.create(group, preview);
          assert.equal(id, `${demo.region}/${demo.uredisGroupId}/${readId(properties)}`);
          assert.deepEqual([properties["usable"], properties["projectId"]], [true, demo.projectId]);
        });
        assert.ok(requests > 0);
      }
    });

    it("in a preview with an unknown argument leaves all unknown that may depend on it", async () => {
      const inputs = { ...group, triggers: { a: UNKNOWN } };
      const requests = await count(async () => {
        const { id, properties } = await uredis.create(inputs, true);
        assert.equal(id, "");
        for (const name of ["backupId", "createdAt", "region", "skipped"])
          assert.equal(properties[name], UNKNOWN, name);
        assert.deepEqual(
          [properties["groupId"], properties["triggers"]],
          [demo.uredisGroupId, inputs.triggers],
        );
      });
      assert.equal(requests, 0);
    });

    it("returns what was secret as a secret, and nothing else", async () => {
      const inputs = { groupId: makeSecret(demo.uredisGroupId), triggers: { a: makeSecret("s"), b: "2" } };
      const { properties } = await uredis.create(inputs, false);
      assert.deepEqual([properties["groupId"], properties["triggers"]], [inputs.groupId, inputs.triggers]);
      assert.equal(typeof properties["groupName"], "string");
    });

    it("leaves out what is null or absent", async () => {
      const { properties } = await umem.create({ ...space, maxAge: null, triggers: null }, false);
      for (const name of ["maxAge", "triggers", "nameRegex"]) assert.ok(!(name in properties), name);
    });

    it("fails without a backup, and says so with the pin's own code", async () => {
      await assert.rejects(uredis.create({ ...group, maxAge: "1h" }, true), /\[StaleBackup\]/);
      await assert.rejects(uredis.create({ groupId: demo.emptyGroupId }, true), /\[NoBackups\]/);
    });

    it("shows its warnings at the resource", async () => {
      await uredis.create({ ...group, maxAge: "1h", onStale: "warn" }, true);
      const index = engine.messages.findLastIndex(([severity]) => severity === "warning");
      assert.equal(engine.urns[index], uredis.urn);
      assert.match(engine.messages[index]?.[1] ?? "", /^\[StaleBackup\] /);
    });

    it("says at the resource which backup it would pin or pinned, and which ones it skipped", async () => {
      const choice =
        /backup `[\w-]{36}` of URedis group \S+ in cn-bj2, project \S+, made at \S+Z, 24h \d+m ago\. Newer but skipped: `[\w-]{36}` \(still running\), `[\w-]{36}` \(failed\)/;
      for (const isPreview of [true, false]) {
        const before = engine.messages.length;
        const { properties } = await uredis.create(group, isPreview);
        const [[severity, text] = ["", ""], ...others] = engine.messages.slice(before);
        assert.deepEqual([severity, others, engine.urns.at(-1)], ["info", [], uredis.urn]);
        assert.match(text, choice);
        assert.ok(text.startsWith(`${isPreview ? "Would pin" : "Pinned"} backup \`${readId(properties)}\``));
      }
    });

    it("does not say what a secret argument led to", async () => {
      const before = engine.messages.length;
      await uredis.create({ groupId: makeSecret(demo.uredisGroupId) }, true);
      const said = engine.messages.slice(before).map(([, text]) => text);
      assert.deepEqual(said, ["Would pin a backup, which is not named as an argument is secret."]);
    });
  });

  describe("Read", () => {
    const lose: [what: string, change: (backupId: string) => void, pin: () => PinClient, warning: RegExp][] =
      [
        [
          "an expired URedis one",
          (id) => expireBackup(simulator, id),
          () => uredis,
          /cannot be restored: expired/,
        ],
        [
          "a UMem one that lost a shard",
          (id) => expireBackup(simulator, id),
          () => umem,
          /cannot be restored: 1 of 4 shards missing/,
        ],
        ...[() => uredis, () => umem].map((pin): (typeof lose)[number] => [
          "a vanished one",
          (id) => (simulator.fleet = removeBackup(simulator.fleet, id)),
          pin,
          /is no longer listed/,
        ]),
      ];
    for (const [what, change, getPin, warning] of lose) {
      it(`keeps ${what}, unusable and with a warning at the resource`, async () => {
        const pin = getPin();
        const state = await pin.createState(pin === uredis ? group : space);
        change(readId(state.properties));
        const read = await pin.read(state);
        assert.equal(read.id, state.id);
        assert.equal(read.properties["usable"], false);
        assert.deepEqual(read.inputs, state.inputs);
        assert.match(engine.messages.at(-1)?.[1] ?? "", warning);
        assert.equal(engine.urns.at(-1), pin.urn);
      });
    }

    it("follows a backup that is unchanged without a word, secrets as they were", async () => {
      const inputs = { groupId: makeSecret(demo.uredisGroupId), triggers: { a: makeSecret("s") } };
      const state = await uredis.createState(inputs);
      const before = engine.messages.length;
      assert.deepEqual(await uredis.read(state), state);
      assert.equal(engine.messages.length, before);
    });

    it("does not turn to a newer backup", async () => {
      const state = await umem.createState(space);
      addNewerBackups(simulator);
      assert.deepEqual(await umem.read(state), state);
    });

    it("adopts the backup of an id, with the arguments that stand for it", async () => {
      const made = { uredis: await uredis.createState(group), umem: await umem.createState(space) };
      const adopted = await uredis.read({ id: made.uredis.id, properties: {}, inputs: {} });
      assert.deepEqual(adopted.inputs, { ...group, region: demo.region });
      assert.equal(adopted.properties["backupId"], made.uredis.properties["backupId"]);
      const { inputs, properties } = await umem.read({ id: made.umem.id, properties: {}, inputs: {} });
      assert.deepEqual(inputs, { ...space, region: demo.region });
      assert.deepEqual(properties["blocks"], made.umem.properties["blocks"]);
    });

    const ids: [id: string, code: string][] = [
      ["", "InvalidArgument"],
      ["backup", "InvalidArgument"],
      [`${demo.region}/${demo.uredisGroupId}`, "InvalidArgument"],
      [`${demo.region}//backup`, "NotFound"],
      [`${demo.region}/${demo.uredisGroupId}/backup`, "NotFound"],
      [`${demo.region}/${demo.uredisGroupId}/`, "InvalidArgument"],
    ];
    for (const [id, code] of ids) {
      it(`refuses the id "${id}" as ${code}, and shows what an id looks like`, async () => {
        const read = uredis.read({ id, properties: {}, inputs: {} });
        await assert.rejects(read, ({ details = "" }: { details?: string }) => {
          assert.ok(details.startsWith(`[${code}] `), details);
          assert.match(details, /REGION\/GROUPID\/BACKUPID/);
          return true;
        });
      });
    }
  });

  describe("Diff", () => {
    const moved = "its backup of region `hk`, although the settings now name `cn-bj2`";
    const changes: [what: string, news: object, notices: RegExp[]][] = [
      [
        "stays",
        group,
        [new RegExp(`^This pin keeps ${moved}\\. To choose one there, change its .triggers.`)],
      ],
      ["names its region itself", { ...group, region: "hk" }, []],
      ["chooses anew", { ...group, triggers: { a: "1" } }, []],
    ];
    for (const [what, news, notices] of changes) {
      it(`says ${notices.length === 0 ? "nothing" : "once"} of another default region where the pin ${what}`, async () => {
        const before = engine.messages.length;
        const properties = { ...group, region: "hk", backupId: "b", projectId: demo.projectId };
        await uredis.diff({ id: "hk/g/b", properties, inputs: group }, news);
        const said = engine.messages.slice(before);
        assert.equal(said.length, notices.length);
        for (const [severity, text] of said) {
          assert.deepEqual([severity, engine.urns.at(-1)], ["info", uredis.urn]);
          for (const notice of notices) assert.match(text, notice);
        }
      });
    }
  });

  describe("Update and Delete", () => {
    it("keeps the choice, takes the guards, and asks nothing", async () => {
      const state: PinState = await uredis.createState({ ...group, onStale: "warn" });
      const requests = await count(async () => {
        const { onStale, ...kept } = state.properties;
        assert.equal(onStale, "warn");
        const properties = await uredis.update(state, { ...group, maxAge: "2d" });
        assert.deepEqual(properties, { ...kept, maxAge: "2d" });
        await uredis.delete(state);
      });
      assert.equal(requests, 0);
    });

    it("keeps secrets, old and new", async () => {
      const secret = { groupId: makeSecret(demo.uredisGroupId) };
      const state = await uredis.createState(secret);
      const properties = await uredis.update(state, { ...secret, maxAge: makeSecret("2d") });
      assert.deepEqual([properties["groupId"], properties["maxAge"]], [secret.groupId, makeSecret("2d")]);
    });

    it("in a preview leaves a guard unknown that is, and the rest known", async () => {
      const state = await uredis.createState(group);
      const properties = await uredis.update(state, { ...group, maxAge: UNKNOWN }, true);
      assert.deepEqual(properties, { ...state.properties, maxAge: UNKNOWN });
    });
  });
});

function readId({ backupId }: Properties): string {
  assert.ok(typeof backupId === "string");
  return backupId;
}
