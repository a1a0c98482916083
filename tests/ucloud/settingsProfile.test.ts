import assert from "node:assert/strict";
import { resolveSettings } from "../../provider/ucloud/settings";
import { CONFIG_FILE, CREDENTIALS_FILE, createHostEnvironment } from "../support/hostEnvironment";

const files = {
  [CONFIG_FILE]: [{ profile: "work", active: true, region: "profile-region" }],
  [CREDENTIALS_FILE]: [{ profile: "work", public_key: "profile-public", private_key: "profile-private" }],
};
const env = { UCLOUD_PUBLIC_KEY: "env-public", UCLOUD_PRIVATE_KEY: "env-private" };

describe("resolveSettings: a profile that the stack names", () => {
  it("is not passed over for keys of the environment without a word", () => {
    const { credentials, warnings } = resolveSettings(
      { profile: "work" },
      createHostEnvironment({ env, files }),
    );
    assert.equal(credentials?.publicKey, "env-public");
    assert.match(warnings.join(), /^Keys from the environment .* are used, not those of the profile/);
  });

  it("is refused by name where it does not exist, wherever keys come from", () => {
    for (const environment of [createHostEnvironment({ env, files }), createHostEnvironment({ files })]) {
      assert.throws(() => resolveSettings({ profile: "nobody" }, environment), {
        message: '[InvalidConfig] profile: the profile "nobody" is in neither of the shared files',
      });
    }
  });

  it("is refused without its name where that is as long as a key", () => {
    const profile = "s3cret-as-long-as-a-key";
    assert.throws(() => resolveSettings({ profile }, createHostEnvironment({ files })), {
      message: "[InvalidConfig] profile: the profile that is named is in neither of the shared files",
    });
  });

  it("is warned of by name where a variable names it, it does not exist, and keys come from elsewhere", () => {
    const environment = createHostEnvironment({ env: { ...env, UCLOUD_PROFILE: "nobody" }, files });
    const { credentials, warnings } = resolveSettings({}, environment);
    assert.equal(credentials?.publicKey, "env-public");
    assert.deepEqual(warnings, ['Note that the profile "nobody" is in neither of the shared files.']);
  });

  it("is no matter where its keys are used, nor where the environment names it", () => {
    assert.deepEqual(resolveSettings({ profile: "work" }, createHostEnvironment({ files })).warnings, []);
    const named = { ...env, UCLOUD_PROFILE: "work" };
    assert.deepEqual(resolveSettings({}, createHostEnvironment({ env: named, files })).warnings, []);
  });
});
