/** What the twin refuses. Imports are in twinImport.test.ts. */
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { demo } from "../../simulator";
import { installPackage, type Twin } from "../support/installedPackage";

const group = { groupId: demo.uredisGroupId };
// Never used.
const provider = { urn: "urn:pulumi:stack::project::pulumi:providers:ucloud-redis::explicit" } as unknown;
const opts = { provider } as pulumi.InvokeOptions & pulumi.CustomResourceOptions;
const REFUSAL = /^Error: \[InvalidArgument\] provider: .*Use the plugin/;

describe("the twin's limits", () => {
  let twin: Twin;
  let plugin: Twin;

  before(async () => {
    const project = await installPackage();
    [twin, plugin] = [project.load("dynamic"), project.load("plugin")];
  });

  it("an explicit provider is refused by each function and pin", async () => {
    await assert.rejects(twin.getURedisBackups(group, opts), REFUSAL);
    assert.throws(() => twin.getLatestURedisBackupOutput(group, opts), REFUSAL);
    assert.throws(() => new twin.URedisBackupPin("pin", group, opts), REFUSAL);
    assert.throws(() => twin.URedisBackupPin.get("pin", "a/b/c", opts), REFUSAL);
  });

  it("an argument that does not exist is refused outside the engine too", async () => {
    const args = { ...group, regoin: demo.region };
    await assert.rejects(twin.getURedisBackups(args), /\[InvalidArgument\] regoin: is not an argument/);
  });

  it("the resources that write are refused, as they need the plugin", () => {
    const args = { groupId: demo.uredisGroupId, zone: demo.zone, spaceId: demo.umemSpaceId };
    for (const name of ["RestoredURedisGroup", "RestoredUMemSpace", "URedisBackup", "UMemBackup"] as const) {
      const refusal = new RegExp(
        `^Error: \\[InvalidArgument\\] ${name} needs the plugin, so import it from "pulumi-ucloud-redis": `,
      );
      assert.throws(() => new twin[name]("orders", args), refusal);
      assert.throws(() => twin[name].get("orders", "a/b"), refusal);
      assert.equal(twin[name].isInstance({}), false);
    }
  });

  it("has all exports of the plugin's SDK, and a Provider that throws with the reason", () => {
    assert.deepEqual(Object.keys(twin).sort(), Object.keys(plugin).sort());
    assert.throws(() => new twin.Provider("explicit"), REFUSAL);
  });
});
