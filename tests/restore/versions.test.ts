import assert from "node:assert/strict";
import {
  compareVersions,
  isSameVersion,
  pickNewerVersion,
  shortenVersion,
} from "../../provider/restore/versions";

describe("Redis versions", () => {
  for (const [a, b, order] of [
    ["6", "6.0", 0],
    ["6.0.20", "6.0", 0],
    ["5.0", "6.0", -1],
    ["6.2", "6.0", 2],
    ["10.0", "9.9", 1],
    ["six", "6.0", undefined],
    ["6.0", "", undefined],
  ] as const) {
    it(`${a} and ${b === "" ? "nothing" : b} are compared by major and minor`, () => {
      assert.equal(compareVersions(a, b), order);
      assert.equal(isSameVersion(a, b), order === 0);
    });
  }

  it("that cannot be read are the same only if they are spelt alike", () => {
    assert.ok(isSameVersion("six", " six"));
    assert.ok(!isSameVersion("six", "seven"));
  });

  it("have a short form, and a newer one of two", () => {
    assert.deepEqual(["6", "6.0.20", "v6"].map(shortenVersion), ["6.0", "6.0", undefined]);
    assert.equal(pickNewerVersion("5.0", "6.0"), "6.0");
    assert.equal(pickNewerVersion("7.0", "6.0"), "7.0");
    assert.equal(pickNewerVersion(undefined, "6.0"), "6.0");
    assert.equal(pickNewerVersion(undefined, undefined), undefined);
  });
});
