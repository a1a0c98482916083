import assert from "node:assert/strict";
import { makeSecret } from "../support/pinClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";

const KEY = "a-key-that-is-longer-than-any-number";

/**
 * Bad settings by name, and whether the failure may name the property, whose value the engine then prints.
 */
const CASES: [setting: string, values: unknown[], isNamed: boolean][] = [
  ["publicKey", ["", " ", 7, true, [KEY], { key: KEY }], false],
  ["privateKey", ["", "\n", 7, [KEY], { key: KEY }], false],
  ["securityToken", ["", 7, [KEY], { key: KEY }], false],
  ["baseUrl", ["", "api.ucloud.cn", "ftp://a", `https://user:${KEY}@a`, `https://a/?k=${KEY}`, 5], false],
  ["region", ["", "  ", 5], true],
  ["projectId", ["", 5], true],
  ["profile", ["", 5], true],
  ["sharedCredentialsFile", ["", 5], true],
  ["sharedConfigFile", ["", 5], true],
  ["maxRetries", ["-1", "11", "1.5", "many", "", "0x1", "1e1", -1, 11, 0.5], true],
  ["timeoutSeconds", ["0", "-1", "601", "soon", "", "Infinity", 0, 601, -1], true],
  ["maxConcurrency", ["0", "65", "2.5", "", 0, 65, 2.5], true],
  ["umemRows", ["rows", "Shards", "", 5], true],
  // The value may be a key.
  ["maxRetries", [KEY, [KEY], true], false],
  ["region", [[KEY], { key: KEY }, true], false],
];

const GOOD: [title: string, settings: object][] = [
  ["nothing", {}],
  ["numbers as strings", { maxRetries: "0", timeoutSeconds: "0.5", maxConcurrency: "64" }],
  ["numbers as numbers", { maxRetries: 10, timeoutSeconds: 600, maxConcurrency: 1 }],
  ["null for absent settings", { region: null, maxRetries: null, privateKey: null }],
  ["the engine's own keys", { version: "0.1.0", pluginDownloadURL: "https://a", __internal: {} }],
  ["the internal gateway", { baseUrl: "http://api.service.ucloud.cn" }],
];

/** Pulumi's unknown values. */
const UNKNOWNS = {
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  bool: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

describe("settings over gRPC", () => {
  let plugin: PluginProcess;

  before(async () => (plugin = await startPlugin()));
  after(() => plugin.stop());

  for (const [setting, values, isNamed] of CASES) {
    const form = isNamed ? "by name" : "without naming the property, as the engine would print its value";
    it(`are refused in CheckConfig for a bad ${setting} ${form}`, async () => {
      for (const value of values) {
        const { failures } = await plugin.checkConfig({ [setting]: value });
        const [failure, ...more] = failures;
        assert.deepEqual([failure?.property, more], [isNamed ? setting : "", []], JSON.stringify(value));
        assert.ok(failure?.reason.startsWith(`[InvalidConfig] ${setting}: `), failure?.reason);
        assert.ok(!failure?.reason.includes(KEY));
      }
    });

    it(`are refused in Configure for a bad ${setting}, bare or secret, without its value`, async () => {
      for (const value of values.flatMap((each) => [each, makeSecret(each)])) {
        await assert.rejects(plugin.configure({ [setting]: value }), ({ details }: { details: string }) => {
          assert.ok(details.startsWith(`[InvalidConfig] ${setting}: `), details);
          assert.ok(!details.includes(KEY));
          return true;
        });
      }
    });
  }

  for (const name of ["insecur", "publickey", "constructor", "toString", "", KEY.repeat(10)]) {
    it(`are refused for the unknown name "${name.slice(0, 40)}", without its value`, async () => {
      const { failures } = await plugin.checkConfig({ [name]: "s3cret" });
      assert.equal(failures.length, 1);
      const { property = "none", reason = "" } = failures[0] ?? {};
      assert.equal(property, "");
      assert.match(reason, /is not a setting; the settings are publicKey, privateKey/);
      assert.ok(!reason.includes("s3cret"));
      await assert.rejects(plugin.configure({ [name]: "s3cret" }), ({ details }: { details: string }) => {
        return /^\[InvalidConfig\] .*is not a setting/.test(details) && !details.includes("s3cret");
      });
    });
  }

  it("are refused with all bad names in one answer", async () => {
    const { failures } = await plugin.checkConfig({ maxRetries: "x", privateKey: "", nope: 1, region: "" });
    assert.deepEqual(failures.map(({ reason }) => /\] (\w+):/.exec(reason)?.[1]).sort(), [
      "maxRetries",
      "nope",
      "privateKey",
      "region",
    ]);
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["", "", "maxRetries", "region"]);
  });

  it("are refused for a bad environment variable, which is named", async () => {
    const env = { UCLOUD_TIMEOUT_SECOND: "never", UCLOUD_API_BASE_URL: "nowhere" };
    const other = await startPlugin({ env });
    try {
      const { failures } = await other.checkConfig({});
      assert.ok(failures.length === 2 && failures.every(({ property }) => property === ""));
      const reasons = failures.map(({ reason }) => reason).join();
      assert.match(reasons, /baseUrl: .*timeoutSeconds: UCLOUD_TIMEOUT_SECOND /);
      await assert.rejects(other.configure({}), { details: /^\[InvalidConfig\] / });
      assert.deepEqual((await other.checkConfig({ timeoutSeconds: 3, baseUrl: "https://a" })).failures, []);
    } finally {
      await other.stop();
    }
  });

  for (const [title, settings] of GOOD) {
    it(`may be ${title}, and are returned unchanged`, async () => {
      assert.deepEqual(await plugin.checkConfig(settings), { inputs: settings, failures: [] });
      const response = await plugin.configure(settings);
      assert.deepEqual([response.getAcceptsecrets(), response.getSupportspreview()], [true, true]);
    });
  }

  it("are returned with the keys marked as secret, so that state never holds them in clear text", async () => {
    const bare = { publicKey: "a", privateKey: "b", securityToken: "c" };
    const { inputs } = await plugin.checkConfig({ ...bare, region: "cn-bj2" });
    assert.deepEqual(inputs, {
      publicKey: makeSecret("a"),
      privateKey: makeSecret("b"),
      securityToken: makeSecret("c"),
      region: "cn-bj2",
    });
    assert.deepEqual((await plugin.checkConfig(inputs)).inputs, inputs);
  });

  for (const [kind, unknown] of Object.entries(UNKNOWNS)) {
    it(`may be an unknown ${kind}, which is returned unchanged`, async () => {
      const texts = ["publicKey", "privateKey", "region", "baseUrl", "profile"];
      const names = [...texts, "maxRetries", "timeoutSeconds"];
      const settings = Object.fromEntries(names.map((name) => [name, unknown]));
      assert.deepEqual(await plugin.checkConfig(settings), { inputs: settings, failures: [] });
      const marked = { privateKey: makeSecret(unknown) };
      assert.deepEqual(await plugin.checkConfig(marked), { inputs: marked, failures: [] });
      await plugin.configure({ ...settings, ...marked });
    });
  }

  it("are checked if they are known beside unknown ones", async () => {
    const { failures } = await plugin.checkConfig({ region: UNKNOWNS.string, maxRetries: "x" });
    assert.ok(failures.length === 1 && failures[0]?.property === "maxRetries");
  });
});
