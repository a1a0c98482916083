/** The twin's pins where the package is gone, or is not found from the project. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo, type Simulator, startSimulator } from "../../simulator";
import type { Twin } from "../support/installedPackage";
import { createTwinStack, type Exports, TIMEOUT_MS, type TwinStack } from "./twinStack";
import { requireEngine } from "../support/requireEngine";

const MISSING =
  /\[InvalidConfig\] The package `pulumi-ucloud-redis` cannot be loaded from this project.* Run `npm install pulumi-ucloud-redis`/;

const program = (twin: Twin): Exports => {
  new twin.URedisBackupPin("uredis", { groupId: demo.uredisGroupId });
  new twin.UMemBackupPin("umem", { zone: demo.zone, spaceId: demo.umemSpaceId });
  return {};
};

describe("the twin's pins without the package", function () {
  this.timeout(TIMEOUT_MS);
  before(requireEngine);
  let simulator: Simulator;
  let stack: TwinStack;

  beforeEach(async () => {
    simulator = await startSimulator();
    stack = await createTwinStack("dynamic", simulator);
    const { failed, text } = await stack.run({ command: "up", program });
    assert.equal(failed, false, text);
    hidePackage(path.join(stack.folder, "node_modules"));
  });
  afterEach(async () => {
    stack.remove();
    await simulator.close();
  });

  for (const command of ["refresh", "up"] as const) {
    it(`fail at ${command} in one sentence that says what to install`, async () => {
      const { failed, text } = await stack.run({ command });
      assert.equal(failed, true, text);
      assert.match(text, MISSING);
      assert.doesNotMatch(text, /Require stack|Cannot find module/);
    });
  }

  it("are deleted where the program has them no more", async () => {
    const { failed, operations, text } = await stack.run({ command: "up", program: () => ({}) });
    assert.equal(failed, false, text);
    assert.deepEqual(operations, { uredis: ["delete"], umem: ["delete"] });
  });

  it("are destroyed with their stack", async () => {
    const { failed, operations, text } = await stack.run({ command: "destroy" });
    assert.equal(failed, false, text);
    assert.deepEqual(operations, { uredis: ["delete"], umem: ["delete"] });
  });
});

/** Links all that `nodeModules` links to, apart from the package. */
function hidePackage(nodeModules: string): void {
  const installed = fs.realpathSync(nodeModules);
  fs.unlinkSync(nodeModules);
  fs.mkdirSync(nodeModules);
  for (const name of fs.readdirSync(installed).filter((each) => each !== "pulumi-ucloud-redis"))
    fs.symlinkSync(path.join(installed, name), path.join(nodeModules, name), "junction");
}
