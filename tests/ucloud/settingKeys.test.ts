import assert from "node:assert/strict";
import { requireCredentials, resolveSettings, type Settings } from "../../provider/ucloud/settings";
import { CONFIG_FILE, createHostEnvironment, CREDENTIALS_FILE } from "../support/hostEnvironment";

type Env = Record<string, string>;

const files = {
  [CONFIG_FILE]: [{ profile: "work", active: true, base_url: "https://profile.example" }],
  [CREDENTIALS_FILE]: [{ profile: "work", public_key: "profile-public", private_key: "profile-private" }],
};
const GIVEN = "the stack's config or the provider's arguments";
const pair = { publicKey: "given-public", privateKey: "given-private" };
const PUBLIC = { UCLOUD_PUBLIC_KEY: "env-public" };
const PRIVATE = { UCLOUD_PRIVATE_KEY: "env-private" };
const KEYS = { ...PUBLIC, ...PRIVATE };
const TOKEN = { UCLOUD_SECURITY_TOKEN: "env-token" };

const resolve = (given: object, env: Env): Settings =>
  resolveSettings({ ...given }, createHostEnvironment({ env, files }));

describe("resolveSettings: keys of several sources", () => {
  const splits: [name: string, given: object, env: Env, origin: string][] = [
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

  const pairs: [name: string, given: object, env: Env, publicKey: string][] = [
    ["the config", pair, {}, "given-public"],
    ["the config, whatever the environment holds", pair, { ...KEYS, ...TOKEN }, "given-public"],
    ["the environment, with its token", {}, { ...KEYS, ...TOKEN }, "env-public"],
    ["the profile", {}, {}, "profile-public"],
  ];
  for (const [name, given, env, publicKey] of pairs) {
    it(`cause no warning if both are from ${name}`, () => {
      const { credentials, warnings } = resolve(given, env);
      assert.deepEqual([credentials?.publicKey, warnings], [publicKey, []]);
    });
  }

  it("cause no warning if one is missing, because none is used then", () => {
    assert.deepEqual(resolveSettings({}, createHostEnvironment({ env: PUBLIC })).warnings, []);
  });
});

describe("resolveSettings: security tokens", () => {
  const given = { securityToken: "given-token" };
  const cases: [name: string, given: object, env: Env, token: string | undefined, warning?: RegExp][] = [
    ["a given token with given keys", { ...pair, ...given }, TOKEN, "given-token"],
    [
      "a given token with the environment's keys",
      given,
      KEYS,
      "given-token",
      /^`securityToken` came from the/,
    ],
    ["the environment's token with its keys", {}, { ...KEYS, ...TOKEN }, "env-token"],
    [
      "not the environment's token with keys of two sources",
      { publicKey: "a" },
      { ...KEYS, ...TOKEN },
      undefined,
      /UCLOUD_SECURITY_TOKEN is not used, /,
    ],
    [
      "not the environment's token with the profile's keys",
      {},
      TOKEN,
      undefined,
      /^UCLOUD_SECURITY_TOKEN is not used, /,
    ],
    ["not the environment's token with given keys", pair, { ...KEYS, ...TOKEN }, undefined],
  ];
  for (const [name, given, env, expected, warning] of cases) {
    it(`uses ${name}${warning === undefined ? "" : ", with a warning"}`, () => {
      const { credentials, warnings } = resolve(given, env);
      assert.ok(credentials);
      assert.equal(credentials.securityToken, expected);
      assert.equal("securityToken" in credentials, expected !== undefined);
      assert.match(warnings.join(), warning ?? /^$/);
    });
  }
});

describe("resolveSettings: a given profile", () => {
  it("causes a warning if keys of the environment are used instead", () => {
    const { credentials, warnings } = resolve({ profile: "work" }, KEYS);
    assert.equal(credentials?.publicKey, "env-public");
    assert.match(warnings.join(), /^Keys from the environment .* are used, not those of the profile/);
  });

  it("is refused by name if it does not exist, wherever the keys came from", () => {
    for (const env of [KEYS, {}]) {
      assert.throws(() => resolve({ profile: "nobody" }, env), {
        message: '[InvalidConfig] profile: the profile "nobody" is in neither of the shared files',
      });
    }
  });

  it("is refused without its name if that is as long as a key", () => {
    assert.throws(() => resolve({ profile: "s3cret-as-long-as-a-key" }, {}), {
      message: "[InvalidConfig] profile: the profile that is named is in neither of the shared files",
    });
  });

  it("causes a warning if a variable names it, it does not exist, and the keys came from elsewhere", () => {
    const { credentials, warnings } = resolve({}, { ...KEYS, UCLOUD_PROFILE: "nobody" });
    assert.equal(credentials?.publicKey, "env-public");
    assert.deepEqual(warnings, ['Note that the profile "nobody" is in neither of the shared files.']);
  });

  it("causes no warning if its keys are used, or if a variable names it", () => {
    assert.deepEqual(resolve({ profile: "work" }, {}).warnings, []);
    assert.deepEqual(resolve({}, { ...KEYS, UCLOUD_PROFILE: "work" }).warnings, []);
  });

  it("is found, with its files, by the variables of UCloud's tools", () => {
    const environment = createHostEnvironment({
      env: {
        UCLOUD_PROFILE: "other",
        UCLOUD_SHARED_CONFIG_FILE: "/c.json",
        UCLOUD_SHARED_CREDENTIAL_FILE: "/k.json",
      },
      files: {
        "/c.json": [{ profile: "other", region: "other-region" }],
        "/k.json": [{ profile: "other", public_key: "a", private_key: "b" }],
      },
    });
    const { region, credentials } = resolveSettings({}, environment);
    assert.deepEqual([region, credentials], ["other-region", { publicKey: "a", privateKey: "b" }]);
    assert.deepEqual(environment.read, ["/c.json", "/k.json"]);
  });
});

describe("resolveSettings: an API that is not the default", () => {
  const local = { UCLOUD_API_BASE_URL: "http://127.0.0.1:8080/" };
  const cases: [name: string, given: object, env: Env, notice: RegExp][] = [
    [
      "the config",
      { baseUrl: "https://a.example" },
      {},
      /to a\.example \(`baseUrl` from the stack's config or/,
    ],
    [
      "the environment",
      {},
      local,
      /to 127\.0\.0\.1:8080 \(`baseUrl` from UCLOUD_API_BASE_URL\), not at api\.ucloud\.cn\.$/,
    ],
    ["the profile", {}, {}, /to profile\.example \(`baseUrl` from the profile "work"\)/],
  ];
  for (const [name, given, env, notice] of cases) {
    it(`causes a notice with its host and where it came from: ${name}`, () => {
      const { notices } = resolve(given, env);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? "", notice);
    });
  }

  it("does not include the default, however it is written", () => {
    for (const baseUrl of ["https://api.ucloud.cn", "https://API.ucloud.cn:443/"]) {
      assert.deepEqual(resolve({ baseUrl }, {}).notices, []);
    }
  });
});

describe("requireCredentials", () => {
  it("returns them", () => assert.deepEqual(requireCredentials(resolve(pair, {})), pair));

  const missing = (given: object, env: Env = {}): (() => unknown) => {
    const environment = createHostEnvironment({ env });
    return () => requireCredentials(resolveSettings({ ...given }, environment));
  };
  for (const given of [{}, { publicKey: "s3cret" }, { privateKey: "s3cret" }, { securityToken: "s3cret" }]) {
    it(`says how to set them if there are only ${JSON.stringify(Object.keys(given))}`, () => {
      assert.throws(missing(given), {
        code: "MissingCredentials",
        message:
          /^\[MissingCredentials\] (?!.*s3cret)(?!.*Note).*pulumi config set.*UCLOUD_PUBLIC_KEY.*`profile`/,
      });
    });
  }

  for (const name of ["publicKey", "privateKey"]) {
    it(`names ${name} if it alone is missing`, () => {
      assert.throws(missing({ ...pair, [name]: undefined }), {
        message: new RegExp(`, and \`${name}\` is missing\\.`),
      });
    });
  }

  it("says what is wrong with the profile that a variable names", () => {
    assert.throws(missing({}, { UCLOUD_PROFILE: "nobody" }), {
      message: /Note: the profile "nobody" is in neither of the shared files\.$/,
    });
  });
});
