import assert from "node:assert/strict";
import type { InvalidInputError } from "../../provider/ucloud/errors";
import { requireCredentials, resolveSettings } from "../../provider/ucloud/settings";
import { CONFIG_FILE, CREDENTIALS_FILE, createHostEnvironment } from "../support/hostEnvironment";

const files = {
  [CONFIG_FILE]: [
    {
      profile: "work",
      active: true,
      region: "profile-region",
      project_id: "profile-project",
      base_url: "https://profile.example",
      timeout_sec: 7,
    },
  ],
  [CREDENTIALS_FILE]: [{ profile: "work", public_key: "profile-public", private_key: "profile-private" }],
};
const env = {
  UCLOUD_PUBLIC_KEY: "env-public",
  UCLOUD_PRIVATE_KEY: "env-private",
  UCLOUD_PROJECT_ID: "env-project",
  UCLOUD_REGION: "env-region",
  UCLOUD_API_BASE_URL: "https://env.example",
  UCLOUD_TIMEOUT_SECOND: "8",
};
const given = {
  publicKey: "given-public",
  privateKey: "given-private",
  projectId: "given-project",
  region: "given-region",
  baseUrl: "https://given.example",
  timeoutSeconds: 9,
};

describe("resolveSettings: where settings come from", () => {
  it("has defaults where nothing is said", () => {
    assert.deepEqual(resolveSettings({}, createHostEnvironment()), {
      credentials: undefined,
      missingKeys: ["publicKey", "privateKey"],
      region: undefined,
      projectId: undefined,
      baseUrl: "https://api.ucloud.cn",
      maxRetries: 3,
      timeoutSeconds: 30,
      maxConcurrency: 8,
      umemRows: "auto",
      origins: {
        baseUrl: "the default `baseUrl`",
        keys: "Both keys came from nowhere.",
      },
      profileProblems: [],
      warnings: [],
      notices: [],
    });
  });

  const expect = (source: string, timeoutSeconds: number): object => ({
    credentials: { publicKey: `${source}-public`, privateKey: `${source}-private` },
    region: `${source}-region`,
    projectId: `${source}-project`,
    baseUrl: `https://${source}.example`,
    timeoutSeconds,
  });
  const orders: [name: string, given: object, surroundings: object, expected: object][] = [
    ["what was given before all else", given, { env, files }, expect("given", 9)],
    ["the environment before the profile", {}, { env, files }, expect("env", 8)],
    ["the profile before defaults", {}, { files }, expect("profile", 7)],
    [
      "the environment where null or nothing was given",
      { publicKey: null, region: undefined, timeoutSeconds: null, baseUrl: null },
      { env, files },
      expect("env", 8),
    ],
    [
      "the profile where a variable is empty or blank",
      {},
      {
        env: Object.fromEntries(Object.keys(env).map((name, index) => [name, " ".repeat(index % 2)])),
        files,
      },
      expect("profile", 7),
    ],
  ];
  for (const [name, given, environment, expected] of orders) {
    it(`takes ${name}`, () => {
      const settings = resolveSettings({ ...given }, createHostEnvironment(environment));
      for (const [setting, value] of Object.entries(expected)) {
        assert.deepEqual(settings[setting as keyof typeof settings], value, setting);
      }
    });
  }

  it("takes numbers that are written as text", () => {
    const settings = resolveSettings(
      { maxRetries: "0", timeoutSeconds: "1.5", maxConcurrency: " 64 " },
      createHostEnvironment(),
    );
    assert.deepEqual([settings.maxRetries, settings.timeoutSeconds, settings.maxConcurrency], [0, 1.5, 64]);
  });

  it("takes texts without the blanks around them, as a key read from a file has a line's end", () => {
    const environment = createHostEnvironment({ env: { UCLOUD_PRIVATE_KEY: "env-private\n" } });
    const { credentials, region } = resolveSettings(
      { publicKey: " given-public\r\n", region: "cn-bj2 " },
      environment,
    );
    assert.deepEqual(
      { credentials, region },
      {
        credentials: { publicKey: "given-public", privateKey: "env-private" },
        region: "cn-bj2",
      },
    );
  });

  it("takes nothing that an object inherits", () => {
    const inherited = Object.create({ region: "inherited", nonsense: 1 }) as Record<string, unknown>;
    assert.equal(resolveSettings(inherited, createHostEnvironment()).region, undefined);
  });
});

describe("resolveSettings: what it refuses", () => {
  /** The properties that were refused; fails where a value is repeated. */
  function findRefused(given: Record<string, unknown>, environment = createHostEnvironment()): string[] {
    let refused: string[] = [];
    assert.throws(
      () => resolveSettings(given, environment),
      (error: InvalidInputError) => {
        assert.equal(error.code, "InvalidConfig");
        assert.ok(!error.message.includes("s3cret"), error.message);
        refused = error.failures.map(({ property }) => property);
        for (const { property } of error.failures) assert.ok(error.message.includes(`${property}: `));
        return true;
      },
    );
    return refused;
  }

  const values: [setting: string, ...values: unknown[]][] = [
    ["publicKey", "", "  ", 7, true, {}, ["s3cret"]],
    ["privateKey", "", 7, { a: "s3cret" }],
    ["securityToken", "", 7],
    ["region", "", 7, ["s3cret"]],
    ["projectId", "", false],
    ["profile", "", 0],
    ["sharedCredentialsFile", "", 0],
    ["sharedConfigFile", "", 0],
    [
      "baseUrl",
      "",
      7,
      "s3cret",
      "ftp://s3cret",
      "https://u:s3cret@h",
      "https://h/?s3cret",
      "https://h/#s3cret",
      "//s3cret",
    ],
    ["maxRetries", -1, 11, 1.5, NaN, Infinity, "", "s3cret", "1e1", "0x1", "-1", true, {}, []],
    ["timeoutSeconds", 0, -1, 601, NaN, "", "s3cret", "0", {}],
    ["maxConcurrency", 0, 65, 1.5, "s3cret", "0", []],
  ];
  for (const [setting, ...refused] of values) {
    it(`refuses a malformed ${setting} without repeating it`, () => {
      for (const value of refused) assert.deepEqual(findRefused({ [setting]: value }), [setting]);
    });
  }

  const bounds: [setting: string, ...values: unknown[]][] = [
    ["maxRetries", 0, 10],
    ["timeoutSeconds", 0.001, 600],
    ["maxConcurrency", 1, 64],
  ];
  for (const [setting, ...taken] of bounds) {
    it(`takes ${setting} up to its bounds`, () => {
      for (const value of taken) resolveSettings({ [setting]: value }, createHostEnvironment());
    });
  }

  it("refuses what is no setting, by its name, names of an object's own parts included", () => {
    const unknown = JSON.parse(
      '{"__proto__":"s3cret","constructor":1,"toString":2,"publickey":"s3cret"}',
    ) as Record<string, unknown>;
    assert.deepEqual(findRefused(unknown), ["__proto__", "constructor", "toString", "publickey"]);
  });

  for (const [name, meant] of [
    ["privatekey", "privateKey"],
    ["private_key", "privateKey"],
    ["BaseURL", "baseUrl"],
  ] as const) {
    it(`says of ${name} that ${meant} may be meant`, () => {
      assert.throws(() => resolveSettings({ [name]: "s3cret" }, createHostEnvironment()), {
        message: new RegExp(
          `^\\[InvalidConfig\\] ${name}: is not a setting; .*\\. Did you mean \`${meant}\`\\?$`,
        ),
      });
    });
  }

  it("refuses unknown settings even where they are null", () => {
    assert.deepEqual(findRefused({ nonsense: null }), ["nonsense"]);
  });

  it("names all that is wrong at once", () => {
    assert.deepEqual(findRefused({ a: 1, region: 7, maxRetries: -1, baseUrl: "s3cret" }).toSorted(), [
      "a",
      "baseUrl",
      "maxRetries",
      "region",
    ]);
  });

  it("refuses what is malformed in the environment and the profile", () => {
    assert.deepEqual(findRefused({}, createHostEnvironment({ env: { UCLOUD_TIMEOUT_SECOND: "s3cret" } })), [
      "timeoutSeconds",
    ]);
    assert.deepEqual(findRefused({}, createHostEnvironment({ env: { UCLOUD_API_BASE_URL: "s3cret" } })), [
      "baseUrl",
    ]);
    const profile = { active: true, base_url: "s3cret", timeout_sec: -1 };
    assert.deepEqual(findRefused({}, createHostEnvironment({ files: { [CONFIG_FILE]: [profile] } })), [
      "baseUrl",
      "timeoutSeconds",
    ]);
  });
});

describe("resolveSettings: security tokens", () => {
  const token = { UCLOUD_SECURITY_TOKEN: "env-token" };
  const keys = { publicKey: "a", privateKey: "b" };
  const cases: [name: string, given: object, env: object, token: string | undefined][] = [
    ["given with given keys counts", { ...keys, securityToken: "given-token" }, token, "given-token"],
    ["given with keys of the environment counts", { securityToken: "given-token" }, env, "given-token"],
    ["of the environment counts with its keys", {}, { ...env, ...token }, "env-token"],
    [
      "of the environment does not join a pair of two sources",
      { publicKey: "a" },
      { ...env, ...token },
      undefined,
    ],
    ["of the environment does not join keys of the profile", {}, token, undefined],
    ["of the environment does not belong to given keys", keys, { ...env, ...token }, undefined],
  ];
  for (const [name, given, env, expected] of cases) {
    it(`one ${name}`, () => {
      const settings = resolveSettings({ ...given }, createHostEnvironment({ env: { ...env }, files }));
      assert.equal(settings.credentials?.securityToken, expected);
      assert.equal("securityToken" in (settings.credentials ?? {}), expected !== undefined);
    });
  }
});

describe("requireCredentials", () => {
  it("returns them", () => {
    const keys = { publicKey: "a", privateKey: "b" };
    assert.deepEqual(requireCredentials(resolveSettings(keys, createHostEnvironment())), keys);
  });

  for (const given of [{}, { publicKey: "s3cret" }, { privateKey: "s3cret" }, { securityToken: "s3cret" }]) {
    it(`says how to get them when there are ${JSON.stringify(Object.keys(given))} only`, () => {
      assert.throws(() => requireCredentials(resolveSettings(given, createHostEnvironment())), {
        code: "MissingCredentials",
        message:
          /^\[MissingCredentials\] (?!.*s3cret)(?!.*Note).*pulumi config set.*UCLOUD_PUBLIC_KEY.*`profile`/,
      });
    });
  }

  for (const name of ["publicKey", "privateKey"]) {
    it(`names ${name} where it alone is missing`, () => {
      const given = { publicKey: "a", privateKey: "b", [name]: undefined };
      assert.throws(() => requireCredentials(resolveSettings(given, createHostEnvironment())), {
        message: new RegExp(`, and \`${name}\` is missing\\.`),
      });
    });
  }

  it("says what is wrong with the profile that a variable names", () => {
    const settings = resolveSettings({}, createHostEnvironment({ env: { UCLOUD_PROFILE: "nobody" }, files }));
    assert.throws(() => requireCredentials(settings), {
      message: /Note: the profile "nobody" is in neither of the shared files\.$/,
    });
  });
});
