import assert from "node:assert/strict";
import path from "node:path";
import { addBackups, createDemoFleet, demo, type Simulator, startSimulator } from "../../simulator";
import { makeSecret } from "../support/pinClient";
import { type PluginOptions, startPlugin } from "../support/pluginProcess";

const PUBLIC_KEY = "public-key-of-the-test";
const PRIVATE_KEY = "private-key-of-the-test";
const TOKEN = "security-token-of-the-test";

describe("what a call leaves out", () => {
  let simulator: Simulator;
  let withToken: Simulator;

  before(async () => {
    const fleet = createDemoFleet({ now: new Date() });
    const account = { publicKey: PUBLIC_KEY, privateKey: PRIVATE_KEY, fleet: addBackups(fleet, {}) };
    simulator = await startSimulator(account);
    withToken = await startSimulator({ ...account, securityToken: TOKEN });
  });
  after(async () => {
    await simulator.close();
    await withToken.close();
  });

  const credentialFile = JSON.stringify([
    { profile: "other", public_key: "wrong", private_key: "wrong" },
    { profile: "work", public_key: PUBLIC_KEY, private_key: PRIVATE_KEY },
  ]);
  const configFile = (url: string): string =>
    JSON.stringify([
      { profile: "other", region: "cn-wrong", active: false },
      { profile: "work", region: demo.otherRegion, project_id: demo.projectId, base_url: url, active: true },
    ]);
  const keys = { publicKey: PUBLIC_KEY, privateKey: PRIVATE_KEY };
  const scope = { region: demo.otherRegion, projectId: demo.projectId };

  interface Case {
    readonly title: string;
    readonly options: (url: string) => PluginOptions;
    readonly settings: (url: string, home: string) => object;
    readonly isTemporary?: boolean;
  }

  const cases: Case[] = [
    {
      title: "stack config, every value a string",
      options: () => ({}),
      settings: (baseUrl) => ({ ...keys, ...scope, baseUrl, maxRetries: "0", timeoutSeconds: "2.5" }),
    },
    {
      title: "a YAML provider, numbers as numbers and secrets wrapped",
      options: () => ({}),
      settings: (baseUrl) => ({
        publicKey: makeSecret(PUBLIC_KEY),
        privateKey: makeSecret(PRIVATE_KEY),
        securityToken: makeSecret(TOKEN),
        ...scope,
        baseUrl,
        maxRetries: 0,
        timeoutSeconds: 2.5,
        maxConcurrency: makeSecret(4),
        version: "0.1.0",
      }),
      isTemporary: true,
    },
    {
      title: "environment variables",
      options: (url) => ({
        env: {
          UCLOUD_PUBLIC_KEY: PUBLIC_KEY,
          UCLOUD_PRIVATE_KEY: PRIVATE_KEY,
          UCLOUD_SECURITY_TOKEN: TOKEN,
          UCLOUD_REGION: demo.otherRegion,
          UCLOUD_PROJECT_ID: demo.projectId,
          UCLOUD_API_BASE_URL: url,
        },
      }),
      settings: () => ({ region: null }),
      isTemporary: true,
    },
    {
      title: "the active profile of the home folder",
      options: (url) => ({
        homeFiles: { ".ucloud/config.json": configFile(url), ".ucloud/credential.json": credentialFile },
      }),
      settings: () => ({}),
    },
    {
      title: "a named profile of files that are named",
      options: (url) => ({ homeFiles: { "a b/c.json": configFile(url), "d.json": credentialFile } }),
      settings: (_url, home) => ({
        profile: "work",
        sharedConfigFile: path.join(home, "a b", "c.json"),
        sharedCredentialsFile: "~/d.json",
      }),
    },
  ];

  for (const { title, options, settings, isTemporary = false } of cases) {
    it(`comes from ${title}`, async () => {
      const cloud = isTemporary ? withToken : simulator;
      const seen = cloud.requests.length;
      const plugin = await startPlugin(options(cloud.url));
      try {
        await plugin.configure(settings(cloud.url, plugin.home));
        const result = await plugin.invokeResult("getURedisBackups", { groupId: demo.otherRegionGroupId });
        assert.ok(Array.isArray(result.backups) && result.backups.length > 0);
        assert.deepEqual([result.region, result.projectId], [demo.otherRegion, demo.projectId]);
        const asked = cloud.requests
          .slice(seen)
          .map(({ parameters: { Region, ProjectId, SecurityToken } }) => {
            return [Region, ProjectId, SecurityToken];
          });
        assert.deepEqual(asked, [[demo.otherRegion, demo.projectId, isTemporary ? TOKEN : undefined]]);
      } finally {
        await plugin.stop();
      }
    });
  }

  it("is overridden by the call", async () => {
    const plugin = await startPlugin({ settings: { ...keys, ...scope, baseUrl: simulator.url } });
    try {
      const args = { region: demo.region, projectId: demo.otherProjectId, groupId: demo.otherProjectGroupId };
      const result = await plugin.invokeResult("getURedisBackups", args);
      assert.deepEqual(
        [result.region, result.projectId, result.totalCount],
        [demo.region, demo.otherProjectId, 5],
      );
    } finally {
      await plugin.stop();
    }
  });

  it("comes from the environment for calls without a Configure", async () => {
    const env = {
      UCLOUD_PUBLIC_KEY: PUBLIC_KEY,
      UCLOUD_PRIVATE_KEY: PRIVATE_KEY,
      UCLOUD_API_BASE_URL: simulator.url,
    };
    const plugin = await startPlugin({ env });
    try {
      const args = { region: demo.region, groupId: demo.healthyGroupId };
      assert.equal((await plugin.invokeResult("getLatestURedisBackup", args)).usable, true);
    } finally {
      await plugin.stop();
    }
  });
});
