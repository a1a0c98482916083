import assert from "node:assert/strict";
import { createRedisBackupApi } from "../../provider/backups/services";
import { systemClock } from "../../provider/ucloud/clock";
import type { RedisBackupError } from "../../provider/ucloud/errors";
import { createFleet, demo, listSources, startSimulator } from "../../simulator";
import { connect, useServers, useSimulator } from "../support/loopback";

const query = { Region: demo.region, RegionType: "normal" };

describe("client: requests", () => {
  const simulator = useSimulator(() => ({ securityToken: "token/+= ü" }));

  it("are signed forms, posted to the base URL with a User-Agent, and with nothing in the URL", async () => {
    const client = connect(simulator());
    const body = await client.call("DescribeURedisBackup", {
      ...query,
      Offset: 0,
      Limit: 2,
      GroupId: undefined,
    });
    assert.equal(body.RetCode, 0);
    const [request] = simulator().requests;
    assert.ok(request);
    assert.equal(request.method, "POST");
    assert.equal(request.path, "/");
    assert.equal(request.headers["user-agent"], "pulumi-ucloud-redis/1.2.3-test");
    assert.match(request.headers["content-type"] ?? "", /^application\/x-www-form-urlencoded/);
    const { Signature, ...rest } = request.parameters;
    assert.match(Signature ?? "", /^[0-9a-f]{40}$/);
    assert.deepEqual(rest, {
      Action: "DescribeURedisBackup",
      PublicKey: simulator().publicKey,
      SecurityToken: "token/+= ü",
      Region: demo.region,
      RegionType: "normal",
      Offset: "0",
      Limit: "2",
    });
  });

  it("are signed as sent, with text of any language", async () => {
    const call = connect(simulator()).call("DescribeURedisBackup", { ...query, GroupId: "备份 a+b&c=%é😀" });
    assert.equal((await call).RetCode, 0);
    assert.equal(simulator().requests[0]?.parameters.GroupId, "备份 a+b&c=%é😀");
  });

  it("fail with a wrong key, without a retry", async () => {
    const credentials = {
      publicKey: simulator().publicKey,
      privateKey: "wrong",
      securityToken: "token/+= ü",
    };
    const client = connect(simulator(), { credentials, maxRetries: 3 });
    await assert.rejects(client.call("DescribeURedisBackup", query), { code: "Unauthorized" });
    assert.equal(simulator().requests.length, 1);
  });

  it("have no SecurityToken if none is set", async () => {
    const { publicKey, privateKey } = simulator();
    const client = connect(simulator(), { credentials: { publicKey, privateKey } });
    await assert.rejects(client.call("DescribeURedisBackup", query), {
      code: "Unauthorized",
      message: /RetCode 174.*`securityToken`/,
    });
  });
});

describe("client: errors", () => {
  const open = useServers();
  it("name the action, the arguments, RetCode, message, attempts, uuid and the next step", async () => {
    const simulator = await open(startSimulator());
    simulator.injectFault({ kind: "retCode", retCode: 150, message: "service down", times: 3 });
    const call = connect(simulator, { maxRetries: 2 }).call("DescribeURedisBackup", query);
    await assert.rejects(call, (error: RedisBackupError) => {
      const uuid = simulator.requests.at(-1)?.requestUuid ?? "none";
      assert.equal(
        error.message,
        `[Unavailable] DescribeURedisBackup (Region ${demo.region}, RegionType normal) failed: ` +
          `RetCode 150: "service down". 3 attempts, request uuid ${uuid}. ` +
          "The API is in trouble; try again in a few minutes.",
      );
      return true;
    });
  });

  it("name baseUrl after an unexpected HTTP 5xx of an API that is not the default", async () => {
    const simulator = await open(startSimulator());
    simulator.injectFault({ kind: "status", status: 500, times: 2 });
    const origins = { baseUrl: "`baseUrl` from A_VARIABLE", keys: "" };
    await assert.rejects(connect(simulator).call("DescribeURedisBackup", query), {
      message: /HTTP 500\. .* few minutes\. If that does not help, check `baseUrl`\.$/,
    });
    await assert.rejects(connect(simulator, { origins }).call("DescribeURedisBackup", query), {
      message: /few minutes\. If that does not help, check `baseUrl` from A_VARIABLE\.$/,
    });
  });

  it("hold no secret, even if the API's message echoes everything that was signed, in full and cut", async () => {
    const privateKey = "46f09bb9fab4f12dfc160dae12273d5332b5debe";
    const publicKey = "ucloudsomeone@example.com1296235120854146120";
    const securityToken = "a/b+c==d e&f-and-a-long-rest-of-it";
    const simulator = await open(startSimulator({ privateKey, publicKey, securityToken }));
    simulator.injectFault({
      kind: "retCode",
      retCode: 171,
      message: ({ parameters }) => {
        const { Signature = "", ...signed } = parameters;
        const concatenated = Object.entries(signed).flat().join("");
        const query = new URLSearchParams(parameters).toString();
        return `wrong ${Signature.toUpperCase()} of ${concatenated}${privateKey.slice(0, 30)} in http://x/?${query}`;
      },
    });
    await assert.rejects(connect(simulator).call("DescribeURedisBackup", query), ({ message }: Error) => {
      const signature = simulator.requests[0]?.parameters.Signature ?? "none";
      for (const secret of [
        privateKey.slice(0, 12),
        signature,
        securityToken,
        "a%2Fb%2Bc",
        publicKey,
        "?Action",
      ]) {
        assert.ok(!message.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${message}`);
      }
      assert.match(message, /^\[Unauthorized\].*RetCode 171/);
      return true;
    });
  });
});

describe("client: connections", () => {
  const open = useServers();
  const fleet = createFleet({ uredis: { groups: 40, backupsPerGroup: 30 } });
  const groups = listSources(fleet).map(({ id }) => id);

  for (const maxConcurrency of [1, 3, 8]) {
    it(`are kept open, and at most ${maxConcurrency} with maxConcurrency ${maxConcurrency}, for any number of calls`, async () => {
      const simulator = await open(
        startSimulator({
          fleet,
          // Answers only once all allowed requests have come, so that the test does not depend on timing.
          onRequest: async (_request, { requests }) => {
            while (requests.length < maxConcurrency) await new Promise(setImmediate);
          },
        }),
      );
      const api = createRedisBackupApi(connect(simulator, { maxConcurrency }));
      const listings = await Promise.all(
        groups.map((groupId) => api.listURedisBackups({ region: demo.region, groupId })),
      );
      assert.ok(listings.every(({ rows }) => rows.length === 30));
      assert.equal(simulator.requests.length, 40);
      assert.equal(simulator.connections, maxConcurrency);
      assert.equal(simulator.peakConcurrency, maxConcurrency);
    });
  }

  it("are reused for all pages of a listing, and for retries after HTTP errors", async () => {
    const long = createFleet({ uredis: { backupsPerGroup: 1234 } });
    const simulator = await open(startSimulator({ fleet: long }));
    simulator.injectFault({ kind: "status", status: 503, times: 3, skip: 4 });
    const api = createRedisBackupApi(connect(simulator, { maxConcurrency: 4, maxRetries: 3 }));
    const { rows, warnings } = await api.listURedisBackups({ region: demo.region, regionType: "normal" });
    assert.deepEqual([rows.length, warnings], [1234, []]);
    assert.equal(new Set(rows.map(({ backupId }) => backupId)).size, 1234);
    assert.equal(simulator.requests.length, 13 + 3);
    assert.ok(simulator.connections <= 4);
  });

  it("cause no warning of Node.js, however many calls wait for a retry concurrently", async () => {
    const simulator = await startSimulator({ fleet });
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(String(warning));
    process.on("warning", listen);
    try {
      simulator.injectFault({ kind: "status", status: 503, times: 60 });
      // Real waits, of 50 ms.
      const clock = { ...systemClock, random: () => 0.1 };
      const client = connect(simulator, { clock, maxRetries: 3, maxConcurrency: 30 });
      const shared = new AbortController().signal;
      const calls = Array.from({ length: 100 }, (_, number) =>
        client.call("DescribeURedisBackup", { ...query, Limit: 1 }, number < 60 ? {} : { signal: shared }),
      );
      await Promise.all(calls);
      await new Promise(setImmediate);
      assert.deepEqual(warnings, []);
    } finally {
      process.off("warning", listen);
      await simulator.close();
    }
  });
});
