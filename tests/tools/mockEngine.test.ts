import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getLatestURedisBackupOutput, RestoredURedisGroup, URedisBackupPin } from "pulumi-ucloud-redis";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { type MockEngine, startMockEngine } from "../../tools/engine/mockEngine";
import { createSimulatedConfig } from "../../tools/simulatedConfig";

const groupId = demo.healthyGroupId;

describe("the mock engine with the plugin's process", function () {
  this.timeout(60_000);
  let simulator: Simulator;
  let engine: MockEngine;

  beforeEach(async () => {
    simulator = await startSimulator();
    engine = await startMockEngine({ ...createSimulatedConfig(simulator), groupId: { value: groupId } });
  });
  afterEach(async () => {
    await engine.close();
    await simulator.close();
  });

  const lookUp = (): Record<string, unknown> => ({
    newest: getLatestURedisBackupOutput({ groupId: new pulumi.Config().require("groupId") }).backupId,
  });
  const pinIt = (): Record<string, unknown> => ({ pinned: new URedisBackupPin("pin", { groupId }).backupId });

  it("creates a resource once, and later compares it with the state of that run", async () => {
    const preview = await engine.run(pinIt, { preview: true });
    const first = await engine.run(pinIt);
    const second = await engine.run(pinIt, { preview: true });
    const changed = await engine.run(
      () => ({ pinned: new URedisBackupPin("pin", { groupId, triggers: { restore: "again" } }).backupId }),
      { preview: true },
    );
    assert.deepEqual(
      [preview, first, second, changed].map(({ operations }) => operations["pin"]),
      ["create", "create", "same", "replace"],
    );
    assert.match(String(first.outputs["pinned"]), /^[0-9a-f-]{36}$/);
    assert.deepEqual(second.outputs, first.outputs);
  });

  it("updates and replaces what a run changes, and a preview does not", async () => {
    const restore = (name: string, drill: string) => () => {
      const group = new RestoredURedisGroup("restored", {
        source: { groupId },
        name,
        finalBackup: false,
        triggers: { drill },
      });
      return { groupId: group.groupId };
    };
    const existing = simulator.databases.length;
    const run = async (program: () => Record<string, unknown>, preview = false): Promise<unknown[]> => {
      const { operations, outputs } = await engine.run(program, { preview });
      const added = simulator.databases.slice(existing).map(({ id, name }) => `${name} ${id}`);
      return [operations["restored"], outputs["groupId"], added];
    };
    const first = await run(restore("restored-1", "1"));
    const firstId = String(first[1]);
    assert.deepEqual(first, ["create", firstId, [`restored-1 ${firstId}`]]);
    assert.deepEqual(await run(restore("restored-1", "1")), ["same", ...first.slice(1)]);
    assert.deepEqual(await run(restore("restored-2", "1")), ["update", firstId, [`restored-2 ${firstId}`]]);
    const planned = await run(restore("restored-2", "2"), true);
    assert.deepEqual(planned, ["replace", firstId, [`restored-2 ${firstId}`]]);
    const replaced = await run(restore("restored-2", "2"));
    const secondId = String(replaced[1]);
    assert.notEqual(secondId, firstId);
    assert.deepEqual(replaced, ["replace", secondId, [`restored-2 ${secondId}`]]);
  });

  it("fails with the plugin's message if a call fails or its arguments are refused", async () => {
    const refused = () => ({ pinned: new URedisBackupPin("pin", { groupId: "" }).backupId });
    await assert.rejects(engine.run(refused), /groupId/);
    for (const program of [lookUp, pinIt]) {
      simulator.injectFault({ kind: "retCode", retCode: 299, times: 1 });
      await assert.rejects(engine.run(program), /^Error: \[Forbidden\] /);
    }
    await engine.run(pinIt);
  });

  it("fails if the plugin refuses the config", async () => {
    await assert.rejects(startMockEngine({ "ucloud-redis:maxRetries": { value: "many" } }), /maxRetries/);
  });
});
