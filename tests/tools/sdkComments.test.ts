import assert from "node:assert/strict";
import { describeConstructor } from "../../tools/sdk/sdkComments";

const generated = `/**
 * A backup.
 *
 * It is one.
 *
 * ## Example Usage
 * ### One
 *
 * text
 */
export class Backup extends pulumi.CustomResource {
    /**
     * Create a Backup resource with the given unique name, arguments, and options.
     *
     * @param name The _unique_ name of the resource.
     */
    constructor(name: string) {
`;

describe("the comments of the generated SDK's constructors", () => {
  it("are those of the classes, without examples", () => {
    const text = describeConstructor("backup.ts", generated);
    assert.ok(
      text.includes(`
    /**
     * A backup.
     *
     * It is one.
     *
     * @param name`),
      text,
    );
    assert.doesNotMatch(text, /Create a/);
  });

  it("need the generator's code as it is", () => {
    const others = [
      generated.replace("Create a Backup", "Creates a Backup"),
      generated.replace("export class", "class"),
    ];
    for (const other of others)
      assert.throws(
        () => describeConstructor("backup.ts", other),
        /backup\.ts: no comment .*tools\/sdk\/sdkComments\.ts/,
      );
  });
});
