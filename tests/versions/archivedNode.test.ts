import assert from "node:assert/strict";
import { RUNTIME_VERSION } from "../../tools/release/runtimes";
import versions from "../../tools/versions/versions.json";

describe("Node.js in the plugin archives", () => {
  it("is one of the versions that the tests run on", () => {
    assert.ok(Object.values(versions.node).includes(RUNTIME_VERSION), RUNTIME_VERSION);
  });
});
