import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { demo } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { addNewerBackups, NEWER_ID } from "../support/fleetChanges";
import { checkout, runPulumi } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";

const group = { groupId: demo.uredisGroupId };
const space = { spaceId: demo.umemSpaceId, zone: demo.zone };

/** By project: what to look up, and the type of the pins in the state. */
const projects = {
  ".": { config: group, names: ["uredis"], type: "ucloud-redis:index" },
  "examples/quickstart": { config: group, names: ["uredis"], type: "ucloud-redis:index" },
  "examples/dynamic": {
    config: { ...group, ...space },
    names: ["umem", "uredis"],
    type: "pulumi-nodejs:dynamic/ucloud-redis",
  },
};

describe("the quick-start program, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  const start = useSimulatedStacks();

  for (const [project, { config, names, type }] of Object.entries(projects)) {
    itOnEngine(
      `in ${project}: says what to set, pins the newest usable backup, and keeps it when newer ones appear`,
      async () => {
        // The first run checks the types, as for users. The others need not do so again.
        const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "false" };
        const running = await start({ layOut: checkout(project), env });
        const { stack, simulator } = running;
        const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
        assert.notEqual(code, 0);
        assert.match(stdout + stderr, /error: Say what to look up: `pulumi config set groupId/);

        stack.workspace.envVars = { ...stack.workspace.envVars, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
        await stack.setAllConfig(
          Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])),
        );
        const { outputs: first } = await stack.up();
        assert.deepEqual(Object.keys(first).sort(), names);
        addNewerBackups(simulator);
        const { outputs: second, summary } = await stack.up();
        assert.deepEqual(summary.resourceChanges, { same: 1 + names.length });
        for (const name of names) {
          const [before, after] = [first[name]?.value, second[name]?.value] as Record<string, unknown>[];
          assert.match(String(before?.["pinned"]), /^[0-9a-f-]{36}$/);
          assert.equal(before?.["newest"], before?.["pinned"]);
          assert.equal(after?.["pinned"], before?.["pinned"]);
          assert.equal(after?.["newest"], NEWER_ID);
        }
        const state = running.readState();
        assert.match(state, new RegExp(`"type": *"${type}:URedisBackupPin"`));
        assert.ok(!state.includes(simulator.privateKey));
      },
    );
  }

  it("differs in examples/dynamic by its import only, and there needs no plugin", () => {
    const read = (...names: readonly string[]): string =>
      fs.readFileSync(path.join(repositoryRoot, "examples", ...names), "utf8");
    const expected = read("quickstart", "index.ts").replace(
      'from "pulumi-ucloud-redis"',
      'from "pulumi-ucloud-redis/dynamic"',
    );
    assert.equal(read("dynamic", "index.ts"), expected);
    assert.ok(!("plugins" in (parse(read("dynamic", "Pulumi.yaml")) as object)));
  });
});
