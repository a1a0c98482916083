import assert from "node:assert/strict";
import { Provider } from "../../provider/plugin/provider";
import { serveHere } from "../support/ownService";
import { PluginClient } from "../support/pluginClient";

const SETTINGS = { publicKey: "a", privateKey: "b", region: "cn-bj2" };
const CRASHED = "The ucloud-redis plugin failed in a way it should not (TypeError). Please report this.";

describe("a crash in one handler", () => {
  it("answers that call and no other, whether it comes at once, later, or once all is read", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const crash = (): never => {
      throw new TypeError("s3cret of a fault in the code");
    };
    let isBroken = false;
    const server = new Provider({
      environment: () => ({ env: {}, home: "/nowhere", readFile: () => undefined }),
      createClient: () => ({
        maxConcurrency: 8,
        call: async (_action, { GroupId }) => {
          if (GroupId === "crash-at-once") crash();
          await released;
          if (GroupId === "crash-later") crash();
          return { RetCode: 0, DataSet: [], TotalCount: 0 };
        },
        cancel: () => undefined,
      }),
      now: () => (isBroken ? crash() : new Date()),
    });
    const { port, stop } = await serveHere(server);
    const client = new PluginClient(port);
    try {
      await client.configure(SETTINGS);
      const well = client.invokeResult("getURedisBackups", { groupId: "well" });
      const later = assert.rejects(client.invoke("getURedisBackups", { groupId: "crash-later" }), {
        details: CRASHED,
      });
      await assert.rejects(client.invoke("getURedisBackups", { groupId: "crash-at-once" }), {
        details: CRASHED,
      });
      release();
      await later;
      assert.deepEqual((await well)["backups"], []);
      isBroken = true;
      await assert.rejects(client.invoke("getLatestURedisBackup", { groupId: "well" }), { details: CRASHED });
      assert.deepEqual((await client.invokeResult("getURedisBackups", { groupId: "after" }))["backups"], []);
    } finally {
      client.close();
      stop();
    }
  });
});
