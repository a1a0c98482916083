import assert from "node:assert/strict";
import { type Profile, type ProfileLocation, readProfile } from "../../provider/ucloud/profiles";
import { CONFIG_FILE, CREDENTIALS_FILE, createHostEnvironment } from "../support/hostEnvironment";

/** Reads a profile from these files. */
function read(
  files: Record<string, unknown>,
  named: Partial<Pick<ProfileLocation, "profile" | "sharedConfigFile" | "sharedCredentialsFile">> = {},
): Profile {
  const { home, readFile } = createHostEnvironment({ files });
  return readProfile({
    profile: undefined,
    sharedConfigFile: undefined,
    sharedCredentialsFile: undefined,
    home,
    readFile,
    ...named,
  });
}

const NOTHING: Profile = {
  label: 'the profile "default"',
  isMissing: false,
  publicKey: undefined,
  privateKey: undefined,
  region: undefined,
  projectId: undefined,
  baseUrl: undefined,
  timeoutSeconds: undefined,
  problems: [],
};

const configs = [
  { profile: "a", region: "region-a" },
  {
    profile: "b",
    active: true,
    region: "region-b",
    project_id: "p",
    base_url: "https://b",
    timeout_sec: "12",
  },
  { profile: "default", region: "region-default" },
];
const credentials = [
  { profile: "a", public_key: "public-a", private_key: "private-a" },
  { profile: "b", public_key: "public-b", private_key: "private-b" },
  { profile: "default", public_key: "public-default", private_key: "private-default" },
];
const files = { [CONFIG_FILE]: configs, [CREDENTIALS_FILE]: credentials };

describe("profiles", () => {
  it("are empty, without a problem, if there are no files", () => {
    assert.deepEqual(read({}), NOTHING);
  });

  it("are the active one by default, with all its fields", () => {
    assert.deepEqual(read(files), {
      label: 'the profile "b"',
      isMissing: false,
      publicKey: "public-b",
      privateKey: "private-b",
      region: "region-b",
      projectId: "p",
      baseUrl: "https://b",
      timeoutSeconds: 12,
      problems: [],
    });
  });

  it("are the named one even if another is active", () => {
    const { region, publicKey, timeoutSeconds } = read(files, { profile: "a" });
    assert.deepEqual([region, publicKey, timeoutSeconds], ["region-a", "public-a", undefined]);
  });

  it("are the one called default if none is active", () => {
    const inactive = configs.map((config) => ({ ...config, active: false }));
    const { region, publicKey } = read({ ...files, [CONFIG_FILE]: inactive });
    assert.deepEqual([region, publicKey], ["region-default", "public-default"]);
  });

  it("have only keys, or no keys, if one of the files lacks them", () => {
    assert.equal(read({ [CREDENTIALS_FILE]: credentials }).publicKey, "public-default");
    assert.equal(read({ [CREDENTIALS_FILE]: credentials }, { profile: "a" }).publicKey, "public-a");
    assert.deepEqual(read({ [CONFIG_FILE]: configs }, { profile: "a" }), {
      ...NOTHING,
      label: 'the profile "a"',
      region: "region-a",
    });
  });

  it("never have the keys of another profile", () => {
    const others = credentials.filter(({ profile }) => profile !== "b");
    assert.deepEqual([read({ ...files, [CREDENTIALS_FILE]: others }).publicKey], [undefined]);
  });

  it("may be an active one without a name, with the keys of the one called default", () => {
    const { region, publicKey } = read({ ...files, [CONFIG_FILE]: [{ active: true, region: "nameless" }] });
    assert.deepEqual([region, publicKey], ["nameless", "public-default"]);
  });

  it("are missing if no file has their name, which is shown if it is too short for a key", () => {
    const key = "s3cret-as-long-as-a-key";
    const labels = [
      ["nobody", 'the profile "nobody"'],
      [key, "the profile that is named"],
    ] as const;
    for (const [profile, label] of labels) {
      const problems = [`${label} is in neither of the shared files`];
      assert.deepEqual(read(files, { profile }), { ...NOTHING, label, isMissing: true, problems });
    }
    assert.deepEqual(read(files, { profile: "__proto__" }).publicKey, undefined);
  });

  it("are read from named files, where ~ means the home folder", () => {
    const named = { "/home/me/x/c.json": configs, "/k.json": credentials };
    const found = read(named, { sharedConfigFile: "~/x/c.json", sharedCredentialsFile: "/k.json" });
    assert.deepEqual([found.region, found.publicKey, found.problems], ["region-b", "public-b", []]);
  });

  it("are read from paths in which ~ is not the home folder", () => {
    for (const path of ["~other/c.json", "/a/~/c.json", "a~/c.json"]) {
      assert.equal(read({ [path]: configs }, { sharedConfigFile: path }).region, "region-b");
    }
  });

  it("are read from a home folder with a $ in its name", () => {
    const { readFile } = createHostEnvironment({ files: { "/home/$&/.ucloud/config.json": configs } });
    const location = { profile: undefined, sharedConfigFile: undefined, sharedCredentialsFile: undefined };
    assert.equal(readProfile({ ...location, home: "/home/$&", readFile }).region, "region-b");
  });

  it("are read from files with a byte order mark", () => {
    assert.equal(read({ [CONFIG_FILE]: `\uFEFF${JSON.stringify(configs)}` }).region, "region-b");
  });

  const broken = ["", "s3cret", "{", '{"profile":"s3cret"}', "null", '"s3cret"', "[1,", "7"];
  for (const text of broken) {
    it(`report a file that holds ${JSON.stringify(text)}, without repeating it`, () => {
      const { problems } = read({ [CONFIG_FILE]: text, "/k": text }, { sharedCredentialsFile: "/k" });
      assert.deepEqual(problems, [
        "~/.ucloud/config.json is not a JSON array of profiles",
        "the file that `sharedCredentialsFile` names is not a JSON array of profiles",
      ]);
    });
  }

  it("report named files that cannot be read", () => {
    assert.deepEqual(read({}, { sharedConfigFile: "/s3cret", sharedCredentialsFile: "/s3cret" }).problems, [
      "the file that `sharedConfigFile` names cannot be read",
      "the file that `sharedCredentialsFile` names cannot be read",
    ]);
  });

  it("ignore malformed entries and values", () => {
    const odd = [
      null,
      7,
      "x",
      [],
      { profile: null },
      { profile: "default", region: {}, timeout_sec: "soon" },
    ];
    assert.deepEqual(
      read({ [CONFIG_FILE]: odd, [CREDENTIALS_FILE]: [{ profile: "default", public_key: [] }] }),
      NOTHING,
    );
  });

  it("have nothing that an entry inherits", () => {
    const text = '[{"profile":"default","__proto__":{"region":"s3cret","public_key":"s3cret"}}]';
    assert.deepEqual(read({ [CONFIG_FILE]: text, [CREDENTIALS_FILE]: text }), NOTHING);
  });
});
