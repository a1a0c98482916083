/** Secret arguments of pins that are refused: Pulumi's output says what is wrong, and not what they hold. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH } from "../support/installedPackage";
import { createTwinStack, TIMEOUT_MS, type TwinStack } from "./twinStack";
import { requireEngine } from "../support/requireEngine";

const HIDDEN = "s3cr3t";
const hidden = pulumi.secret(HIDDEN);

const refused: readonly (readonly [property: string, args: object])[] = [
  ["triggers", { triggers: { a: [hidden] } }],
  ["nameRegex", { nameRegex: pulumi.interpolate`(?=${hidden})` }],
  ["createdAfter", { createdAfter: hidden }],
  ["maxAge", { maxAge: hidden }],
  ["states", { states: hidden }],
  ["triger", { triger: hidden }],
];

for (const entryPoint of BOTH) {
  describe(`a secret argument that is refused (${entryPoint})`, function () {
    this.timeout(TIMEOUT_MS);
    before(requireEngine);
    let simulator: Simulator;
    let stack: TwinStack;

    before(async () => {
      simulator = await startSimulator();
      stack = await createTwinStack(entryPoint, simulator);
    });
    after(async () => {
      stack.remove();
      await simulator.close();
    });

    for (const [property, args] of refused) {
      it(`is named and not shown: ${property}`, async () => {
        const { failed, text } = await stack.run({
          command: "preview",
          program: (twin) => {
            new twin.URedisBackupPin("pin", { groupId: demo.uredisGroupId, ...args });
            return {};
          },
        });
        assert.equal(failed, true, text);
        assert.match(text, new RegExp(`has a problem: \\[InvalidArgument\\] ${property} `));
        assert.ok(!text.includes(HIDDEN), text);
      });
    }
  });
}
