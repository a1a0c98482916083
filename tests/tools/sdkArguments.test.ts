import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";
import { spreadArguments } from "../../tools/sdk/sdkArguments";

const sdk = path.join(repositoryRoot, "sdk", "nodejs");
const read = (name: string): string => fs.readFileSync(path.join(sdk, name), "utf8");

/** The generator's own text of a file that is committed. */
function restore(name: string): string {
  return read(name)
    .replaceAll(/^ +(\.\.\.args,|resourceInputs = \{ \.\.\.args \};)\n/gm, "")
    .replaceAll(
      /args\?\.(\w+) == null \? undefined : (pulumi\.secret\(.*\));/g,
      "args?.$1 ? $2 : undefined;",
    );
}

describe("arguments that the schema does not have", () => {
  for (const [name, spreads] of [
    ["getURedisBackups.ts", 2],
    ["getLatestUMemBackup.ts", 2],
    ["umemBackupPin.ts", 1],
    ["uredisBackupPin.ts", 1],
    ["restoredURedisGroup.ts", 1],
    ["restoredUMemSpace.ts", 1],
    ["uredisBackup.ts", 1],
    ["umemBackup.ts", 1],
    ["provider.ts", 1],
    ["utilities.ts", 0],
  ] as const) {
    it(`are passed on by ${name}`, () => {
      assert.equal(read(name).split("...args").length - 1, spreads);
      assert.equal(spreadArguments(name, restore(name)), read(name));
    });
  }

  it("come before the known ones, so that these stay secret and outputs stay empty", () => {
    const provider = read("provider.ts");
    assert.ok(provider.indexOf("...args") < provider.indexOf('resourceInputs["privateKey"]'));
    const pin = read("uredisBackupPin.ts");
    assert.ok(pin.indexOf("...args") < pin.indexOf('resourceInputs["ageSeconds"]'));
  });

  it("are not passed on for a resource that is read by its id", () => {
    const [, found = ""] = read("uredisBackupPin.ts").split("} else {");
    assert.notEqual(found, "");
    assert.ok(!found.includes("...args"));
  });

  it("may be an empty password, which means that there is none", () => {
    for (const name of ["restoredURedisGroup.ts", "restoredUMemSpace.ts"]) {
      const line =
        'resourceInputs["password"] = args?.password == null ? undefined : pulumi.secret(args.password);';
      assert.ok(read(name).includes(line), name);
    }
  });

  const changes: readonly (readonly [what: string, name: string, change: (text: string) => string])[] = [
    ["a call of another kind", "getURedisBackups.ts", (text) => text.replace(".invoke(", ".invokeSingle(")],
    [
      "another order of arguments",
      "uredisBackupPin.ts",
      (text) => text.replace("if (!opts.id) {", "if (opts.id === undefined) {"),
    ],
    ["another provider", "provider.ts", (text) => text.replace("opts = opts || {};", "")],
    [
      "another form of secrets",
      "restoredURedisGroup.ts",
      (text) => text.replace("pulumi.secret(args.password)", "pulumi.secret(args?.password)"),
    ],
    ["a file already changed", "provider.ts", (text) => spreadArguments("provider.ts", text)],
  ];
  for (const [what, name, change] of changes) {
    it(`fail the generation if the generator makes ${what}`, () => {
      assert.throws(() => spreadArguments(name, change(restore(name))), /Adapt tools\/sdk\/sdkArguments\.ts/);
    });
  }
});
