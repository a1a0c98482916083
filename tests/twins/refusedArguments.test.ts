/** Arguments that both entry points refuse in the same way: typing errors, and bad values that are secret. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { demo } from "../../simulator";
import type { Twin } from "../support/installedPackage";
import { describeOnStacks, type Exports } from "./twinStack";

const group = { groupId: demo.uredisGroupId };
/** As in a JavaScript program, where no compiler checks names. */
const typo = { maxage: "1h" };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

const programs: readonly (readonly [title: string, program: (twin: Twin) => Exports | Promise<Exports>])[] = [
  ["a function", async (twin) => ({ found: await twin.getLatestURedisBackup({ ...group, ...typo }) })],
  ["a function of outputs", (twin) => ({ found: twin.getLatestUMemBackupOutput({ ...space, ...typo }) })],
  ["a pin of URedis", (twin) => ({ found: new twin.URedisBackupPin("uredis", { ...group, ...typo }).id })],
  ["a pin of UMem", (twin) => ({ found: new twin.UMemBackupPin("umem", { ...space, ...typo }).id })],
];

const HIDDEN = "s3cr3t";
const hidden = pulumi.secret(HIDDEN);

const secretArguments: readonly (readonly [property: string, args: object])[] = [
  ["triggers", { triggers: { a: [hidden] } }],
  ["nameRegex", { nameRegex: pulumi.interpolate`(?=${hidden})` }],
  ["createdAfter", { createdAfter: hidden }],
  ["maxAge", { maxAge: hidden }],
  ["states", { states: hidden }],
  ["triger", { triger: hidden }],
];

describeOnStacks("refused arguments", (test) => {
  for (const [title, program] of programs) {
    it(`stop the preview of ${title} by an unknown name, before any request`, async () => {
      const { failed, text, requests } = await test.stack.run({ command: "preview", program });
      assert.equal(failed, true, text);
      assert.match(text, /\[InvalidArgument\] maxage:? is not an argument; the arguments are /);
      assert.equal(requests, 0);
    });
  }

  for (const [property, args] of secretArguments) {
    it(`are named without their secret value: ${property}`, async () => {
      const { failed, text } = await test.stack.run({
        command: "preview",
        program: (twin) => ({ found: new twin.URedisBackupPin("pin", { ...group, ...args }).id }),
      });
      assert.equal(failed, true, text);
      assert.match(text, new RegExp(`has a problem: \\[InvalidArgument\\] ${property} `));
      assert.ok(!text.includes(HIDDEN), text);
    });
  }

  if (test.entryPoint === "plugin") {
    it("stop the preview of an explicit provider by an unknown name, without its value", async () => {
      const privatekey = "a-private-key-in-the-wrong-place";
      const { failed, text } = await test.stack.run({
        command: "preview",
        program: (twin) => ({ id: new twin.Provider("other", { privatekey } as object).id }),
      });
      assert.equal(failed, true, text);
      assert.match(text, /\[InvalidConfig\] privatekey/);
      assert.ok(!text.includes(privatekey), text);
    });
  }
});
