import assert from "node:assert/strict";
import { Provider } from "../../provider/plugin/provider";
import { serveHere } from "./ownService";
import { PluginClient } from "../support/pluginClient";

const SETTINGS = { publicKey: "a", privateKey: "b", region: "cn-bj2" };
const CRASHED = {
  details: "The ucloud-redis plugin failed in a way it should not (TypeError). Please report this.",
};

describe("a crash in one handler", () => {
  it("fails only that call, whether it happens immediately, later, or after the last page", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const crash = (): never => {
      throw new TypeError("s3cret of a fault in the code");
    };
    let isBroken = false;
    const provider = new Provider({
      environment: () => ({ env: {}, home: "/nowhere", readFile: () => undefined }),
      createClient: () => ({
        maxConcurrency: 8,
        call: async (_action, { GroupId }) => {
          if (GroupId === "crash-now") crash();
          await released;
          if (GroupId === "crash-later") crash();
          return { RetCode: 0, DataSet: [], TotalCount: 0 };
        },
        cancel: () => undefined,
      }),
      now: () => (isBroken ? crash() : new Date()),
    });
    const { port, stop } = await serveHere(provider);
    const client = new PluginClient(port);
    const list = async (groupId: string): Promise<unknown> =>
      (await client.invokeResult("getURedisBackups", { groupId }))["backups"];
    try {
      await client.configure(SETTINGS);
      const sound = list("sound");
      const later = assert.rejects(list("crash-later"), CRASHED);
      await assert.rejects(list("crash-now"), CRASHED);
      release();
      await later;
      assert.deepEqual(await sound, []);
      isBroken = true;
      await assert.rejects(client.invoke("getLatestURedisBackup", { groupId: "sound" }), CRASHED);
      isBroken = false;
      assert.deepEqual(await list("after"), []);
    } finally {
      client.close();
      stop();
    }
  });
});
