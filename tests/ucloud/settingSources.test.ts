import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { getHostEnvironment, SETTING_NAMES } from "../../provider/ucloud/settingSources";
import { resolveSettings } from "../../provider/ucloud/settings";
import { createHostEnvironment } from "../support/hostEnvironment";

describe("setting sources", () => {
  it("know the settings of the schema, and no others", () => {
    assert.deepEqual([...SETTING_NAMES].sort(), [
      "baseUrl",
      "maxConcurrency",
      "maxRetries",
      "privateKey",
      "profile",
      "projectId",
      "publicKey",
      "region",
      "securityToken",
      "sharedConfigFile",
      "sharedCredentialsFile",
      "timeoutSeconds",
      "umemRows",
    ]);
  });

  it("find the profile and its files by the variables of UCloud's tools", () => {
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

  it("do not look for maxRetries and maxConcurrency in the environment", () => {
    const env = { UCLOUD_MAX_RETRIES: "9", UCLOUD_MAX_CONCURRENCY: "9" };
    const { maxRetries, maxConcurrency } = resolveSettings({}, createHostEnvironment({ env }));
    assert.deepEqual([maxRetries, maxConcurrency], [3, 8]);
  });

  it("take one of the words for umemRows, and auto by default", () => {
    const read = (umemRows?: string): string =>
      resolveSettings({ umemRows }, createHostEnvironment({})).umemRows;
    assert.deepEqual(
      [read(), read("auto"), read("shards"), read(" backups ")],
      ["auto", "auto", "shards", "backups"],
    );
    assert.throws(() => read("s3cret"), {
      message: "[InvalidConfig] umemRows: must be one of auto, shards, backups",
    });
  });

  it("name the variable whose number is malformed", () => {
    assert.throws(
      () => resolveSettings({}, createHostEnvironment({ env: { UCLOUD_TIMEOUT_SECOND: "soon" } })),
      {
        message:
          "[InvalidConfig] timeoutSeconds: UCLOUD_TIMEOUT_SECOND must be a number above 0 and at most 600",
      },
    );
  });

  it("are the process's own environment, home and files if not told otherwise", () => {
    const folder = mkdtempSync(join(tmpdir(), "setting-sources-"));
    try {
      const file = join(folder, "a.json");
      writeFileSync(file, "[]");
      const { env, home, readFile } = getHostEnvironment();
      assert.equal(env, process.env);
      assert.equal(home, homedir());
      assert.equal(readFile(file), "[]");
      assert.equal(readFile(join(folder, "missing.json")), undefined);
      assert.equal(readFile(folder), undefined);
      assert.equal(readFile("a\0b"), undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
