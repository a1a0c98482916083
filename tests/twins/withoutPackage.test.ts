/** The twin's pins after the package was uninstalled. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo } from "../../simulator";
import type { Twin } from "../support/installedPackage";
import { describeOnStacks, type Exports } from "./twinStack";

const MISSING =
  /\[InvalidConfig\] The package `pulumi-ucloud-redis` cannot be loaded from this project.* Run `npm install pulumi-ucloud-redis`/;

const program = (twin: Twin): Exports => {
  new twin.URedisBackupPin("uredis", { groupId: demo.uredisGroupId });
  new twin.UMemBackupPin("umem", { zone: demo.zone, spaceId: demo.umemSpaceId });
  return {};
};

describeOnStacks(
  "pins without the package",
  (test) => {
    beforeEach(async () => {
      const { failed, text } = await test.stack.run({ command: "up", program });
      assert.equal(failed, false, text);
      hidePackage(path.join(test.stack.folder, "node_modules"));
    });

    for (const command of ["refresh", "up"] as const) {
      it(`fail at ${command} with one sentence that says what to install`, async () => {
        const { failed, text } = await test.stack.run({ command });
        assert.equal(failed, true, text);
        assert.match(text, MISSING);
        assert.doesNotMatch(text, /Require stack|Cannot find module/);
      });
    }

    for (const [what, run] of [
      ["deleted if the program no longer has them", { command: "up", program: () => ({}) }],
      ["destroyed with their stack", { command: "destroy" }],
    ] as const) {
      it(`are ${what}`, async () => {
        const { failed, operations, text } = await test.stack.run(run);
        assert.equal(failed, false, text);
        assert.deepEqual(operations, { uredis: ["delete"], umem: ["delete"] });
      });
    }
  },
  { entryPoints: ["dynamic"], isFresh: true },
);

/** Replaces the link to all packages by a link to each of them but this one. */
function hidePackage(nodeModules: string): void {
  const installed = fs.realpathSync(nodeModules);
  fs.unlinkSync(nodeModules);
  fs.mkdirSync(nodeModules);
  for (const name of fs.readdirSync(installed).filter((each) => each !== "pulumi-ucloud-redis"))
    fs.symlinkSync(path.join(installed, name), path.join(nodeModules, name), "junction");
}
