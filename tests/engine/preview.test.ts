import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "../../sdk/nodejs";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";

/** Most of a test's time is the engine's start. */
const TIMEOUT_MS = 120_000;

describe("on the real engine", function () {
  this.timeout(TIMEOUT_MS);
  let running: SimulatedStack | undefined;

  before(requireEngine);
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  const start = async (options: Parameters<typeof startSimulatedStack>[0]): Promise<SimulatedStack> =>
    (running = await startSimulatedStack(options));

  it("a Node program gets the newest usable backups, and the state holds no key in the clear", async () => {
    const { stack, simulator, readState } = await start({
      program: () =>
        Promise.resolve({
          uredis: ucloudRedis.getLatestURedisBackupOutput({ groupId: demo.uredisGroupId }),
          umem: ucloudRedis.getLatestUMemBackupOutput({ zone: demo.zone, spaceId: demo.umemSpaceId }),
        }),
    });
    const { outputs } = await stack.up();
    for (const name of ["uredis", "umem"]) {
      const { usable, skipped } = outputs[name]?.value as { usable: boolean; skipped: unknown[] };
      assert.equal(usable, true);
      assert.notEqual(skipped.length, 0, "newer unusable backups exist");
    }
    const state = readState();
    assert.match(state, /"backupId":/);
    for (const secret of [simulator.privateKey, simulator.publicKey]) assert.ok(!state.includes(secret));
  });

  it("an explicit provider's settings count, with secrets and unknown values in place", async () => {
    const { stack, simulator, readState } = await start({
      config: { "ucloud-redis:region": "nowhere" },
      program: () => {
        const config = new pulumi.Config("ucloud-redis");
        const provider = new ucloudRedis.Provider("explicit", {
          publicKey: config.require("publicKey"),
          privateKey: config.requireSecret("privateKey"),
          baseUrl: config.require("baseUrl"),
          region: demo.region,
          projectId: demo.projectId,
          maxRetries: 0,
          timeoutSeconds: 7.5,
        });
        const found = ucloudRedis.getURedisBackupsOutput(
          { groupId: pulumi.secret(demo.uredisGroupId) },
          { provider },
        );
        return Promise.resolve({ count: found.backups.length });
      },
    });
    const { outputs } = await stack.up();
    assert.ok((outputs["count"]?.value as number) > 10);
    assert.equal(outputs["count"]?.secret, true, "what was asked with a secret is one");
    assert.ok(!readState().includes(simulator.privateKey));
  });

  it("a backup older than maxAge stops the preview, and is named with its age", async () => {
    const { stack } = await start({
      program: () =>
        Promise.resolve({
          backup: ucloudRedis.getLatestURedisBackupOutput({ groupId: demo.uredisGroupId, maxAge: "1h" }),
        }),
    });
    await assert.rejects(stack.preview(), (error: Error) => {
      assert.match(
        error.message,
        /\[StaleBackup\] uredis\S+: newest usable backup is 24h 12m old, maxAge 1h\./,
      );
      return true;
    });
  });

  it("with onStale warn the preview goes on and shows the warning", async () => {
    const { stack } = await start({
      program: () =>
        Promise.resolve({
          backup: ucloudRedis.getLatestURedisBackupOutput({
            groupId: demo.uredisGroupId,
            maxAge: "1h",
            onStale: "warn",
          }),
        }),
    });
    const { stdout } = await stack.preview();
    assert.match(stdout, /warning: \[StaleBackup\] /);
  });

  it("bad arguments and settings stop the preview before any request, and name what is wrong", async () => {
    const { stack, simulator } = await start({
      program: () => Promise.resolve({ found: ucloudRedis.getURedisBackupsOutput({ limit: 0 }) }),
    });
    await assert.rejects(stack.preview(), /\[InvalidArgument\] groupId .*\(groupId\)/);
    await stack.setConfig("ucloud-redis:maxRetries", { value: "many" });
    await assert.rejects(stack.preview(), /\[InvalidConfig\] maxRetries/);
    assert.equal(simulator.requests.length, 0);
  });

  it("a program that looks nothing up previews without keys", async () => {
    const { stack } = await start({ program: () => Promise.resolve({ answer: 42 }) });
    await stack.removeAllConfig(["ucloud-redis:publicKey", "ucloud-redis:privateKey"]);
    assert.equal((await stack.preview()).changeSummary["create"], 1);
  });
});
