/**
 * Messages that no Pulumi SDK sends. Property tests of odd arguments are in
 * tests/security/hostileFuzz.test.ts.
 */
import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { encodeDeepInvoke, encodeInvoke } from "../support/rawInvoke";
import { createSettings } from "../support/simulatedSettings";

const TOKEN = "ucloud-redis:index:getLatestURedisBackup";

describe("raw messages to the plugin", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator();
    plugin = await startPlugin({ settings: createSettings(simulator) });
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });

  for (const levels of [50, 101, 500]) {
    it(`are refused where an argument is nested ${levels} levels deep`, async () => {
      for (const name of ["groupId", "states", "nope"]) {
        const answer = await plugin
          .invokeRaw(encodeDeepInvoke(TOKEN, name, levels))
          .catch((error: unknown) => error as ServiceError);
        assert.match(JSON.stringify(answer), /\[InvalidArgument\]/);
        assert.deepEqual([plugin.output.stderr, plugin.output.stdout], ["", `${plugin.port}\n`]);
      }
    });
  }

  it("do not end the process if they cannot be decoded", async () => {
    const requests = [Buffer.of(0xff), Buffer.alloc(1000, 0x12), Buffer.from("GET / HTTP/1.1")];
    for (const request of [encodeDeepInvoke(TOKEN, "groupId", 5000), ...requests]) {
      await assert.rejects(
        plugin.invokeRaw(request),
        ({ details }: ServiceError) => !/\n|\bat /.test(details),
      );
    }
    assert.equal((await plugin.getPluginInfo()).getVersion(), "0.1.0");
  });

  it("mean the last of two arguments of one name, as protobuf does", async () => {
    const entries = [
      ["groupId", 5],
      ["groupId", demo.healthyGroupId],
    ] as const;
    const answer = await plugin.invokeRaw(encodeInvoke(TOKEN, entries));
    assert.equal(answer.result.groupId, demo.healthyGroupId);
  });
});
