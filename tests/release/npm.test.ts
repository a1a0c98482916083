import assert from "node:assert/strict";
import { runNpm } from "../../tools/release/npm";
import { findClosedPort } from "../support/loopback";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("npm, run by the tools", () => {
  const at = useTemporaryFolder("npm-");

  it("fails with its error, without the registry's address", async () => {
    const host = `127.0.0.1:${await findClosedPort()}`;
    const options = ["--registry", `http://key@${host}/npm/`, "--fetch-retries=0", "--cache", at("cache")];
    await assert.rejects(
      runNpm(["view", "ucloud-no-such-package", ...options], { cwd: at() }),
      ({ message }: Error) => {
        assert.match(message, /^npm view .* failed:\nnpm error /);
        assert.ok(!message.includes(host) && !message.includes("key@"), message);
        return true;
      },
    );
  });
});
