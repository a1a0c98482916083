import assert from "node:assert/strict";
import type { InvalidInputError } from "../../provider/ucloud/errors";
import { resolveSettings } from "../../provider/ucloud/settings";
import { SETTING_NAMES } from "../../provider/ucloud/settingSources";
import { CONFIG_FILE, createHostEnvironment, CREDENTIALS_FILE } from "../support/hostEnvironment";

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

describe("resolveSettings: sources", () => {
  it("has defaults if nothing is set", () => {
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
      origins: { baseUrl: "the default `baseUrl`", keys: "Both keys came from nowhere." },
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
  const blankEnv = Object.fromEntries(Object.keys(env).map((name, index) => [name, " ".repeat(index % 2)]));
  const absent = { publicKey: null, region: undefined, timeoutSeconds: null, baseUrl: null };
  const orders: [name: string, given: object, environment: object, expected: object][] = [
    ["given values before all others", given, { env, files }, expect("given", 9)],
    ["the environment before the profile", {}, { env, files }, expect("env", 8)],
    ["the profile before defaults", {}, { files }, expect("profile", 7)],
    ["the environment if null or undefined was given", absent, { env, files }, expect("env", 8)],
    ["the profile if a variable is empty or blank", {}, { env: blankEnv, files }, expect("profile", 7)],
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

  it("removes surrounding blanks, because a key read from a file ends with a line break", () => {
    const environment = createHostEnvironment({ env: { UCLOUD_PRIVATE_KEY: "env-private\n" } });
    const { credentials, region } = resolveSettings(
      { publicKey: " given-public\r\n", region: "cn-bj2 " },
      environment,
    );
    assert.deepEqual(credentials, { publicKey: "given-public", privateKey: "env-private" });
    assert.equal(region, "cn-bj2");
  });

  it("takes nothing that an object inherits", () => {
    const inherited = Object.create({ region: "inherited", nonsense: 1 }) as Record<string, unknown>;
    assert.equal(resolveSettings(inherited, createHostEnvironment()).region, undefined);
  });

  it("takes one of the words for umemRows, and auto by default", () => {
    const read = (umemRows?: string): string =>
      resolveSettings({ umemRows }, createHostEnvironment()).umemRows;
    assert.deepEqual(
      [read(), read("auto"), read("shards"), read(" backups ")],
      ["auto", "auto", "shards", "backups"],
    );
    assert.throws(() => read("s3cret"), {
      message: "[InvalidConfig] umemRows: must be one of auto, shards, backups",
    });
  });

  it("does not read maxRetries and maxConcurrency from the environment", () => {
    const env = { UCLOUD_MAX_RETRIES: "9", UCLOUD_MAX_CONCURRENCY: "9" };
    const { maxRetries, maxConcurrency } = resolveSettings({}, createHostEnvironment({ env }));
    assert.deepEqual([maxRetries, maxConcurrency], [3, 8]);
  });
});

describe("resolveSettings: refusals", () => {
  /** The properties that were refused. Fails if a value is repeated. */
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

  for (const name of SETTING_NAMES) {
    it(`reads ${name}, and refuses an object or an empty string for it`, () => {
      for (const value of [{ a: "s3cret" }, ["s3cret"], "", true]) {
        assert.deepEqual(findRefused({ [name]: value }), [name]);
      }
    });
  }

  const badUrls = [
    "ftp://s3cret",
    "https://u:s3cret@h",
    "https://h/?s3cret",
    "https://h/#s3cret",
    "//s3cret",
  ];
  const values: [setting: string, ...values: unknown[]][] = [
    ["publicKey", "  ", 7],
    ["privateKey", 7],
    ["region", 7],
    ["profile", 0],
    ["baseUrl", 7, "s3cret", ...badUrls],
    ["maxRetries", -1, 11, 1.5, NaN, Infinity, "s3cret", "1e1", "0x1", "-1"],
    ["timeoutSeconds", 0, -1, 601, NaN, "s3cret", "0"],
    ["maxConcurrency", 0, 65, 1.5, "s3cret", "0"],
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
    it(`takes ${setting} at its bounds`, () => {
      for (const value of taken) resolveSettings({ [setting]: value }, createHostEnvironment());
    });
  }

  it("refuses unknown settings by name, null ones and names of an object's prototype included", () => {
    const unknown = JSON.parse(
      '{"__proto__":"s3cret","constructor":1,"toString":2,"publickey":"s3cret","nonsense":null}',
    ) as Record<string, unknown>;
    assert.deepEqual(findRefused(unknown), ["__proto__", "constructor", "toString", "publickey", "nonsense"]);
  });

  for (const [name, meant] of [
    ["privatekey", "privateKey"],
    ["private_key", "privateKey"],
    ["BaseURL", "baseUrl"],
  ] as const) {
    it(`suggests ${meant} for ${name}`, () => {
      assert.throws(() => resolveSettings({ [name]: "s3cret" }, createHostEnvironment()), {
        message: new RegExp(
          `^\\[InvalidConfig\\] ${name}: is not a setting; .*\\. Did you mean \`${meant}\`\\?$`,
        ),
      });
    });
  }

  it("names everything that is wrong in one error", () => {
    assert.deepEqual(findRefused({ a: 1, region: 7, maxRetries: -1, baseUrl: "s3cret" }).toSorted(), [
      "a",
      "baseUrl",
      "maxRetries",
      "region",
    ]);
  });

  it("refuses malformed values of the environment and the profile", () => {
    const refuse = (environment: object): string[] => findRefused({}, createHostEnvironment(environment));
    assert.deepEqual(refuse({ env: { UCLOUD_TIMEOUT_SECOND: "s3cret" } }), ["timeoutSeconds"]);
    assert.deepEqual(refuse({ env: { UCLOUD_API_BASE_URL: "s3cret" } }), ["baseUrl"]);
    const profile = { active: true, base_url: "s3cret", timeout_sec: -1 };
    assert.deepEqual(refuse({ files: { [CONFIG_FILE]: [profile] } }), ["baseUrl", "timeoutSeconds"]);
  });

  it("names the variable of a malformed number", () => {
    const environment = createHostEnvironment({ env: { UCLOUD_TIMEOUT_SECOND: "soon" } });
    assert.throws(() => resolveSettings({}, environment), {
      message:
        "[InvalidConfig] timeoutSeconds: UCLOUD_TIMEOUT_SECOND must be a number above 0 and at most 600",
    });
  });
});
