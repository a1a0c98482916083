import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };
const CALLS = [
  { name: "getURedisBackups", args: GROUP, action: "DescribeURedisBackup" },
  { name: "getLatestURedisBackup", args: GROUP, action: "DescribeURedisBackup" },
  { name: "getUMemBackups", args: SPACE, action: "DescribeUMemBackup" },
  { name: "getLatestUMemBackup", args: SPACE, action: "DescribeUMemBackup" },
];

/** Faults of the API one by one are in tests/faults; keys in messages are in tests/security. */
describe("lookups that fail over gRPC", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator();
    plugin = await startPlugin();
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });
  afterEach(() => simulator.clearFaults());

  async function fail(name: string, args: object): Promise<string> {
    try {
      const answer = await plugin.invoke(name, args);
      assert.fail(`${name} answered ${JSON.stringify(answer)}`);
    } catch (error) {
      const { details } = error as { details?: string };
      assert.ok(details !== undefined, String(error));
      return details;
    }
  }

  for (const { name, args, action } of CALLS) {
    it(`${name} shows the action, the query, RetCode, message, uuid, attempts and a next step`, async () => {
      await plugin.configure(createSettings(simulator, { projectId: "org-nobody" }));
      const details = await fail(name, args);
      const uuid = simulator.requests.at(-1)?.requestUuid ?? "no request";
      assert.match(details, /^\[NotFound\] /);
      for (const text of [action, demo.region, Object.values(args).at(-1), "org-nobody", uuid]) {
        assert.ok(details.includes(text ?? ""), `${text ?? ""} is not in: ${details}`);
      }
      assert.match(details, /RetCode 292: "Project \[org-nobody\] not found"/);
      assert.match(details, /\b1 attempt\b.*`projectId`/);
      assert.doesNotMatch(details, /Signature|simulator-p|\bat .*:\d+|\n/);
    });

    it(`${name} counts its attempts`, async () => {
      await plugin.configure(createSettings(simulator, { maxRetries: "1" }));
      simulator.injectFault({ kind: "retCode", retCode: 150, message: "Service unavailable", times: 2 });
      const seen = simulator.requests.length;
      const details = await fail(name, args);
      assert.match(details, /^\[Unavailable\] .*RetCode 150: "Service unavailable".*\b2 attempts\b/);
      assert.equal(simulator.requests.length - seen, 2);
    });

    it(`${name} sends one request if maxRetries is 0`, async () => {
      await plugin.configure(createSettings(simulator, { maxRetries: 0 }));
      simulator.injectFault({ kind: "status", status: 503 });
      const seen = simulator.requests.length;
      assert.match(await fail(name, args), /^\[Unavailable\] .*HTTP 503.*\b1 attempt\b/);
      assert.equal(simulator.requests.length - seen, 1);
    });
  }

  it("do not affect later calls", async () => {
    await plugin.configure(createSettings(simulator));
    simulator.injectFault({ kind: "reset" });
    await fail("getURedisBackups", GROUP);
    assert.equal((await plugin.invokeResult("getLatestURedisBackup", GROUP)).usable, true);
  });

  describe("because of missing keys", () => {
    for (const [title, settings] of [
      ["no key", {}],
      ["a public key only", { publicKey: "public" }],
      ["a private key only", { privateKey: "private" }],
    ] as const) {
      it(`fail at the first call with ${title}, not before, and explain how to set them`, async () => {
        const { failures } = await plugin.checkConfig({ baseUrl: simulator.url, ...settings });
        assert.deepEqual(failures, []);
        await plugin.configure({ baseUrl: simulator.url, region: demo.region, ...settings });
        for (const { name, args } of CALLS) {
          const details = await fail(name, args);
          assert.match(details, /^\[MissingCredentials\] /);
          for (const hint of ["ucloud-redis:privateKey", "--secret", "UCLOUD_PUBLIC_KEY", "profile"]) {
            assert.ok(details.includes(hint), `${hint} is not in: ${details}`);
          }
        }
      });
    }

    it("name a profile that does not exist, and refuse it before any call", async () => {
      const settings = { region: demo.region, profile: "nobody" };
      const reason = '[InvalidConfig] profile: the profile "nobody" is in neither of the shared files';
      const { failures } = await plugin.checkConfig(settings);
      assert.deepEqual(failures, [{ property: "profile", reason }]);
      await assert.rejects(plugin.configure(settings), { details: reason });
    });

    it("name the problem of the file that should contain them", async () => {
      await plugin.configure({ region: demo.region, sharedCredentialsFile: "/no/such/file" });
      const details = await fail("getURedisBackups", GROUP);
      assert.match(
        details,
        /^\[MissingCredentials\] .*`profile`.* Note: the file that `sharedCredentialsFile` names cannot be read\.$/,
      );
    });
  });
});
