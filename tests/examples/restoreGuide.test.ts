/** The programs of the guide "Restore Redis after losing it", as written, on Pulumi's own hosts. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { demo, type Simulator } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks, readPage } from "../support/markdown";
import { project, runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { installRandomPlugin } from "./randomPlugin";

const guide = readPage("docs/restoreGuide.md");

/** The one block of the guide in `language` that holds `text`, about the simulator's databases. */
function readBlock(language: string, text: string): string {
  const found = listBlocks(guide, [language]).filter(({ code }) => code.includes(text));
  assert.equal(found.length, 1, `${found.length} blocks hold ${text}`);
  return (found[0]?.code ?? "")
    .replaceAll("udredis-abc123", demo.umemSpaceId)
    .replaceAll("uredis-abc123", demo.uredisGroupId);
}

const program = readBlock("ts", "new random.RandomPet");
const pulumiYaml = readBlock("yaml", "runtime: nodejs");

/** The program after the change of the section about drills. */
function changeForDrill(code: string): string {
  const diff = readBlock("diff", "triggers");
  const lines = (sign: string): string[] =>
    [...diff.matchAll(new RegExp(`^\\${sign} *(.*)$`, "gm"))].map(([, line = ""]) => line);
  const added = lines("+");
  return lines("-").reduce((text, line, index) => {
    assert.ok(text.includes(line), line);
    return text.replace(line, added[index] ?? "");
  }, code);
}

describe("the restore guide", function () {
  this.timeout(300_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  async function open(files: Readonly<Record<string, string>>): Promise<SimulatedStack> {
    const running = await start({ layOut: project(path.join(repositoryRoot, "node_modules"), files) });
    await installRandomPlugin(running);
    return running;
  }

  const openNode = (code: string): Promise<SimulatedStack> =>
    open({ "package.json": '{ "main": "index.ts" }\n', "Pulumi.yaml": pulumiYaml, "index.ts": code });

  it("has a program of at most 20 lines", () => {
    assert.ok(program.trimEnd().split("\n").length <= 20);
  });

  it("restores a lost group, changes nothing the second time, restores anew, and removes it unprotected", async () => {
    const running = await openNode(program);
    const { simulator, stack } = running;
    await simulator.deleteDatabase(demo.uredisGroupId);

    const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /Would restore backup `[0-9a-f-]+` of URedis group .* into a new URedis group, 8 GB/,
    );
    assert.deepEqual(listCreated(simulator), [], "a preview makes nothing");

    const { summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { create: 4 });
    assert.deepEqual(listCreated(simulator), ["Running"]);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 4 });
    await assert.rejects(stack.destroy(), /because it is protected/);

    fs.writeFileSync(path.join(stack.workspace.workDir, "index.ts"), changeForDrill(program));
    assert.deepEqual((await stack.up()).summary.resourceChanges, { replace: 1, same: 3 });
    assert.deepEqual(listCreated(simulator), ["gone", "Running"], "a new one, and the old one deleted");
    assert.equal(simulator.createdBackups.length, 1, "a final backup of the old one");

    assert.equal((await runPulumi(running, ["state", "unprotect", "--all", "--yes"])).code, 0);
    await stack.destroy();
    assert.deepEqual(listCreated(simulator), ["gone", "gone"]);
  });

  it("restores with the YAML program", async () => {
    const { stack, simulator } = await open({ "Pulumi.yaml": readBlock("yaml", "random:RandomPassword") });
    await simulator.deleteDatabase(demo.uredisGroupId);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { create: 4 });
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 4 });
    assert.deepEqual(listCreated(simulator), ["Running"]);
  });

  it("restores a lost space", async () => {
    const { stack, simulator } = await openNode(readBlock("ts", "RestoredUMemSpace"));
    await simulator.deleteDatabase(demo.umemSpaceId);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { create: 3 });
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
    assert.deepEqual(listCreated(simulator), ["Running"]);
  });
});

/** The state of every database that a request ever made. */
function listCreated(simulator: Simulator): string[] {
  return simulator.created.map(({ isGone, state }) => (isGone ? "gone" : state));
}
