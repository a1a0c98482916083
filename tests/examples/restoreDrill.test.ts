import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { demo, type SimulatorOptions } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { checkout } from "../support/projects";
import { takeBackup, writeKeys } from "../support/realData";
import { useRedisServer } from "../support/redisServer";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { until } from "../support/until";

const KEYS = 1_000;
/** How the example's scripts and its workflow start the drill. */
const DRILL = ["-r", "ts-node/register/transpile-only", "drill.ts"];

/** A check in Node.js. */
const node = (script: string): string => `"${process.execPath}" -e '${script}'`;
const COUNT_KEYS = node(`
  const { REDIS_HOST: host, REDIS_PORT: port, REDIS_PASSWORD: password } = process.env;
  const client = require("redis").createClient({ socket: { host, port: Number(port) }, password });
  client.connect().then(() => client.dbSize()).then((size) => {
    console.log(size + " keys");
    client.destroy();
    process.exitCode = size === ${KEYS} ? 0 : 1;
  });
`).replaceAll("\n", " ");

interface Drill {
  readonly child: ChildProcess;
  /** Resolves when it has ended, with its exit code and everything that it wrote. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

describe("the restore drill, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useSimulatedStacks();
  let running: SimulatedStack;
  let existing: readonly string[];

  const listIds = (): string[] => running.simulator.databases.map(({ id }) => id);

  async function prepare(check: string, simulator: SimulatorOptions = {}): Promise<void> {
    running = await start({
      layOut: checkout("examples/restoreDrill"),
      config: { source: JSON.stringify({ groupId: demo.healthyGroupId }), check },
      simulator,
    });
    existing = listIds();
  }

  function startDrill(...args: readonly string[]): Drill {
    const { workspace, name } = running.stack;
    const { pulumiCommand, envVars, pulumiHome = "", workDir } = workspace;
    const bin = path.dirname(pulumiCommand.command);
    const child = spawn(process.execPath, [...DRILL, ...args], {
      cwd: workDir,
      env: {
        ...process.env,
        ...envVars,
        PULUMI_HOME: pulumiHome,
        PULUMI_STACK: name,
        PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, ended };
  }

  const listMade = (): readonly string[] => running.simulator.created.map(({ id }) => id);

  it("fails and names the check if that fails, and leaves nothing", async () => {
    await prepare(node("console.log(process.env.REDIS_HOST, process.env.REDIS_PORT); process.exit(3)"));
    const { code, output } = await startDrill().ended;
    assert.equal(code, 1, output);
    assert.match(output, /^drill: the check failed \(exit code 3\)\ndrill: FAILED$/m);
    const [made] = running.simulator.created;
    assert.ok(output.includes(`\n${made?.host} ${made?.port}\n`), output);
    assert.match(made?.password ?? "", /^[\w-]{24}$/);
    for (const text of [output, running.readState()]) assert.ok(!text.includes(made?.password ?? ""));
    assert.deepEqual(listIds(), existing);
  });

  it("fails and names the restore if that fails, and never runs the check", async () => {
    await prepare(node(`console.log("looked")`));
    await running.stack.setConfig("place.size", { value: "1" }, true);
    const { code, output } = await startDrill().ended;
    assert.equal(code, 1, output);
    assert.match(output, /size/);
    assert.match(output, /^drill: the restore failed\ndrill: FAILED$/m);
    assert.doesNotMatch(output, /^looked/m);
    assert.deepEqual(listMade(), []);
  });

  it("fails and names the destroy if that fails, and the next one destroys what is left first", async () => {
    await prepare(node(""));
    const { simulator } = running;
    simulator.injectFault({ kind: "retCode", action: "DeleteURedisGroup", retCode: 20104, times: 1 });
    const { code, output } = await startDrill().ended;
    assert.equal(code, 1, output);
    assert.match(output, /^drill: the destroy failed, so a group may be left: run `npm run clean`/m);
    const [left = ""] = listMade();
    assert.deepEqual(listIds(), [...existing, left]);

    const second = await startDrill().ended;
    assert.equal(second.code, 0, second.output);
    assert.match(second.output, /^drill: passed$/m);
    assert.equal(listMade().length, 2);
    assert.deepEqual(listIds(), existing);
  });

  it("leaves nothing when it is cancelled in the middle of the restore", async () => {
    await prepare(node(""), { provisioning: { create: { looks: Infinity } } });
    const { child, ended } = startDrill();
    await until(() => listMade().length === 1);
    child.kill("SIGTERM");
    const { code, output } = await ended;
    assert.equal(code, 1, output);
    assert.match(output, /^drill: cancelled\ndrill: FAILED$/m);
    assert.deepEqual(listIds(), existing);
    assert.equal(listMade().length, 1);
  });

  it("leaves nothing when it is cancelled during a check that does not end", async () => {
    await prepare(
      node(`process.on("SIGINT", () => {}); setInterval(() => {}, 1000); console.log("loo" + "king")`),
    );
    const { child, ended } = startDrill();
    const isLooking = new Promise<void>((resolve) => {
      child.stdout?.on("data", (text: string) => {
        if (text.includes("looking")) resolve();
      });
    });
    await Promise.race([isLooking, ended]);
    for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) child.kill(signal);
    const { code, output } = await ended;
    assert.equal(code, 1, output);
    assert.match(output, /^drill: cancelled\ndrill: FAILED$/m);
    assert.deepEqual(listIds(), existing);
  });

  it("is started by its workflow as by its scripts, and cleaned up after in any case", () => {
    const read = (name: string): string =>
      fs.readFileSync(path.join(repositoryRoot, "examples", "restoreDrill", name), "utf8");
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const command = `node ${DRILL.join(" ")}`;
    assert.deepEqual(scripts, { drill: command, clean: `${command} clean` });
    const { jobs } = parse(read("restoreDrill.yml")) as {
      jobs: { drill: { steps: { run?: string; if?: string }[] } };
    };
    const steps = jobs.drill.steps.slice(-2).map(({ run, if: condition }) => [run, condition]);
    assert.deepEqual(steps, [
      [`exec ${command}`, undefined],
      ["npm run clean", "always()"],
    ]);
  });

  describe("with real data", () => {
    const program = useRedisServer();

    it("restores the newest backup, lets the check count its keys, and leaves nothing", async () => {
      await prepare(COUNT_KEYS, { redis: { server: program() } });
      const { simulator } = running;
      assert.equal(await writeKeys(simulator, demo.healthyGroupId, KEYS), KEYS);
      const backupId = await takeBackup(simulator, demo.healthyGroupId);
      await writeKeys(simulator, demo.healthyGroupId, KEYS + 1);
      const { code, output } = await startDrill().ended;
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`^${KEYS} keys$`, "m"));
      assert.ok(output.includes(backupId), output);
      assert.deepEqual(listIds(), existing);
      assert.equal(listMade().length, 1);
    });
  });
});
