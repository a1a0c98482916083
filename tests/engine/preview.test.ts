import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "../../sdk/nodejs";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";

describe("the plugin on the real engine", function () {
  this.timeout(120_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  it("uses an explicit provider's settings, and keeps results of secret arguments secret", async () => {
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
    assert.equal(outputs["count"]?.secret, true);
    assert.ok(!readState().includes(simulator.privateKey));
  });

  it("stops the preview before any request if an argument or a setting is wrong, and names it", async () => {
    const { stack, simulator } = await start({
      program: () => Promise.resolve({ found: ucloudRedis.getURedisBackupsOutput({ limit: 0 }) }),
    });
    await assert.rejects(stack.preview(), /\[InvalidArgument\] groupId .*\(groupId\)/);
    await stack.setConfig("ucloud-redis:maxRetries", { value: "many" });
    await assert.rejects(stack.preview(), /\[InvalidConfig\] maxRetries/);
    assert.equal(simulator.requests.length, 0);
  });

  it("previews a program without lookups without keys", async () => {
    const { stack } = await start({ program: () => Promise.resolve({ answer: 42 }) });
    await stack.removeAllConfig(["ucloud-redis:publicKey", "ucloud-redis:privateKey"]);
    assert.equal((await stack.preview()).changeSummary["create"], 1);
  });
});
