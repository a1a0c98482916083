/** Where settings come from, and the messages for missing or bad ones. */
import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { createTwinStack, type Exports, TIMEOUT_MS, type TwinStack } from "./twinStack";

const group = { groupId: demo.uredisGroupId };

for (const entryPoint of BOTH) {
  describe(`settings (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    const keys = { publicKey: "a-public-key", privateKey: "a-private-key", securityToken: "a-token" };
    let simulator: Simulator;
    let running: TwinStack | undefined;

    before(requireEngine);
    beforeEach(async () => {
      simulator = await startSimulator(keys);
    });
    afterEach(async () => {
      running?.remove();
      running = undefined;
      await simulator.close();
    });
    const start = async (options?: Parameters<typeof createTwinStack>[2]): Promise<TwinStack> =>
      (running = await createTwinStack(entryPoint, simulator, options));
    const pin = (twin: Twin): Exports => ({ backupId: new twin.URedisBackupPin("pin", group).backupId });

    it("stop a preview by name and without their values if they are bad, wrong or missing", async () => {
      const { run, stack } = await start({ config: { maxRetries: "many-of-a-private-key" } });
      let lookupError = "";
      const program = async (twin: Twin): Promise<Exports> => {
        await twin.getLatestURedisBackup(group).catch((error: unknown) => (lookupError = String(error)));
        return pin(twin);
      };
      const stop = async (pattern: RegExp): Promise<void> => {
        lookupError = "";
        const { failed, text } = await run({ command: "preview", program });
        assert.equal(failed, true);
        assert.match(text, pattern);
        // The engine ends the program if it finds bad settings of the plugin.
        if (lookupError.includes("[")) assert.match(lookupError, pattern);
        assert.doesNotMatch(
          text + lookupError,
          /many-|the-key|a-(public|private)-key|a-token|\n +at .*\.js:/,
        );
      };

      await stop(/\[InvalidConfig\] maxRetries: must be a whole number/);
      await stack.removeConfig("ucloud-redis:maxRetries");
      assert.equal(simulator.requests.length, 0);
      await stack.setConfig("ucloud-redis:privateKey", { value: "not-the-key", secret: true });
      await stop(/\[Unauthorized\] DescribeURedisBackup .*RetCode 171.*Check `publicKey` and `privateKey`/);
      assert.notEqual(lookupError, "");
      const { length } = simulator.requests;
      await stack.removeAllConfig(["ucloud-redis:privateKey", "ucloud-redis:region"]);
      await stop(/\[InvalidArgument\] region:? is required: .*`ucloud-redis:region`/);
      await stack.setConfig("ucloud-redis:region", { value: demo.region });
      await stop(/\[MissingCredentials\] .*privateKey/);
      assert.notEqual(lookupError, "");
      assert.equal(simulator.requests.length, length, "nothing more was asked");
    });

    it("stop a preview with lookups or pins if they do not exist", async () => {
      const { run } = await start({ config: { regoin: "cn-bj2" } });
      const programs = [pin, (twin: Twin) => twin.getLatestURedisBackup(group).then(() => ({}))];
      for (const program of programs) {
        const { failed, text } = await run({ command: "preview", program });
        assert.equal(failed, true);
        assert.match(text, /\[InvalidConfig\] regoin: is not a setting/);
      }
      assert.equal(simulator.requests.length, 0);
    });

    it("with bare keys are encrypted in state by the plugin, and cause a warning of the twin", async () => {
      const { run, stack } = await start();
      await stack.setConfig("ucloud-redis:privateKey", { value: keys.privateKey, secret: false });
      const { failed, text } = await run({ command: "preview", program: pin });
      assert.equal(failed, false, text);
      const warning = /warning: Pulumi is about to store ucloud-redis:privateKey in state in the clear/;
      if (entryPoint === "dynamic") assert.match(text, warning);
      else assert.doesNotMatch(text, warning);
    });

    it("decide what a row of a UMem backup is", async () => {
      const { fleet } = simulator;
      const [record] = fleet.umem.filter(({ row }) => row.SpaceId === demo.umemSpaceId && row.BlockCount > 1);
      assert.ok(record);
      const row = { ...record.row, State: "Done" as const };
      simulator.fleet = { ...fleet, umem: [{ ...record, row }] };
      const { run, stack } = await start();
      const program = async (twin: Twin): Promise<Exports> => {
        const { backups } = await twin.getUMemBackups({ zone: demo.zone, spaceId: demo.umemSpaceId });
        return { usable: backups.map(({ usable }) => String(usable)).join() };
      };
      const shard = await run({ command: "up", program });
      assert.deepEqual([shard.failed, shard.outputs["usable"]?.value], [false, "false"], shard.text);
      await stack.setConfig("ucloud-redis:umemRows", { value: "backups" });
      const backup = await run({ command: "up", program });
      assert.deepEqual([backup.failed, backup.outputs["usable"]?.value], [false, "true"], backup.text);
    });

    it("with a new default region move no pin, and cause a message that says how to move it", async () => {
      const { run, stack } = await start();
      const first = await run({ command: "up", program: pin });
      assert.equal(first.failed, false, first.text);
      assert.doesNotMatch(first.text, /This pin keeps/);
      await stack.setConfig("ucloud-redis:region", { value: "hk" });
      const { failed, operations, requests, text } = await run({ command: "up" });
      assert.deepEqual([failed, operations, requests], [false, {}, 0], text);
      assert.match(
        text,
        /keeps its backup of region `cn-bj2`, although the settings now name `hk`\. .* change its `triggers`/,
      );
    });

    it("with another API than the default cause one information with its host", async () => {
      const { run } = await start();
      const { failed, text } = await run({ command: "preview", program: pin });
      assert.equal(failed, false, text);
      const { host } = new URL(simulator.url);
      // Above, the engine shows each message once more, while it runs.
      const diagnostics = text.split("Diagnostics:")[1] ?? "";
      const count = diagnostics.split(`Requests go to ${host} (\`baseUrl\` from `).length - 1;
      assert.equal(count, 1, text);
      assert.doesNotMatch(text, /warning: Backups are looked up/);
    });

    it("with keys from the environment leave no key in state", async () => {
      const { run, readResources, assertNothingSecret } = await start({ keysFrom: "environment" });
      const up = await run({ command: "up", program: pin });
      assert.equal(up.failed, false, up.text);
      assert.equal(readResources()["pin"]?.outputs["usable"], true);
      assert.doesNotMatch(JSON.stringify(readResources()), /(public|private)Key|securityToken/);
      const refreshed = await run({ command: "refresh" });
      assert.deepEqual([refreshed.failed, refreshed.requests], [false, 1]);
      await assertNothingSecret();
    });
  });
}
