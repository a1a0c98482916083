import assert from "node:assert/strict";
import { demo, type Fault, type Simulator, startSimulator } from "../../simulator";
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
    it(`${name} shows the action, what was asked, RetCode, message, uuid, attempts and a next step`, async () => {
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

    it(`${name} counts the attempts that were worth making`, async () => {
      await plugin.configure(createSettings(simulator, { maxRetries: "1" }));
      simulator.injectFault({ kind: "retCode", retCode: 150, message: "Service unavailable", times: 2 });
      const seen = simulator.requests.length;
      const details = await fail(name, args);
      assert.match(details, /^\[Unavailable\] .*RetCode 150: "Service unavailable".*\b2 attempts\b/);
      assert.equal(simulator.requests.length - seen, 2);
    });

    it(`${name} asks once when told not to retry`, async () => {
      await plugin.configure(createSettings(simulator, { maxRetries: 0 }));
      simulator.injectFault({ kind: "status", status: 503 });
      const seen = simulator.requests.length;
      assert.match(await fail(name, args), /^\[Unavailable\] .*HTTP 503.*\b1 attempt\b/);
      assert.equal(simulator.requests.length - seen, 1);
    });
  }

  const faults: [code: string, fault: Fault][] = [
    ["Unauthorized", { kind: "retCode", retCode: 171 }],
    ["Unauthorized", { kind: "retCode", retCode: 172 }],
    ["Unauthorized", { kind: "retCode", retCode: 174 }],
    ["Forbidden", { kind: "retCode", retCode: 299 }],
    ["Forbidden", { kind: "retCode", retCode: 20004 }],
    ["Throttled", { kind: "retCode", retCode: 153 }],
    ["Throttled", { kind: "status", status: 429 }],
    ["ApiError", { kind: "retCode", retCode: 230 }],
    ["ApiError", { kind: "retCode", retCode: 5555 }],
    ["BadResponse", { kind: "html" }],
    ["BadResponse", { kind: "redirect", location: "https://elsewhere.example/?PrivateKey=x" }],
    ["BadResponse", { kind: "json", body: [] }],
    ["BadResponse", { kind: "json", body: { RetCode: 0, DataSet: {} } }],
    ["BadResponse", { kind: "raw", body: '{"RetCode":0,"Dat' }],
    ["Unavailable", { kind: "reset" }],
    ["Unavailable", { kind: "cutBody", afterBytes: 9 }],
    ["Timeout", { kind: "hang" }],
  ];
  for (const [code, fault] of faults) {
    const { kind, ...more } = fault;
    it(`have the code ${code} after ${kind} ${JSON.stringify(more)}`, async () => {
      await plugin.configure(createSettings(simulator, { timeoutSeconds: "0.2" }));
      simulator.injectFault(fault);
      assert.match(
        await fail("getURedisBackups", GROUP),
        new RegExp(`^\\[${code}\\] DescribeURedisBackup\\b`),
      );
    });
  }

  it("say where nothing listens that nothing listens there", async () => {
    const gone = await startSimulator();
    await gone.close();
    await plugin.configure(createSettings(gone));
    assert.match(await fail("getURedisBackups", GROUP), /^\[Unavailable\] .*refused.*`baseUrl`/);
  });

  it("do not take later calls with them", async () => {
    await plugin.configure(createSettings(simulator));
    simulator.injectFault({ kind: "reset" });
    await fail("getURedisBackups", GROUP);
    assert.equal((await plugin.invokeResult("getLatestURedisBackup", GROUP)).usable, true);
  });

  it("never show the keys or the signature, even when the API echoes them", async () => {
    await plugin.configure(createSettings(simulator));
    const seen = simulator.requests.length;
    simulator.injectFault({
      kind: "retCode",
      retCode: 171,
      message: ({ parameters }) => `signed ${JSON.stringify(parameters)} with ${simulator.privateKey}`,
    });
    const details = await fail("getURedisBackups", GROUP);
    const signature = simulator.requests.slice(seen).at(-1)?.parameters.Signature ?? "";
    assert.match(details, /signed /);
    for (const secret of [simulator.publicKey, simulator.privateKey, signature]) {
      assert.ok(secret !== "" && !details.includes(secret), details);
    }
  });

  describe("for want of keys", () => {
    for (const [title, settings] of [
      ["no key", {}],
      ["a public key only", { publicKey: "public" }],
      ["a private key only", { privateKey: "private" }],
    ] as const) {
      it(`fail at the first call with ${title}, not before, and say how to set them`, async () => {
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

    it("say what is wrong with the file that should have had them", async () => {
      await plugin.configure({ region: demo.region, sharedCredentialsFile: "/no/such/file" });
      const details = await fail("getURedisBackups", GROUP);
      assert.match(
        details,
        /^\[MissingCredentials\] .*`profile`.* Note: the file that `sharedCredentialsFile` names cannot be read\.$/,
      );
    });
  });
});
