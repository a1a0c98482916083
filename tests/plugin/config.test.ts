import assert from "node:assert/strict";
import * as fc from "fast-check";
import { UNKNOWN } from "../../provider/engine/unknowns";
import { type PropertyValue, Secret } from "../../provider/plugin/codec";
import { checkConfig, resolveConfig } from "../../provider/plugin/config";
import { SETTING_NAMES, type HostEnvironment } from "../../provider/ucloud/settingSources";

const NOWHERE: HostEnvironment = { env: {}, home: "/home/nobody", readFile: () => undefined };
const KEY_NAMES = ["publicKey", "privateKey", "securityToken"];

/** Long enough to be a key, and not a word of any message. */
const key = fc.stringMatching(/^[0-9A-Z]{20,40}$/);
const value: fc.Arbitrary<PropertyValue> = fc.oneof(
  key,
  key.map((each) => new Secret(each)),
  key.map((each) => [each]),
  key.map((each) => ({ [each]: each })),
  fc.constantFrom<PropertyValue>("", null, true, -1, UNKNOWN, new Secret(UNKNOWN), "https://x/?a=b", "7"),
);
const name = fc.oneof(
  fc.constantFrom(...SETTING_NAMES),
  fc.constantFrom("nope", "constructor", "__internal"),
);
const settings = fc.dictionary(name, value, { noNullPrototype: true });

describe("a check of the configuration", () => {
  it("refuses exactly what Configure refuses", () => {
    fc.assert(
      fc.property(settings, (given) => {
        const { failures } = checkConfig(given, NOWHERE);
        if (failures.length === 0) resolveConfig(given, NOWHERE);
        else assert.throws(() => resolveConfig(given, NOWHERE), { code: "InvalidConfig" });
      }),
    );
  });

  it("names no property whose value may be a key, and repeats no value", () => {
    fc.assert(
      fc.property(settings, (given) => {
        for (const { property, reason } of checkConfig(given, NOWHERE).failures) {
          assert.ok(!KEY_NAMES.includes(property));
          assert.doesNotMatch(reason, /[0-9A-Z]{20}/);
          const shown = property === "" ? "" : given[property];
          assert.ok(typeof shown === "number" || (typeof shown === "string" && shown.length <= 16));
        }
      }),
    );
  });

  it("returns every setting, with the keys marked as secret and nothing else changed", () => {
    fc.assert(
      fc.property(settings, (given) => {
        const { inputs, failures } = checkConfig(given, NOWHERE);
        assert.deepEqual(Object.keys(inputs), Object.keys(given));
        for (const [each, was] of Object.entries(given)) {
          const isKey =
            KEY_NAMES.includes(each) && typeof was === "string" && was !== UNKNOWN && failures.length === 0;
          assert.deepEqual(inputs[each], isKey ? new Secret(was) : was);
        }
      }),
    );
  });
});

describe("a configuration", () => {
  it("may contain nested secret marks, and numbers as text", () => {
    const given = {
      publicKey: "a",
      privateKey: new Secret(new Secret("b")),
      maxRetries: new Secret("2"),
      maxConcurrency: 3,
    };
    const { credentials, maxRetries, maxConcurrency } = resolveConfig(given, NOWHERE);
    assert.deepEqual(credentials, { publicKey: "a", privateKey: "b" });
    assert.deepEqual([maxRetries, maxConcurrency], [2, 3]);
  });

  it("is not refused for a profile whose file is unknown", () => {
    for (const file of ["sharedConfigFile", "sharedCredentialsFile"]) {
      assert.deepEqual(checkConfig({ profile: "work", [file]: UNKNOWN }, NOWHERE).failures, []);
      assert.equal(checkConfig({ profile: "work", [file]: "/a" }, NOWHERE).failures.length, 1);
    }
  });
});
