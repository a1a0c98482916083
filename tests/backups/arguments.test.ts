import assert from "node:assert/strict";
import {
  collectFailures,
  describeFailure,
  findArgumentFailures,
  type FunctionToken,
  nameArgument,
  type RawArguments,
  refuseIfAny,
  writeVersionAsText,
} from "../../provider/backups/arguments";
import { quoteText } from "../../provider/backups/text";
import { InvalidInputError } from "../../provider/ucloud/errors";

const LIST_UREDIS = "ucloud-redis:index:getURedisBackups";
const LIST_UMEM = "ucloud-redis:index:getUMemBackups";
const LATEST_UREDIS = "ucloud-redis:index:getLatestURedisBackup";
const PIN = "ucloud-redis:index:URedisBackupPin";
const GROUP = "ucloud-redis:index:RestoredURedisGroup";
const SPACE = "ucloud-redis:index:RestoredUMemSpace";

/** The failures as `property: reason`, for reading. */
function list(...args: Parameters<typeof findArgumentFailures>): string[] {
  return findArgumentFailures(...args).map(({ property, reason }) => `${property}: ${reason}`);
}

describe("arguments, checked against the schema", () => {
  const fine: [FunctionToken, RawArguments][] = [
    [LIST_UREDIS, {}],
    [LIST_UREDIS, { region: "r", regionType: "source", states: [], backupTypes: ["a"], offset: 0, limit: 1 }],
    [LIST_UREDIS, { region: null, states: undefined, limit: null }],
    [LIST_UMEM, { zone: "z", spaceId: "s" }],
    [LATEST_UREDIS, { onStale: "warn", maxAge: "1h" }],
  ];
  for (const [token, args] of fine) {
    it(`may be ${JSON.stringify(args)} for ${token}`, () => assert.deepEqual(list(token, { args }), []));
  }

  const bad: [FunctionToken, RawArguments, RegExp[]][] = [
    [LIST_UMEM, {}, [/^zone: is required$/, /^spaceId: is required$/]],
    [LIST_UMEM, { zone: null, spaceId: "s" }, [/^zone: is required$/]],
    [LIST_UMEM, { zone: "", spaceId: " " }, [/^zone: must not be empty/, /^spaceId: must not be empty/]],
    [LIST_UREDIS, { maxAge: "1h" }, [/^maxAge: is not an argument; the arguments are region, .*limit$/]],
    [
      LIST_UREDIS,
      { region: 1, limit: "1" },
      [/^region: must be a string$/, /^limit: must be a whole number$/],
    ],
    [LIST_UREDIS, { limit: 2 ** 53 }, [/^limit: must be a whole number$/]],
    [LIST_UREDIS, { regionType: "all" }, [/^regionType: must be one of normal, source, target$/]],
    [LATEST_UREDIS, { onStale: "Warn" }, [/^onStale: must be one of error, warn$/]],
    [LIST_UREDIS, { states: "Success" }, [/^states: must be a list$/]],
    [LIST_UREDIS, { states: ["a", ["b"]] }, [/^states: holds an item, number 2, that must be a string$/]],
    [LIST_UREDIS, { states: ["a", "b", ""] }, [/^states: holds an item, number 3, that must not be empty/]],
  ];
  for (const [token, args, expected] of bad) {
    it(`may not be ${JSON.stringify(args)} for ${token}`, () => {
      const found = list(token, { args });
      assert.equal(found.length, expected.length, found.join("\n"));
      expected.forEach((pattern, i) => assert.match(found[i] ?? "", pattern));
    });
  }

  it("are only those of the schema, not the properties that every object has", () => {
    const names = ["constructor", "toString", "hasOwnProperty", "__proto__"];
    const args = Object.fromEntries(names.map((name) => [name, "x"]));
    assert.deepEqual(
      findArgumentFailures(LIST_UREDIS, { args }).map(({ property }) => property),
      names,
    );
  });

  it("of a resource include a map of texts", () => {
    assert.deepEqual(list(PIN, { args: { groupId: "g", triggers: { night: "1", "": "" } } }), []);
    for (const triggers of ["x", [], ["x"], { a: 1 }, { a: null }, { a: { b: "c" } }]) {
      assert.match(
        list(PIN, { args: { groupId: "g", triggers } }).join(),
        /^triggers: must (be a map|hold strings only)$/,
      );
    }
    assert.match(list(PIN, { args: { offset: 1 } }).join(), /^offset: is not an argument/);
  });

  const lists: [locations: unknown, failures: RegExp[]][] = [
    [[], []],
    [[{ region: "a" }, { region: "b", regionType: "target" }, { region: "c", regionType: null }], []],
    ["a", [/^locations: must be a list$/]],
    [{ region: "a" }, [/^locations: must be a list$/]],
    [["a"], [/^locations\[0\]: must be a map$/]],
    [[{ region: "a" }, null], [/^locations\[1\]: must be a map$/]],
    [[{ region: "a" }, {}], [/^locations\[1\]\.region: is required$/]],
    [[{ region: "a" }, { region: null }], [/^locations\[1\]\.region: is required$/]],
    [
      [{ region: 1, regionType: "copy" }, { region: "" }],
      [
        /^locations\[0\]\.region: must be a string$/,
        /^locations\[0\]\.regionType: must be one of normal, source, target$/,
        /^locations\[1\]\.region: must not be empty/,
      ],
    ],
    [
      [{ region: "a", zone: "z" }],
      [/^locations\[0\]\.zone: is not an argument; the arguments in locations\[0\] are region, regionType$/],
    ],
  ];
  for (const [locations, failures] of lists) {
    for (const token of [LATEST_UREDIS, PIN] as const) {
      it(`may${failures.length > 0 ? " not" : ""} have the locations ${JSON.stringify(locations)} for ${token}`, () => {
        const found = list(token, { args: { locations } });
        assert.equal(found.length, failures.length, found.join("\n"));
        failures.forEach((pattern, i) => assert.match(found[i] ?? "", pattern));
      });
    }
  }

  it("that are unknown are not missing", () => {
    assert.deepEqual(list(LIST_UMEM, { args: { zone: "z" }, unknown: new Set(["spaceId"]) }), []);
    assert.deepEqual(list(LIST_UMEM, { args: {}, unknown: new Set(["spaceId"]) }), ["zone: is required"]);
  });
});

describe("arguments of a resource that writes, checked against the schema", () => {
  const source = { groupId: "g", regionType: "target", states: ["Success"], maxAge: "26h", onStale: "warn" };

  it("may be numbers, booleans, enums and objects", () => {
    const more = { size: 4, backupHour: 0, autoBackup: false, preflight: "warn", triggers: { a: "" } };
    assert.deepEqual(list(GROUP, { args: { source, version: "6.0", ...more } }), []);
    assert.deepEqual(list(GROUP, { args: {} }), []);
    assert.deepEqual(list(GROUP, { args: { source: null, autoBackup: null } }), []);
  });

  const bad: [RawArguments, string][] = [
    [{ size: 1.5 }, "size: must be a whole number"],
    [{ size: "4" }, "size: must be a whole number"],
    [{ autoBackup: "true" }, "autoBackup: must be true or false"],
    [{ highAvailability: 1 }, "highAvailability: must be true or false"],
    [{ preflight: "ignore" }, "preflight: must be one of error, warn"],
    [{ preflight: "toString" }, "preflight: must be one of error, warn"],
    [{ zone: "" }, "zone: must not be empty; leave it out instead"],
    [{ source: "g" }, "source: must be a map"],
    [{ source: [source] }, "source: must be a map"],
    [{ source: { maxAge: 26 } }, "source.maxAge: must be a string"],
    [{ source: { onStale: "no" } }, "source.onStale: must be one of error, warn"],
    [{ source: { states: ["a", 1] } }, "source.states: holds an item, number 2, that must be a string"],
  ];
  for (const [args, failure] of bad) {
    it(`may not be ${JSON.stringify(args)}`, () => assert.deepEqual(list(GROUP, { args }), [failure]));
  }

  it("name what an object must have, and what it has no place for", () => {
    assert.deepEqual(list(SPACE, { args: { source: { zone: "z" } } }), ["source.spaceId: is required"]);
    for (const name of ["maxage", "constructor", "__proto__"]) {
      const fields = Object.fromEntries([
        ["groupId", "g"],
        [name, "x"],
      ]);
      const [failure = "", ...others] = list(GROUP, { args: { source: fields } });
      assert.deepEqual(others, []);
      assert.match(
        failure,
        new RegExp(`^source\\.${name}: is not an argument; the arguments in source are region, `),
      );
    }
  });

  it("that are unknown as a whole are not looked into", () => {
    assert.deepEqual(list(SPACE, { args: { size: 4 }, unknown: new Set(["source"]) }), []);
  });

  it("have a password that may be empty, for none", () => {
    assert.deepEqual(list(GROUP, { args: { password: "" } }), []);
    assert.deepEqual(list(GROUP, { args: { password: 1 } }), ["password: must be a string"]);
  });

  const versions: [unknown, unknown][] = [
    [6, "6.0"],
    [6.2, "6.2"],
    [7, "7.0"],
    ["6.0", "6.0"],
    ["6", "6"],
    [Number.NaN, Number.NaN],
    [true, true],
    [undefined, undefined],
  ];
  for (const [given, text] of versions) {
    it(`have the version ${String(text)} where ${typeof given} ${String(given)} is given`, () => {
      const args = { version: given, size: 6 };
      assert.deepEqual(writeVersionAsText(args), { version: text, size: 6 });
      assert.deepEqual(args, { version: given, size: 6 });
    });
  }

  it("may not have a version that is still a number", () => {
    assert.deepEqual(list(GROUP, { args: { version: 6 } }), ["version: must be a string"]);
    assert.deepEqual(writeVersionAsText({}), {});
  });
});

describe("failures of arguments", () => {
  it("belong to an argument, also those of its fields", () => {
    assert.equal(nameArgument({ property: "source.maxAge" }), "source");
    assert.equal(nameArgument({ property: "source" }), "source");
    assert.equal(nameArgument({ property: "locations[1].region" }), "locations");
    assert.equal(nameArgument({ property: "locations[0]" }), "locations");
    assert.equal(nameArgument({ property: "source.locations[1].region" }), "source");
    assert.equal(nameArgument({ property: "" }), "");
  });

  it("are thrown together, if there are any", () => {
    refuseIfAny([]);
    const failures = [
      { property: "a", reason: "is wrong" },
      { property: "b", reason: "is worse" },
    ];
    assert.throws(() => refuseIfAny(failures), { code: "InvalidArgument", failures });
  });

  it("are collected from a check, while other errors are thrown on", () => {
    const failures = [{ property: "a", reason: "is wrong" }];
    const refuse = (): never => {
      throw new InvalidInputError("InvalidArgument", failures);
    };
    assert.deepEqual(collectFailures(refuse), failures);
    assert.deepEqual(
      collectFailures(() => undefined),
      [],
    );
    const crash = (): never => {
      throw new RangeError("odd");
    };
    assert.throws(() => collectFailures(crash), RangeError);
  });
});

describe("a refusal", () => {
  const LONG = "k".repeat(33);
  const refuse = (value: string): readonly { reason: string }[] =>
    collectFailures(() =>
      refuseIfAny([{ property: "createdAfter", reason: `${quoteText(value)} is no time` }]),
    );

  it("quotes a short value", () => {
    assert.deepEqual(refuse("yesterday"), [{ property: "createdAfter", reason: "`yesterday` is no time" }]);
  });

  it("does not quote a long value, which may be a key", () => {
    for (const value of [LONG, LONG.repeat(9)])
      assert.deepEqual(refuse(value), [{ property: "createdAfter", reason: "(not shown) is no time" }]);
  });

  const reason = "has `b` at character 2; did you mean `maxAge`";
  const secrets: [what: string, value: unknown][] = [
    ["a text", "abc"],
    ["a text in a map in a list", [{ a: "abc" }]],
  ];
  for (const [what, secret] of secrets) {
    it(`quotes nothing of a secret (${what}), and does not name its property to Pulumi`, () => {
      assert.deepEqual(describeFailure({ property: "nameRegex", reason }, secret), {
        property: "",
        reason: "[InvalidArgument] nameRegex has (not shown) at character 2; did you mean `maxAge`",
      });
    });
  }

  for (const property of ["password", "passwort", "Pasword", "pwd", "secret"]) {
    it(`does not name ${property} to Pulumi, which would print its value`, () => {
      const failure = describeFailure({ property, reason: "is wrong" });
      assert.deepEqual(failure, { property: "", reason: `[InvalidArgument] ${property} is wrong` });
    });
  }

  for (const property of ["source.maxAge", "locations[1].region", "locations[1]"]) {
    it(`names ${property} in its text only, as Pulumi would show no value for it`, () => {
      assert.deepEqual(describeFailure({ property, reason: "must be a string" }), {
        property: "",
        reason: `[InvalidArgument] ${property} must be a string`,
      });
    });
  }

  it("quotes nothing of a secret with characters that are masked in messages", () => {
    const secret = `\u202ea\`${"b".repeat(100)}`;
    const failure = describeFailure({ property: "a", reason: `${quoteText(secret)} is wrong` }, secret);
    assert.equal(failure.reason, "[InvalidArgument] a (not shown) is wrong");
  });
});
