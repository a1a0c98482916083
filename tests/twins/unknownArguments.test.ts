/** Typing errors in programs that no compiler checks: refused by name, by both entry points. */
import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { BOTH, type Twin } from "../support/installedPackage";
import { createTwinStack, type Exports, TIMEOUT_MS, type TwinStack } from "./twinStack";
import { requireEngine } from "../support/requireEngine";

/** As a program in JavaScript may have it, or a config object. */
const group = { groupId: demo.uredisGroupId, maxage: "1h" };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId, maxage: "1h" };

const programs: readonly (readonly [title: string, program: (twin: Twin) => Exports | Promise<Exports>])[] = [
  ["a function", async (twin) => ({ found: await twin.getLatestURedisBackup(group) })],
  ["a function of outputs", (twin) => ({ found: twin.getLatestUMemBackupOutput(space) })],
  ["a pin of URedis", (twin) => ({ found: new twin.URedisBackupPin("uredis", group).id })],
  ["a pin of UMem", (twin) => ({ found: new twin.UMemBackupPin("umem", space).id })],
];

for (const entryPoint of BOTH) {
  describe(`an argument that does not exist (${entryPoint})`, function () {
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

    for (const [title, program] of programs) {
      it(`stops the preview of ${title}, by its name and before any request`, async () => {
        const { failed, text, requests } = await stack.run({ command: "preview", program });
        assert.equal(failed, true, text);
        assert.match(text, /\[InvalidArgument\] maxage:? is not an argument; the arguments are /);
        assert.equal(requests, 0);
      });
    }

    if (entryPoint === "plugin") {
      it("stops the preview of a provider, and what it may hold is not shown", async () => {
        const privatekey = "a-private-key-in-the-wrong-place";
        const { failed, text } = await stack.run({
          command: "preview",
          program: (twin) => ({ id: new twin.Provider("other", { privatekey } as object).id }),
        });
        assert.equal(failed, true, text);
        assert.match(text, /\[InvalidConfig\] privatekey/);
        assert.ok(!text.includes(privatekey), text);
      });
    }
  });
}
