import assert from "node:assert/strict";
import fc from "fast-check";
import { createName, isOwnName } from "../../provider/restore/autoName";
import { checkRestore } from "../../provider/restore/check";
import { groupKind } from "../../provider/restore/kinds";
import type { Autonaming } from "../../provider/restore/resource";
import { createRestore, GROUP_ARGS, URN } from "./fakeRestore";

const { source } = GROUP_ARGS;
const randomSeed = new Uint8Array([1, 2, 3]);
const clock = { random: () => 0.5 };
const RULE = /^[A-Za-z0-9_-]{6,63}$/;

function nameOf(basis: Partial<Parameters<typeof createName>[0]>): string {
  const created = createName({ urn: URN, clock, ...basis });
  return "name" in created ? created.name : assert.fail(created.failure.reason);
}

describe("the name of a restored database", () => {
  it("is the program's, else made of the resource's with 7 digits", async () => {
    const given = await checkRestore(groupKind, { args: GROUP_ARGS, randomSeed }, createRestore());
    assert.equal(given["name"], GROUP_ARGS.name);
    const made = await checkRestore(groupKind, { args: { source }, randomSeed }, createRestore());
    assert.match(String(made["name"]), /^orders-[0-9a-f]{7}$/);
  });

  it("is the same for the same seed, another for another resource or seed", () => {
    assert.equal(nameOf({ randomSeed }), nameOf({ randomSeed, clock: { random: () => 0.1 } }));
    assert.notEqual(nameOf({ randomSeed }), nameOf({ randomSeed: new Uint8Array([4]) }));
    assert.notEqual(nameOf({ randomSeed }).slice(-7), nameOf({ randomSeed, urn: `${URN}-b` }).slice(-7));
  });

  it("tells a database that a lost state made: the first digits are the resource's own", () => {
    const [one, other] = [nameOf({ randomSeed }), nameOf({ randomSeed: new Uint8Array([9]) })];
    assert.ok(isOwnName(one, URN) && isOwnName(other, URN) && one !== other);
    assert.ok(!isOwnName(one, `${URN}-b`));
    assert.ok(!isOwnName(`x${one}`, URN));
    assert.ok(!isOwnName("orders-1234567", URN));
    assert.ok(!isOwnName("orders", URN));
  });

  it("is left to chance without a seed", () => {
    assert.equal(nameOf({}), "orders-2afd800");
    assert.equal(nameOf({ randomSeed: new Uint8Array() }), "orders-2afd800");
  });

  it("stays as it is for a database that has one, whatever the settings", async () => {
    for (const mode of ["propose", "enforce", "disable"] as const) {
      const request = {
        args: { source },
        olds: { name: "orders-a" },
        autonaming: { mode, proposedName: "other-name" },
      };
      assert.equal((await checkRestore(groupKind, request, createRestore()))["name"], "orders-a");
    }
  });

  it("is absent while the program's is not known", async () => {
    const request = { args: { source }, unknown: new Set(["name"]), olds: { name: "orders-a" } };
    assert.ok(!("name" in (await checkRestore(groupKind, request, createRestore()))));
  });

  const settings: readonly (readonly [Autonaming, RegExp])[] = [
    [{ mode: "propose", proposedName: "proposed-1" }, /^proposed-1$/],
    [{ mode: "enforce", proposedName: "enforced-1" }, /^enforced-1$/],
    [{ mode: "propose", proposedName: "my.db" }, /^my-db-[0-9a-f]{7}$/],
    [{ mode: "propose", proposedName: "short" }, /^short-[0-9a-f]{7}$/],
    [{ mode: "propose", proposedName: "a".repeat(80) }, /^a{55}-[0-9a-f]{7}$/],
  ];
  for (const [autonaming, expected] of settings) {
    it(`follows the settings: ${autonaming.mode} ${autonaming.proposedName.slice(0, 12)}`, () => {
      assert.match(nameOf({ autonaming, randomSeed }), expected);
    });
  }

  for (const [autonaming, reason] of [
    [{ mode: "enforce", proposedName: "my.db" }, /`my\.db`, which .*enforce, must have 6/],
    [{ mode: "disable", proposedName: "" }, /^is required/],
  ] as const) {
    it(`is refused by name if the settings ${autonaming.mode} and none will do`, async () => {
      const created = createName({ urn: URN, clock, autonaming });
      assert.ok("failure" in created);
      assert.equal(created.failure.property, "name");
      assert.match(created.failure.reason, reason);
      const request = { args: { source }, autonaming };
      await assert.rejects(checkRestore(groupKind, request, createRestore()), /\] name: /);
    });
  }

  it("obeys the rule, whatever the resource is called", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 90 }),
        fc.uint8Array({ maxLength: 8 }),
        (text, seed) => {
          assert.match(nameOf({ urn: `${URN}${text}`, randomSeed: seed }), RULE);
          assert.match(nameOf({ urn: `a::${text}`, randomSeed: seed }), RULE);
          assert.match(nameOf({ autonaming: { mode: "propose", proposedName: text } }), RULE);
        },
      ),
    );
  });
});
