/** Waiting for a running backup on the real Pulumi CLI: what a preview says, what the update does, Ctrl-C. */
import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { demo, type RecordedRequest, type Simulator } from "../../simulator";
import { startPulumi } from "../support/pulumiCli";
import { requireEngine } from "../support/requireEngine";
import { findNewest, finishBackup, isLook } from "../support/runningBackups";
import { until } from "../support/until";
import { type RestoredStack, useRestoredStacks, type YamlProgram } from "./restoredStack";

const { uredisGroupId: groupId } = demo;
/** The newest usable backup of the group is older; the running one is not. */
const source = { groupId, maxAge: "24h", waitForRunning: "20m" };

const functionProgram: YamlProgram = {
  variables: {
    newest: { "fn::invoke": { function: "ucloud-redis:getLatestURedisBackup", arguments: source } },
  },
  outputs: { id: "${newest.backupId}" },
};
const pinProgram: YamlProgram = {
  resources: { pin: { type: "ucloud-redis:URedisBackupPin", properties: source } },
  outputs: { id: "${pin.backupId}" },
};
const restoreProgram: YamlProgram = {
  resources: {
    orders: {
      type: "ucloud-redis:RestoredURedisGroup",
      properties: { source, chargeType: "Dynamic", finalBackup: false, triggers: { restore: "1" } },
    },
  },
  outputs: { id: "${orders.backup.backupId}" },
};

describe("waitForRunning on the real engine", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useRestoredStacks();
  let stack: RestoredStack;
  let newest: string;
  let looks: number;
  /** The look at which the running backup is done. */
  let finishesAt: number;

  beforeEach(async () => {
    [looks, finishesAt] = [0, Infinity];
    const onRequest = (request: RecordedRequest, simulator: Simulator): void => {
      if (!isLook(request, groupId)) return;
      looks += 1;
      if (looks === finishesAt) finishBackup(simulator, newest);
    };
    stack = await start({ simulator: { onRequest } });
    newest = findNewest(stack.simulator, groupId);
  });

  async function readId(): Promise<unknown> {
    return (await stack.running.stack.outputs())["id"]?.value;
  }

  for (const [title, program, prefix] of [
    ["a function", functionProgram, ""],
    ["a pin", pinProgram, "Pinned backup"],
    ["a restore", restoreProgram, "Restored backup"],
  ] as const) {
    it(`lets the preview of ${title} go on, and the update take the backup that was running`, async () => {
      stack.write(program);
      const preview = await stack.run("preview");
      assert.match(
        preview,
        new RegExp(`The update will wait for running backup \`${newest}\` of .*: at most 20m`),
      );
      assert.match(preview, /warning: \[StaleBackup\] .*\n[^]*This preview goes on with it\./);
      assert.equal(looks, 1);

      // The preview of `up` looks once, and the update waits from the next look on.
      finishesAt = 4;
      const events: EngineEvent[] = [];
      const { stdout } = await stack.running.stack.up({ onEvent: (event) => events.push(event) });
      assert.match(stdout, new RegExp(`Waits for running backup \`${newest}\` of .*: at most 20m`));
      if (prefix !== "") assert.match(stdout, new RegExp(`${prefix} \`${newest}\``));
      assert.equal(looks, 4);
      assert.equal(await readId(), newest);
      const progress = events.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.ephemeral === true ? [diagnosticEvent.message] : [],
      );
      assert.ok(
        progress.some((text) => text.startsWith(`waiting for backup \`${newest}\``)),
        progress.join(),
      );

      assert.match(await stack.up("--skip-preview"), /Resources:\n {4}\d unchanged\n/);
      assert.equal(await readId(), newest);
    });
  }

  it("fails the preview without a usable backup, and says how the update waits", async () => {
    const { unusableGroupId } = demo;
    const args = { groupId: unusableGroupId, waitForRunning: "20m" };
    stack.write({ resources: { pin: { type: "ucloud-redis:URedisBackupPin", properties: args } } });
    assert.match(await stack.fail("preview"), /\[NoUsableBackup\][^]*`pulumi up --skip-preview`/);
  });

  for (const [title, program] of [
    ["a function", functionProgram],
    ["a pin", pinProgram],
    ["a restore", restoreProgram],
  ] as const) {
    it(`ends the wait of ${title} with Ctrl-C, and leaves nothing behind`, async function () {
      if (process.platform !== "linux") this.skip();
      stack.write(program);
      const run = startPulumi(stack.running.stack, ["up", "--yes", "--skip-preview"], { isGroup: true });
      await until(() => looks >= 2);
      const interruptedAt = performance.now();
      // As a terminal does: to the CLI's process group.
      process.kill(-(run.child.pid ?? NaN), "SIGINT");
      const output = await run.ended;
      assert.ok(performance.now() - interruptedAt < 10_000, output);
      assert.notEqual(run.child.exitCode, 0);
      const seen = stack.simulator.requests.length;
      assert.deepEqual(stack.writes, []);
      assert.deepEqual(await stack.readResources(), []);
      const exported = await stack.running.stack.exportStack();
      const { pending_operations: pending = [] } = exported.deployment as { pending_operations?: unknown[] };
      assert.deepEqual(pending, []);
      assert.equal(stack.simulator.requests.length, seen);

      finishBackup(stack.simulator, newest);
      await stack.up("--skip-preview");
      assert.equal(await readId(), newest);
    });
  }
});
