import * as assert from "node:assert/strict";
import { resolveSettings } from "../../provider/ucloud/settings";
import { CONFIG_FILE, CREDENTIALS_FILE, surround } from "./surroundings";

const files = {
  [CONFIG_FILE]: [{ profile: "work", active: true, region: "profile-region" }],
  [CREDENTIALS_FILE]: [{ profile: "work", public_key: "profile-public", private_key: "profile-private" }],
};
const env = { UCLOUD_PUBLIC_KEY: "env-public", UCLOUD_PRIVATE_KEY: "env-private" };

describe("resolveSettings: a profile that the stack names", () => {
  it("is not passed over for keys of the environment without a word", () => {
    const { credentials, warnings } = resolveSettings({ profile: "work" }, surround({ env, files }));
    assert.equal(credentials?.publicKey, "env-public");
    assert.match(warnings.join(), /^Keys from the environment .* are used, not those of the profile/);
  });

  it("is missed aloud where keys come from elsewhere", () => {
    const { warnings } = resolveSettings({ profile: "nobody" }, surround({ env, files }));
    assert.match(warnings.join(), /the profile that `profile` names is in neither/);
  });

  it("is no matter where its keys are used, nor where the environment names it", () => {
    assert.deepEqual(resolveSettings({ profile: "work" }, surround({ files })).warnings, []);
    const named = { ...env, UCLOUD_PROFILE: "work" };
    assert.deepEqual(resolveSettings({}, surround({ env: named, files })).warnings, []);
  });
});
