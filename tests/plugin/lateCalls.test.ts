import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { ServiceError } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { GetSchemaRequest, ProviderHandshakeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { createCalls, type ProviderCalls } from "../../provider/plugin/calls";
import { EARLY_ANSWERS } from "../../provider/plugin/earlyAnswers";
import { listen, type Served } from "../../provider/plugin/listen";
import { Provider } from "../../provider/plugin/provider";
import packageJson from "../../package.json";
import { createHostEnvironment } from "../support/hostEnvironment";
import { PluginClient } from "../support/pluginClient";

describe("a provider that is loaded with the first call that needs it", () => {
  let served: Served;
  let client: PluginClient;
  let opened: number;
  const attached: (string | undefined)[] = [];

  async function serve(open: () => ProviderCalls): Promise<void> {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    served = listen(listener, { openCalls: open });
    client = new PluginClient((listener.address() as AddressInfo).port);
  }

  beforeEach(async () => {
    opened = 0;
    attached.length = 0;
    await serve(() => {
      opened += 1;
      const openLog = (address: string) => {
        attached.push(address);
        return { warn: () => Promise.resolve(), info: () => Promise.resolve(), close: () => undefined };
      };
      return createCalls(new Provider({ environment: () => createHostEnvironment(), openLog }));
    });
  });
  afterEach(() => {
    client.close();
    served.close();
  });

  it("is not loaded for the answers to Handshake, GetPluginInfo and Cancel", async () => {
    const handshake = await client.handshake("127.0.0.1:7");
    assert.deepEqual(
      [handshake.getAcceptSecrets(), handshake.getSupportsAutonamingConfiguration()],
      [true, true],
    );
    assert.equal((await client.getPluginInfo()).getVersion(), packageJson.version);
    await client.cancel();
    assert.equal(opened, 0);
  });

  it("then answers these calls with the same bytes as before", () => {
    const answer = new ProviderHandshakeResponse()
      .setAcceptSecrets(true)
      .setSupportsAutonamingConfiguration(true);
    const info = new PluginInfo().setVersion(packageJson.version);
    assert.equal(EARLY_ANSWERS.handshake?.compare(answer.serializeBinary()), 0);
    assert.equal(EARLY_ANSWERS.getPluginInfo?.compare(info.serializeBinary()), 0);
  });

  it("is loaded once, and is told the engine's address before its first call", async () => {
    await client.handshake("127.0.0.1:7");
    await Promise.all([client.checkConfig({}), client.checkConfig({}), client.getPluginInfo()]);
    assert.deepEqual([opened, attached], [1, ["127.0.0.1:7"]]);
    await client.handshake("127.0.0.1:8");
    assert.deepEqual(attached, ["127.0.0.1:7", "127.0.0.1:8"]);
  });

  it("learns of a Cancel that came before, and of a Handshake after it, which ends it", async () => {
    const lookup = async () => {
      const answer: unknown = await client
        .invoke("getURedisBackups", { groupId: "a", region: "b" })
        .catch(String);
      return /\[(\w+)\]/.exec(JSON.stringify(answer))?.[1];
    };
    await client.cancel();
    assert.equal(await lookup(), "Cancelled");
    await client.handshake("127.0.0.1:7");
    assert.equal(await lookup(), "MissingCredentials");
  });

  it("learns of a Handshake that came after a Cancel", async () => {
    await client.cancel();
    await client.handshake("127.0.0.1:7");
    await assert.rejects(
      client.invoke("getURedisBackups", { groupId: "a", region: "b" }),
      /MissingCredentials/,
    );
  });

  it("that cannot be loaded says what to do, and is asked again by the next call", async () => {
    client.close();
    served.close();
    let tries = 0;
    await serve(() => {
      tries += 1;
      throw Object.assign(new Error("/home/me/.pulumi/plugins/secret: no such file"), { code: "ENOENT" });
    });
    await client.getPluginInfo();
    for (const expected of [1, 2]) {
      await assert.rejects(client.checkConfig({}), ({ details }: ServiceError) => {
        assert.equal(
          details,
          "A file of the ucloud-redis plugin cannot be loaded (ENOENT). Install the plugin again.",
        );
        return true;
      });
      assert.equal(tries, expected);
    }
  });

  it("is cancelled from the start if the plugin was to end before it was loaded", async () => {
    const draining = served.drain();
    const answer: unknown = await client
      .invoke("getURedisBackups", { groupId: "a", region: "b" })
      .catch(String);
    assert.match(JSON.stringify(answer), /\[Cancelled\]|UNAVAILABLE/);
    await draining;
  });

  it("answers a call whose answer cannot be encoded, and the next one", async () => {
    const provider = new Provider({ environment: () => createHostEnvironment() });
    provider.getSchema = () => ({ length: 1 }) as unknown as string;
    client.close();
    served.close();
    await serve(() => createCalls(provider));
    await assert.rejects(client.call("getSchema", new GetSchemaRequest()), /The answer cannot be encoded/);
    assert.equal((await client.getPluginInfo()).getVersion(), packageJson.version);
  });

  it("passes on an answer above 16 MiB, which is written where it is sent from", async () => {
    const provider = new Provider({ environment: () => createHostEnvironment() });
    const list = Array.from({ length: 200 }, (_, index) => String(index).padEnd(100_000, "ä"));
    provider.invoke = () => Promise.resolve({ result: { list } });
    client.close();
    served.close();
    await serve(() => createCalls(provider));
    assert.deepEqual((await client.invoke("getURedisBackups", {})).result, { list });
  });

  it("need not be there to end", async () => {
    await client.handshake("127.0.0.1:7");
    client.close();
    await served.drain();
    assert.equal(opened, 0);
  });
});
