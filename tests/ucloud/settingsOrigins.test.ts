import assert from "node:assert/strict";
import { resolveSettings, type Settings } from "../../provider/ucloud/settings";
import { CONFIG_FILE, CREDENTIALS_FILE, createHostEnvironment } from "../support/hostEnvironment";

const files = {
  [CONFIG_FILE]: [{ profile: "work", active: true, base_url: "https://profile.example" }],
  [CREDENTIALS_FILE]: [{ profile: "work", public_key: "profile-public", private_key: "profile-private" }],
};
const GIVEN = "the stack's config or the provider's arguments";
const pair = { publicKey: "given-public", privateKey: "given-private" };
const PUBLIC = { UCLOUD_PUBLIC_KEY: "env-public" };
const PRIVATE = { UCLOUD_PRIVATE_KEY: "env-private" };
const TOKEN = { UCLOUD_SECURITY_TOKEN: "env-token" };

const resolve = (given: object, env: Record<string, string>): Settings =>
  resolveSettings({ ...given }, createHostEnvironment({ env, files }));

describe("resolveSettings: keys of two sources", () => {
  const splits: [name: string, given: object, env: Record<string, string>, origin: string][] = [
    [
      "the config and the environment",
      { publicKey: "given-public" },
      PRIVATE,
      `\`publicKey\` came from ${GIVEN}, \`privateKey\` from UCLOUD_PRIVATE_KEY.`,
    ],
    [
      "the environment and the profile",
      {},
      PUBLIC,
      '`publicKey` came from UCLOUD_PUBLIC_KEY, `privateKey` from the profile "work".',
    ],
    [
      "the profile and the config",
      { privateKey: "given-private" },
      {},
      `\`publicKey\` came from the profile "work", \`privateKey\` from ${GIVEN}.`,
    ],
  ];
  for (const [name, given, env, origin] of splits) {
    it(`are used with a warning that names both: ${name}`, () => {
      const { credentials, warnings, origins } = resolve(given, env);
      assert.notEqual(credentials, undefined);
      assert.deepEqual(warnings, [`${origin} Check that they belong together, or give both in one place.`]);
      assert.equal(origins.keys, origin);
    });
  }

  const pairs: [name: string, given: object, env: Record<string, string>, publicKey: string][] = [
    ["the config", pair, {}, "given-public"],
    ["the config, whatever the environment holds", pair, { ...PUBLIC, ...PRIVATE, ...TOKEN }, "given-public"],
    ["the environment, with its token", {}, { ...PUBLIC, ...PRIVATE, ...TOKEN }, "env-public"],
    ["the profile", {}, {}, "profile-public"],
  ];
  for (const [name, given, env, publicKey] of pairs) {
    it(`are not warned of where both are of ${name}`, () => {
      const { credentials, warnings } = resolve(given, env);
      assert.deepEqual([credentials?.publicKey, warnings], [publicKey, []]);
    });
  }

  it("are not warned of where one is missing, since none is used", () => {
    const environment = createHostEnvironment({ env: PUBLIC });
    assert.deepEqual(resolveSettings({}, environment).warnings, []);
  });

  it("say that a token of the environment is not used with keys of the profile", () => {
    const { credentials, warnings } = resolve({}, TOKEN);
    assert.equal(credentials?.securityToken, undefined);
    assert.match(warnings.join(), /^UCLOUD_SECURITY_TOKEN is not used, /);
  });

  it("warn of a given token with keys of the environment, and use it", () => {
    const { credentials, warnings } = resolve({ securityToken: "given-token" }, { ...PUBLIC, ...PRIVATE });
    assert.equal(credentials?.securityToken, "given-token");
    assert.match(warnings.join(), /^`securityToken` came from the stack's config .*UCLOUD_PUBLIC_KEY/);
  });
});

describe("resolveSettings: an API that is not the default", () => {
  const cases: [name: string, given: object, env: Record<string, string>, notice: RegExp][] = [
    [
      "the config",
      { baseUrl: "https://a.example" },
      {},
      /at a\.example \(`baseUrl` from the stack's config or/,
    ],
    [
      "the environment",
      {},
      { UCLOUD_API_BASE_URL: "http://127.0.0.1:8080/" },
      /at 127\.0\.0\.1:8080 \(`baseUrl` from UCLOUD_API_BASE_URL\), not at api\.ucloud\.cn\.$/,
    ],
    ["the profile", {}, {}, /at profile\.example \(`baseUrl` from the profile "work"\)/],
  ];
  for (const [name, given, env, notice] of cases) {
    it(`is said with its host and where it came from: ${name}`, () => {
      const { notices } = resolve(given, env);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? "", notice);
    });
  }

  it("is not said of the default, however it is written", () => {
    for (const baseUrl of ["https://api.ucloud.cn", "https://API.ucloud.cn:443/"]) {
      assert.deepEqual(resolve({ baseUrl }, {}).notices, []);
    }
    assert.deepEqual(resolveSettings({}, createHostEnvironment()).notices, []);
  });
});
