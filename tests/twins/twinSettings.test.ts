/** Where settings come from, and what is said when they are missing or bad. */
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

    it("that are bad, wrong or missing stop a preview, named and without their values", async () => {
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
        // The engine ends the program over settings of the plugin that it finds to be bad.
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

    it("that do not exist stop a preview, whether it looks up or pins", async () => {
      const { run } = await start({ config: { regoin: "cn-bj2" } });
      const programs = [pin, (twin: Twin) => twin.getLatestURedisBackup(group).then(() => ({}))];
      for (const program of programs) {
        const { failed, text } = await run({ command: "preview", program });
        assert.equal(failed, true);
        assert.match(text, /\[InvalidConfig\] regoin: is not a setting/);
      }
      assert.equal(simulator.requests.length, 0);
    });

    it("whose keys are no secrets are encrypted in state by the plugin, and warned of by the twin", async () => {
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

    it("that name another API than the default are said at info, with its host", async () => {
      const { run } = await start();
      const { failed, text } = await run({ command: "preview", program: pin });
      assert.equal(failed, false, text);
      const { host } = new URL(simulator.url);
      const said = text.split(`Backups are looked up at ${host} (\`baseUrl\` from `).length - 1;
      assert.equal(said > 0, true, text);
      assert.doesNotMatch(text, /warning: Backups are looked up/);
    });

    it("whose keys come from the environment leave nothing of them in state", async () => {
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
