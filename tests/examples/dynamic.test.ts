import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { demo } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import { checkout } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";

const projectFolder = path.join(repositoryRoot, "examples", "dynamic");

describe("the dynamic example", function () {
  this.timeout(240_000);
  let running: SimulatedStack | undefined;

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  it("is the quick start with another import, and names no plugin", () => {
    const read = (name: string): string =>
      fs.readFileSync(path.join(repositoryRoot, "examples", name, "index.ts"), "utf8");
    const quickstart = read("quickstart").replace(
      'from "pulumi-ucloud-redis"',
      'from "pulumi-ucloud-redis/dynamic"',
    );
    assert.equal(read("dynamic"), quickstart);
    const project = parse(fs.readFileSync(path.join(projectFolder, "Pulumi.yaml"), "utf8")) as object;
    assert.ok(!("plugins" in project));
  });

  itOnEngine(
    "on Pulumi's Node.js host, pins the newest usable backups, and keeps them when newer ones appear",
    async () => {
      running = await startSimulatedStack({
        layOut: checkout("examples/dynamic"),
        config: { groupId: demo.uredisGroupId, spaceId: demo.umemSpaceId, zone: demo.zone },
      });
      const { stack, simulator } = running;
      const { outputs: first } = await stack.up();
      addNewerBackups(simulator);
      const { outputs: second, summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 3 });
      for (const name of ["uredis", "umem"]) {
        const [before, after] = [first[name]?.value, second[name]?.value] as Record<string, unknown>[];
        assert.match(String(before?.["pinned"]), /^[0-9a-f-]{36}$/);
        assert.equal(before?.["newest"], before?.["pinned"]);
        assert.equal(after?.["pinned"], before?.["pinned"]);
        assert.equal(after?.["newest"], NEWER_ID);
      }
      const state = running.readState();
      assert.match(state, /"type": *"pulumi-nodejs:dynamic\/ucloud-redis:URedisBackupPin"/);
      assert.ok(!state.includes(simulator.privateKey));
    },
  );
});
