/**
 * Runs of the Pulumi CLI that are interrupted, killed or fail while a database is restored, and what the next
 * ones do. After each, there is one database.
 */
import assert from "node:assert/strict";
import { requireEngine } from "../support/requireEngine";
import { killProcesses, startPulumi } from "../support/pulumiCli";
import { until } from "../support/until";
import { group, PASSWORD, type RestoredStack, useRestoredStacks } from "./restoredStack";

const UP = ["up", "--yes", "--skip-preview"];
const TYPE = "ucloud-redis:index:RestoredURedisGroup";

describe("a restore that does not end, on the real engine", function () {
  this.timeout(240_000);
  before(function () {
    if (process.platform !== "linux") this.skip();
  });
  before(requireEngine);
  const start = useRestoredStacks();
  let stack: RestoredStack;

  beforeEach(async () => {
    stack = await start({ simulator: { provisioning: { create: { seconds: 3600 } } } });
    stack.writeGroup({ ...group, password: { "fn::secret": PASSWORD } });
  });

  it("is kept in state after Ctrl-C, also by a refresh, and the next update finishes it", async () => {
    const run = startPulumi(stack.running.stack, UP, { isGroup: true });
    await until(() => stack.alive.length === 1);
    const [id = ""] = stack.alive;
    // As a terminal does: to the CLI's process group.
    process.kill(-(run.child.pid ?? NaN), "SIGINT");
    assert.match(
      await run.ended,
      new RegExp(`\\[Cancelled\\] URedis group ${id} was created, and is not ready`),
    );
    const [kept] = await stack.readResources();
    assert.equal(kept?.id, `cn-bj2/${id}`);
    assert.match(kept.initErrors?.[0] ?? "", /^\[Cancelled\]/);

    assert.match(await stack.run("refresh", "--yes", "--skip-preview"), /unhealthy state/);
    stack.simulator.advance(3600);
    assert.match(await stack.up("--skip-preview"), /~ 1 updated/);
    const outputs = await stack.readOutputs();
    assert.deepEqual([outputs["groupId"], outputs["state"]], [id, "Running"]);
    const [made, ...others] = stack.simulator.created;
    assert.deepEqual(others, []);
    assert.deepEqual([made?.name, made?.password], [outputs["name"], PASSWORD]);
    assert.match(made?.name ?? "", /^orders-[0-9a-f]{7}$/);
    assert.match(await stack.up("--skip-preview"), /2 unchanged/);
  });

  it("is named by the next update after a kill, and can be imported, renamed and replaced", async () => {
    const hold = stack.simulator.hold({ action: "CreateURedisGroup", effect: "after" });
    const run = startPulumi(stack.running.stack, UP);
    await hold.reached;
    killProcesses(stack.running.folder);
    hold.drop();
    await run.ended;
    stack.simulator.advance(3600);
    const [id = ""] = stack.alive;
    // The killed run holds the stack's lock.
    await stack.run("cancel", "--yes");

    const refused = await stack.fail(...UP);
    assert.match(refused, new RegExp(`\\[AlreadyExists\\] ${id}: another run made this URedis group`));
    const [, advice = ""] = /take it over:\s+pulumi (.*)/.exec(refused) ?? [];
    assert.equal(advice, `import ${TYPE} orders cn-bj2/${id}`);
    assert.equal(stack.simulator.created.length, 1);

    await stack.run(...advice.split(" "), "--yes", "--protect=false", "--generate-code=false");
    assert.match(refused, /pulumi refresh --clear-pending-creates/);
    await stack.run("refresh", "--clear-pending-creates", "--yes", "--skip-preview");
    const taken = await stack.up("--skip-preview");
    assert.match(taken, new RegExp(`Sets the password of ${id}, which was imported`));
    assert.doesNotMatch(taken, /pending operations/);
    const { name } = await stack.readOutputs();
    assert.match(String(name), /^orders-[0-9a-f]{7}$/);
    const [made] = stack.simulator.created;
    assert.deepEqual([made?.name, made?.password], [name, PASSWORD]);
    assert.match(await stack.up("--skip-preview"), /2 unchanged/);
  });

  it("is forgotten, and not imported, by `pulumi refresh --import-pending-creates`", async () => {
    const hold = stack.simulator.hold({ action: "CreateURedisGroup", effect: "after" });
    const run = startPulumi(stack.running.stack, UP);
    await hold.reached;
    killProcesses(stack.running.folder);
    hold.drop();
    await run.ended;
    const [id = ""] = stack.alive;
    await stack.run("cancel", "--yes");
    const flag = "--import-pending-creates";
    await stack.run("refresh", "--yes", "--skip-preview", flag, stack.urn(), flag, `cn-bj2/${id}`);
    // A defect of the CLI, and why no message advises that. Mend the message once this fails.
    assert.deepEqual(await stack.readResources(), []);
    assert.match(await stack.fail(...UP), /\[AlreadyExists\]/);
    assert.deepEqual(stack.alive, [id]);
  });

  it("is resumed by the next update when its `customTimeouts` are over", async () => {
    const args = { ...group, password: { "fn::secret": PASSWORD } };
    stack.writeGroup(args, { customTimeouts: { create: "1s" } });
    assert.match(await stack.fail(...UP), /\[Timeout\] URedis group \S+ was created, and is not ready/);
    stack.simulator.advance(3600);
    assert.match(await stack.up("--skip-preview"), /~ 1 updated/);
    assert.equal(stack.simulator.created.length, 1);
    assert.equal((await stack.readOutputs())["state"], "Running");
  });

  it("is made anew by the next update if it ended in CreateFail, and the failed one is deleted", async () => {
    const takes = { seconds: 0 };
    const action = "CreateURedisGroup";
    stack.simulator.injectFault({ kind: "outcome", action, state: "CreateFail", takes });
    stack.simulator.injectFault({ kind: "outcome", action, takes });
    assert.match(await stack.fail(...UP), /\[CreateFailed\] .* Its state is `CreateFail`/);
    const [failed] = stack.alive;
    assert.match(await stack.up("--skip-preview"), /\+-1 replaced/);
    const [next, ...others] = stack.alive;
    assert.notEqual(next, failed);
    assert.deepEqual(others, []);
    assert.equal((await stack.readOutputs())["groupId"], next);
  });
});
