import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";
import { startPulumi } from "../support/pulumiCli";
import { readSpans } from "../support/traceReceiver";
import { writeYamlProject } from "../support/yamlProject";

const PROGRAM = {
  variables: {
    found: {
      "fn::invoke": {
        function: "ucloud-redis:getLatestURedisBackup",
        // Pulumi sends arguments of functions without the mark of a secret.
        arguments: { groupId: { "fn::secret": demo.uredisGroupId } },
      },
    },
  },
  outputs: { backupId: "${found.backupId}" },
};

describe("pulumi preview --otel-traces --debug", function () {
  this.timeout(60_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  it("shows the lookup and each retry, and has the plugin's requests inside the engine's call", async () => {
    const project = writeYamlProject(PROGRAM);
    try {
      const { stack, simulator, folder } = await start({ projectFolder: project.folder });
      await stack.setConfig("ucloud-redis:maxRetries", { value: "1" });
      simulator.injectFault({ kind: "retCode", retCode: 153 });
      const file = path.join(folder, "traces.json");
      const output = await startPulumi(stack, ["preview", "--debug", "--otel-traces", `file://${file}`])
        .ended;
      assert.match(
        output,
        /Found backup `[0-9a-f-]{36}` of URedis group \S+ in .* made .* Newer but skipped: /,
      );
      // SECURITY.md says so. If this fails, the engine sends the mark, and SECURITY.md is to be corrected.
      assert.ok(output.includes(`of URedis group ${demo.uredisGroupId} in`), output);
      assert.match(output, /backupId\s*: \[secret\]/);
      assert.match(
        output,
        /debug: DescribeURedisBackup: attempt 1 failed, \[Throttled\] RetCode 153; next attempt in/,
      );
      const text = fs.readFileSync(file, "utf8");
      const spans = text.split("\n").filter(Boolean).flatMap(readSpans);
      const requests = spans.filter(({ name }) => name === "DescribeURedisBackup");
      assert.ok(requests.length >= 2, text);
      const call = spans.find(({ spanId }) => spanId === requests[0]?.parentSpanId);
      assert.equal(call?.name, "pulumirpc.ResourceProvider/Invoke");
      assert.ok(spans.some(({ spanId }) => spanId === call.parentSpanId));
      assert.ok(!text.includes(simulator.privateKey) && !output.includes(simulator.privateKey));
    } finally {
      project.remove();
    }
  });
});
