import assert from "node:assert/strict";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";

const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const KEY = "a-key-that-is-longer-than-any-number";

/** Bad settings by name: those whose failure names the property, and those whose failure must not. */
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
  // Never printed: whatever it is, it may be a key.
  ["maxRetries", [KEY, [KEY], true], false],
  ["region", [[KEY], { key: KEY }, true], false],
];

const GOOD: [title: string, settings: object][] = [
  ["nothing", {}],
  ["numbers as strings", { maxRetries: "0", timeoutSeconds: "0.5", maxConcurrency: "64" }],
  ["numbers as numbers", { maxRetries: 10, timeoutSeconds: 600, maxConcurrency: 1 }],
  ["null for what is not set", { region: null, maxRetries: null, privateKey: null }],
  ["the engine's own keys", { version: "0.1.0", pluginDownloadURL: "https://a", __internal: {} }],
  ["the internal gateway", { baseUrl: "http://api.service.ucloud.cn" }],
];

const SENTINELS = {
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  bool: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

describe("the settings over gRPC", () => {
  let plugin: PluginProcess;

  before(async () => (plugin = await startPlugin()));
  after(() => plugin.stop());

  for (const [setting, values, isNamed] of CASES) {
    const shown = isNamed ? "by name" : "without naming a property whose value the engine would print";
    it(`refuse a bad ${setting} in CheckConfig ${shown}`, async () => {
      for (const value of values) {
        const { failures } = await plugin.checkConfig({ [setting]: value });
        const [failure, ...more] = failures;
        assert.deepEqual([failure?.property, more], [isNamed ? setting : "", []], JSON.stringify(value));
        assert.ok(failure?.reason.startsWith(`[InvalidConfig] ${setting}: `), failure?.reason);
        assert.ok(!failure?.reason.includes(KEY));
      }
    });

    it(`refuse a bad ${setting} in Configure, bare or marked as secret, and do not show it`, async () => {
      for (const value of values) {
        for (const form of [value, { ...SECRET_MARK, value }]) {
          await assert.rejects(plugin.configure({ [setting]: form }), ({ details }: { details: string }) => {
            assert.ok(details.startsWith(`[InvalidConfig] ${setting}: `), details);
            assert.ok(!details.includes(KEY));
            return true;
          });
        }
      }
    });
  }

  for (const name of ["insecur", "publickey", "constructor", "toString", "", KEY.repeat(10)]) {
    it(`refuse the unknown setting "${name.slice(0, 40)}", not showing its value`, async () => {
      const { failures } = await plugin.checkConfig({ [name]: "s3cret" });
      assert.deepEqual(
        failures.map(({ property }) => property),
        [""],
      );
      assert.match(failures[0]?.reason ?? "", /is not a setting; the settings are publicKey, privateKey/);
      assert.ok(!failures[0]?.reason.includes("s3cret"));
      await assert.rejects(plugin.configure({ [name]: "s3cret" }), ({ details }: { details: string }) => {
        return /^\[InvalidConfig\] .*is not a setting/.test(details) && !details.includes("s3cret");
      });
    });
  }

  it("are all named at once", async () => {
    const { failures } = await plugin.checkConfig({ maxRetries: "x", privateKey: "", nope: 1, region: "" });
    assert.deepEqual(failures.map(({ reason }) => /\] (\w+):/.exec(reason)?.[1]).sort(), [
      "maxRetries",
      "nope",
      "privateKey",
      "region",
    ]);
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["", "", "maxRetries", "region"]);
  });

  it("refuse a bad environment variable, and say which one it was", async () => {
    const other = await startPlugin({
      env: { UCLOUD_TIMEOUT_SECOND: "never", UCLOUD_API_BASE_URL: "nowhere" },
    });
    try {
      const { failures } = await other.checkConfig({});
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["", ""],
      );
      assert.match(
        failures.map(({ reason }) => reason).join(),
        /baseUrl: .*timeoutSeconds: UCLOUD_TIMEOUT_SECOND /,
      );
      await assert.rejects(other.configure({}), { details: /^\[InvalidConfig\] / });
      assert.deepEqual((await other.checkConfig({ timeoutSeconds: 3, baseUrl: "https://a" })).failures, []);
    } finally {
      await other.stop();
    }
  });

  for (const [title, settings] of GOOD) {
    it(`take ${title}, and give it back as it came`, async () => {
      assert.deepEqual(await plugin.checkConfig(settings), { inputs: settings, failures: [] });
      const response = await plugin.configure(settings);
      assert.deepEqual([response.getAcceptsecrets(), response.getSupportspreview()], [true, true]);
    });
  }

  it("come back with the keys marked as secrets, so that state never holds them in the clear", async () => {
    const bare = { publicKey: "a", privateKey: "b", securityToken: "c" };
    const { inputs } = await plugin.checkConfig({ ...bare, region: "cn-bj2" });
    assert.deepEqual(inputs, {
      publicKey: { ...SECRET_MARK, value: "a" },
      privateKey: { ...SECRET_MARK, value: "b" },
      securityToken: { ...SECRET_MARK, value: "c" },
      region: "cn-bj2",
    });
    assert.deepEqual((await plugin.checkConfig(inputs)).inputs, inputs);
  });

  for (const [kind, sentinel] of Object.entries(SENTINELS)) {
    it(`let an unknown ${kind} pass, unchanged`, async () => {
      const names = [
        "publicKey",
        "privateKey",
        "region",
        "baseUrl",
        "maxRetries",
        "timeoutSeconds",
        "profile",
      ];
      const settings = Object.fromEntries(names.map((name) => [name, sentinel]));
      assert.deepEqual(await plugin.checkConfig(settings), { inputs: settings, failures: [] });
      const marked = { privateKey: { ...SECRET_MARK, value: sentinel } };
      assert.deepEqual(await plugin.checkConfig(marked), { inputs: marked, failures: [] });
      await plugin.configure({ ...settings, ...marked });
    });
  }

  it("check what is known beside what is not", async () => {
    const { failures } = await plugin.checkConfig({ region: SENTINELS.string, maxRetries: "x" });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["maxRetries"],
    );
  });

  it("that were refused do not leave earlier ones in their place", async () => {
    await plugin.configure({
      publicKey: "a",
      privateKey: "b",
      region: "cn-bj2",
      baseUrl: "http://127.0.0.1:1",
    });
    await assert.rejects(plugin.configure({ publicKey: "a", privateKey: "b", maxRetries: "x" }));
    await assert.rejects(plugin.invoke("getURedisBackups", { region: "cn-bj2", groupId: "g" }), {
      details: /^\[InvalidConfig\] maxRetries: /,
    });
    await plugin.configure({});
  });

  it("hold a message's details to a size that arrives, in any script", async () => {
    for (const letter of ["a", "備", "\ud83d\udc18", "\u0000"]) {
      await assert.rejects(plugin.configure({ [letter.repeat(100_000)]: 1 }), {
        details: /^\[InvalidConfig\] ./s,
      });
    }
  });
});
