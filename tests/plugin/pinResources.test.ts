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
      ["an unknown argument", { ...group, triger: {} }, "triger", /is not an argument/],
      ["a bad one beside an unknown one", { groupId: UNKNOWN, maxAge: "soon" }, "maxAge", /a duration/],
      ["a day in words", { ...group, createdAfter: "monday" }, "createdAfter", /`monday` is not an RFC 3339/],
    ];
    for (const [what, news, property, reason] of bad) {
      it(`refuses ${what} by its name`, async () => {
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
      it(`refuses ${what} that is secret without its property and value`, async () => {
        // The engine prints the value of a property that a failure names.
        const { failures } = await uredis.check(news);
        const [failure, ...more] = failures;
        assert.deepEqual([failure?.property, more], ["", []]);
        assert.match(failure?.reason ?? "", reason);
        assert.ok(!failure?.reason.includes("7357"));
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
      it(`returns ${what} unchanged, without a request`, async () => {
        const check = async (): Promise<void> =>
          assert.deepEqual(await uredis.check(news), { inputs: news, failures: [] });
        assert.equal(await count(check), 0);
      });
    }
  });

  describe("Create", () => {
    it("looks the backup up, also in a preview", async () => {
      for (const preview of [true, false]) {
        const requests = await count(async () => {
          const { id, properties } = await uredis.create(group, preview);
          assert.equal(id, `${demo.region}/${demo.uredisGroupId}/${readId(properties)}`);
          assert.deepEqual([properties["usable"], properties["projectId"]], [true, demo.projectId]);
        });
        assert.ok(requests > 0);
      }
    });

    it("returns unknown outputs in a preview with an unknown argument", async () => {
      const inputs = { ...group, triggers: { a: UNKNOWN } };
      const requests = await count(async () => {
        const { id, properties } = await uredis.create(inputs, true);
        assert.equal(id, "");
        const { backupId, createdAt, region, skipped, groupId, triggers } = properties;
        assert.deepEqual(new Set([backupId, createdAt, region, skipped]), new Set([UNKNOWN]));
        assert.deepEqual([groupId, triggers], [demo.uredisGroupId, inputs.triggers]);
      });
      assert.equal(requests, 0);
    });

    it("returns secret arguments as secrets, and nothing else", async () => {
      const inputs = { groupId: makeSecret(demo.uredisGroupId), triggers: { a: makeSecret("s"), b: "2" } };
      const { properties } = await uredis.create(inputs, false);
      assert.deepEqual([properties["groupId"], properties["triggers"]], [inputs.groupId, inputs.triggers]);
      assert.equal(typeof properties["groupName"], "string");
    });

    it("fails without a usable backup", async () => {
      await assert.rejects(uredis.create({ ...group, maxAge: "1h" }, true), /\[StaleBackup\]/);
      await assert.rejects(uredis.create({ groupId: demo.emptyGroupId }, true), /\[NoBackups\]/);
    });

    it("shows at the resource which backup it would pin or pinned, and which it skipped", async () => {
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

    it("does not name the backup if an argument is secret", async () => {
      const before = engine.messages.length;
      await uredis.create({ groupId: makeSecret(demo.uredisGroupId) }, true);
      const said = engine.messages.slice(before).map(([, text]) => text);
      assert.deepEqual(said, ["Would pin a backup, which is not named as an argument is secret."]);
    });
  });

  describe("Read", () => {
    for (const [kind, getPin, args, expired] of [
      ["URedis", () => uredis, group, /cannot be restored: expired/],
      ["UMem", () => umem, space, /cannot be restored: 1 of 4 shards missing/],
    ] as const) {
      for (const [what, warning] of [
        ["expired", expired],
        ["vanished", /is no longer listed/],
      ] as const) {
        it(`keeps a ${kind} backup that ${what}, unusable and with a warning at the resource`, async () => {
          const pin = getPin();
          const state = await pin.createState(args);
          const id = readId(state.properties);
          if (what === "expired") expireBackup(simulator, id);
          else simulator.fleet = removeBackup(simulator.fleet, id);
          const read = await pin.read(state);
          assert.deepEqual({ id: read.id, inputs: read.inputs }, { id: state.id, inputs: args });
          assert.equal(read.properties["usable"], false);
          assert.match(engine.messages.at(-1)?.[1] ?? "", warning);
          assert.equal(engine.urns.at(-1), pin.urn);
        });
      }
    }

    it("returns an unchanged backup, secrets included, and says so in one line", async () => {
      const inputs = { groupId: makeSecret(demo.uredisGroupId), triggers: { a: makeSecret("s") } };
      const state = await uredis.createState(inputs);
      const before = engine.messages.length;
      assert.deepEqual(await uredis.read(state), state);
      const [[level, text] = [], ...others] = engine.messages.slice(before);
      assert.deepEqual([level, others], ["info", []]);
      assert.equal(text, "Looked up backups, which are not named as an argument is secret.");
    });

    it("names an unchanged backup if no argument is secret", async () => {
      const state = await uredis.createState(group);
      await uredis.read(state);
      const [, text = ""] = engine.messages.at(-1) ?? [];
      assert.match(text, /^The pinned backup \S+, made .* ago, is listed and usable\.$/);
      assert.ok(text.includes(state.id));
    });

    it("warns of a backup that vanished without its secret argument", async () => {
      const inputs = { groupId: makeSecret(demo.uredisGroupId) };
      const state = await uredis.createState(inputs);
      simulator.fleet = removeBackup(simulator.fleet, readId(state.properties));
      const before = engine.messages.length;
      await uredis.read(state);
      const said = engine.messages.slice(before);
      assert.match(said.at(-1)?.[1] ?? "", /is no longer listed/);
      assert.ok(!JSON.stringify(said).includes(demo.uredisGroupId), JSON.stringify(said));
    });

    it("does not choose a newer backup", async () => {
      const state = await umem.createState(space);
      addNewerBackups(simulator);
      assert.deepEqual(await umem.read(state), state);
    });

    it("imports the backup of an id, with the arguments that select it", async () => {
      const made = { uredis: await uredis.createState(group), umem: await umem.createState(space) };
      const imported = await uredis.read({ id: made.uredis.id, properties: {}, inputs: {} });
      assert.deepEqual(imported.inputs, { ...group, region: demo.region });
      assert.equal(imported.properties["backupId"], made.uredis.properties["backupId"]);
      const { inputs, properties } = await umem.read({ id: made.umem.id, properties: {}, inputs: {} });
      assert.deepEqual(inputs, { ...space, region: demo.region });
      assert.deepEqual(properties["blocks"], made.umem.properties["blocks"]);
    });

    for (const [id, code] of [
      ["backup", "InvalidArgument"],
      [`${demo.region}/${demo.uredisGroupId}/backup`, "NotFound"],
    ] as const) {
      it(`refuses the id "${id}" as ${code}, and shows the format of an id`, async () => {
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
    for (const [what, news, isShown] of [
      ["stays", group, true],
      ["names its region itself", { ...group, region: "hk" }, false],
      ["is replaced", { ...group, triggers: { a: "1" } }, false],
    ] as const) {
      it(`shows ${isShown ? "one message" : "no message"} about another default region if the pin ${what}`, async () => {
        const before = engine.messages.length;
        const properties = { ...group, region: "hk", backupId: "b", projectId: demo.projectId };
        await uredis.diff({ id: "hk/g/b", properties, inputs: group }, news);
        const text =
          "This pin keeps its backup of region `hk`, although the settings now name `cn-bj2`. " +
          "To choose one there, change its `triggers`.";
        assert.deepEqual(engine.messages.slice(before), isShown ? [["info", text]] : []);
        if (isShown) assert.equal(engine.urns.at(-1), uredis.urn);
      });
    }
  });

  describe("Update and Delete", () => {
    it("keeps the choice and changes the guards, without a request", async () => {
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

    it("keeps old and new secrets", async () => {
      const secret = { groupId: makeSecret(demo.uredisGroupId) };
      const state = await uredis.createState(secret);
      const properties = await uredis.update(state, { ...secret, maxAge: makeSecret("2d") });
      assert.deepEqual([properties["groupId"], properties["maxAge"]], [secret.groupId, makeSecret("2d")]);
    });

    it("returns an unknown guard and known other outputs in a preview", async () => {
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
