/** Waiting for a running backup, over gRPC and against the simulator. Only the pauses between looks take no time. */
import assert from "node:assert/strict";
import { demo, type RecordedRequest, type Simulator, startSimulator } from "../../simulator";
import type { Clock } from "../../provider/ucloud/clock";
import { createInstantClock } from "../support/fakeClock";
import { makeSecret, PinClient } from "../support/pinClient";
import { FinishingBackup, findNewest, isLook } from "../support/runningBackups";
import { type ServedProvider, serveProvider } from "../support/servedProvider";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";
import { until } from "../support/until";

const GROUP = { groupId: demo.uredisGroupId, waitForRunning: "30m" };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId, waitForRunning: "30m" };

describe("waitForRunning over gRPC", () => {
  let engine: StandInEngine;
  let simulator: Simulator;
  let served: ServedProvider;
  let onRequest: (request: RecordedRequest, simulator: Simulator) => void;
  /** How many messages are about the settings. */
  let shownBefore: number;

  beforeEach(async () => {
    engine = await startEngine();
    onRequest = () => undefined;
    simulator = await startSimulator({
      onRequest: (...given) => onRequest(...given),
      provisioning: { create: { looks: Infinity } },
    });
  });
  afterEach(async () => {
    served.close();
    await simulator.close();
    engine.close();
  });

  async function serve(clock: Clock = createInstantClock()): Promise<void> {
    served = await serveProvider({ engineAddress: engine.address, clock });
    await served.client.configure(createSettings(simulator));
    shownBefore = engine.messages.length;
  }

  /** The messages about lookups, each with its resource. */
  function listMessages(): { text: string; urn: string; isProgress: boolean }[] {
    const { messages, urns, areEphemeral } = engine;
    const all = messages.map(([severity, text], i) => ({
      severity,
      text,
      urn: urns[i] ?? "",
      isProgress: areEphemeral[i] === true,
    }));
    return all.slice(shownBefore).filter(({ severity }) => severity !== "debug");
  }

  /** Lets the newest backup of a database be done when it is listed for the `looks`th time. */
  function finishAt(databaseId: string, looks: number): FinishingBackup {
    const backup = new FinishingBackup(databaseId, looks);
    ({ onRequest } = backup);
    return backup;
  }

  function countWrites(): number {
    return simulator.requests.filter(({ action = "" }) => /^(Create|Modify|Delete)/.test(action)).length;
  }

  for (const [name, args, id] of [
    ["getLatestURedisBackup", GROUP, demo.uredisGroupId],
    ["getLatestUMemBackup", SPACE, demo.umemSpaceId],
  ] as const) {
    it(`lets ${name} wait in an update, with its progress at the stack`, async () => {
      await serve();
      const newest = findNewest(simulator, id);
      const backup = finishAt(id, 4);
      assert.equal((await served.client.invokeResult(name, args)).backupId, newest);
      assert.equal(backup.looks, 4);
      await until(() => listMessages().some(({ isProgress }) => isProgress));
      const progress = listMessages().find(({ isProgress }) => isProgress);
      assert.match(progress?.text ?? "", new RegExp(`^waiting for backup \`${newest}\``));
      assert.equal(progress?.urn, "");
      const [first, found, ...others] = listMessages().filter(({ isProgress }) => !isProgress);
      assert.deepEqual(others, []);
      assert.match(found?.text ?? "", new RegExp(`^Found backup \`${newest}\` of `));
      assert.match(
        first?.text ?? "",
        new RegExp(`^Waits for running backup \`${newest}\`.* at most 30m\\.$`),
      );
    });

    it(`lets ${name} only announce in a preview`, async () => {
      await serve();
      const newest = findNewest(simulator, id);
      const backup = finishAt(id, 2);
      const { result } = await served.client.invoke(name, args, { preview: true });
      assert.notEqual(result.backupId, newest);
      assert.equal(backup.looks, 1);
      const [message, found, ...others] = listMessages();
      assert.match(found?.text ?? "", /^Found backup .* Newer but skipped: /);
      assert.match(message?.text ?? "", new RegExp(`^The update will wait for running backup \`${newest}\``));
      assert.deepEqual([others, message?.isProgress], [[], false]);
    });
  }

  it("lets a new pin wait, with its messages at the pin, and no other call about it", async () => {
    await serve();
    const pin = new PinClient(served.client, "URedisBackupPin");
    const newest = findNewest(simulator, demo.uredisGroupId);
    const backup = finishAt(demo.uredisGroupId, 3);
    assert.deepEqual((await pin.check(GROUP)).failures, []);
    assert.equal(backup.looks, 0);
    assert.notEqual((await pin.create(GROUP, true)).properties["backupId"], newest);
    assert.equal(backup.looks, 1);
    const state = await pin.createState(GROUP);
    assert.equal(state.properties["backupId"], newest);
    assert.equal(backup.looks, 3);
    assert.deepEqual([...new Set(listMessages().map(({ urn }) => urn))], [pin.urn]);

    const changed = { ...GROUP, triggers: { a: "1" } };
    assert.deepEqual((await pin.diff(state, changed)).replaces, ["triggers"]);
    await pin.read(state);
    await pin.update(state, { ...GROUP, maxAge: "9d" });
    await pin.delete(state);
    assert.ok(backup.looks <= 4);
  });

  it("shows no secret argument of a pin", async () => {
    await serve();
    const pin = new PinClient(served.client, "URedisBackupPin");
    const inputs = { ...GROUP, groupId: makeSecret(demo.uredisGroupId) };
    for (const preview of [true, false]) {
      finishAt(demo.uredisGroupId, preview ? 9 : 3);
      await pin.create(inputs, preview);
    }
    assert.ok(engine.messages.length >= 3);
    assert.ok(!JSON.stringify(engine.messages).includes(demo.uredisGroupId));
  });

  describe("of a restore", () => {
    const source = { groupId: demo.uredisGroupId, waitForRunning: "30m", maxAge: "24h" };
    const inputs = { source, name: "orders-2", chargeType: "Dynamic", triggers: { restore: "1" } };
    const urn = `urn:pulumi:dev::shop::ucloud-redis:index:RestoredURedisGroup::orders`;

    it("waits in an update, and announces in a preview, which goes on with a stale backup", async () => {
      await serve();
      const newest = findNewest(simulator, demo.uredisGroupId);
      const backup = finishAt(demo.uredisGroupId, 3);
      const planned = await served.client.create(urn, inputs, { preview: true });
      const held = planned.properties["backup"] as { backupId: string; stale: boolean };
      assert.deepEqual([held.backupId === newest, held.stale, backup.looks], [false, true, 1]);
      assert.ok(engine.messages.some(([, text]) => text.includes("The update will wait for")));
      assert.equal(countWrites(), 0);
      // The new group never runs; which backup it is made of is in its request.
      const create = served.provider.resources.create({ urn, inputs, isPreview: false, timeoutSeconds: 60 });
      await assert.rejects(create, { code: "Timeout" });
      const [sent] = simulator.requests.filter(({ action }) => action === "CreateURedisGroup");
      assert.equal(sent?.parameters["BackupId"], newest);
      assert.ok(engine.messages.some(([, text]) => text.startsWith("waiting for backup")));
    });

    it("does not take the database's own time for it", async () => {
      const clock = createInstantClock();
      await serve(clock);
      const waited = new Promise<number>((resolve) => {
        onRequest = ({ action }) => {
          if (action === "CreateURedisGroup") resolve(clock.elapsed());
        };
      });
      const args = { ...inputs, source: { ...source, maxAge: "9d" } };
      await assert.rejects(served.client.create(urn, args, { preview: false }), {
        details: /^\[Timeout\] /,
      });
      assert.deepEqual([await waited, clock.elapsed()], [1_800_000, 1_800_000 + 3_600_000]);
    });

    it("stays within customTimeouts, which bound both", async () => {
      const clock = createInstantClock();
      await serve(clock);
      const args = { ...inputs, source: { ...source, maxAge: "9d" } };
      const create = (timeoutSeconds: number): Promise<unknown> =>
        served.provider.resources.create({ urn, inputs: args, isPreview: false, timeoutSeconds });
      await assert.rejects(create(600), { message: /^\[Timeout\] .*`customTimeouts`/ });
      assert.equal(clock.elapsed(), 600_000);
      assert.equal(countWrites(), 0);
      await assert.rejects(create(2400), { message: /It was still `Creating` after 10m/ });
      assert.equal(clock.elapsed(), 600_000 + 2_400_000);
    });

    it("is not used where Diff plans a replacement: what there is now must do", async () => {
      await serve();
      const backup = finishAt(demo.uredisGroupId, 2);
      const groupId = demo.healthyGroupId;
      const properties = { ...inputs, groupId, readyAt: "2026-01-01T00:00:00Z", region: demo.region };
      const state = { id: `${demo.region}/${groupId}`, properties, inputs };
      const news = { ...inputs, triggers: { restore: "2" } };
      await assert.rejects(served.client.diff(urn, { state, news }), {
        details: /^\[StaleBackup\] source: /,
      });
      assert.equal(backup.looks, 1);
    });
  });

  it("ends at once when the user cancels, without another request", async () => {
    let asleep = 0;
    const sleep: Clock["sleep"] = (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        asleep += 1;
      });
    await serve({ ...createInstantClock(), sleep });
    const pin = new PinClient(served.client, "UMemBackupPin");
    const calls = [
      served.client.invoke("getLatestURedisBackup", GROUP),
      served.client.invoke("getLatestUMemBackup", SPACE),
      pin.create(SPACE, false),
    ].map((call) => assert.rejects(call, { details: "[Cancelled] The deployment was cancelled." }));
    await until(() => asleep === calls.length);
    await served.client.cancel();
    await Promise.all(calls);
    const seen = simulator.requests.length;
    await served.client.getSchema();
    assert.equal(simulator.requests.length, seen);
    assert.ok(simulator.requests.every(({ action }) => /^Describe/.test(action ?? "")));
  });

  it("aborts the look that is under way when the user cancels", async () => {
    await serve();
    let looks = 0;
    const arrived = new Promise<void>((resolve) => {
      onRequest = (request) => {
        if (!isLook(request, demo.uredisGroupId) || ++looks < 2) return;
        simulator.injectFault({ kind: "hang" });
        resolve();
      };
    });
    const call = assert.rejects(served.client.invoke("getLatestURedisBackup", GROUP), {
      details: /^\[Cancelled\]/,
    });
    await arrived;
    await served.client.cancel();
    await call;
    await until(() => simulator.requests.at(-1)?.abandoned === true);
  });

  it("outlasts an API that is down for a while", async () => {
    await serve();
    const newest = findNewest(simulator, demo.uredisGroupId);
    const backup = new FinishingBackup(demo.uredisGroupId, 4);
    onRequest = (request, running) => {
      backup.onRequest(request, running);
      if (backup.looks === 2) running.injectFault({ kind: "status", status: 503 });
    };
    assert.equal((await served.client.invokeResult("getLatestURedisBackup", GROUP)).backupId, newest);
  });
});
