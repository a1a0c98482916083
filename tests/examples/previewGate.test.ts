import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { SETTING_NAMES, SettingReader } from "../../provider/ucloud/settingSources";
import { demo } from "../../simulator";
import { loadExample } from "../../tools/exampleProgram";
import { repositoryRoot } from "../../tools/repository";
import { itOnEngine } from "../engine/requireEngine";
import { type SimulatedStack, startSimulatedStack } from "../engine/simulatedStack";

const projectFolder = path.join(repositoryRoot, "examples", "previewGate");
const PROJECT = "ucloud-redis-preview-gate";

const orders = { groupId: demo.uredisGroupId };
const sessions = { zone: demo.zone, spaceId: demo.umemSpaceId };
const copies = { region: demo.otherRegion, groupId: demo.uredisGroupId, regionType: "target" };

interface Workflow {
  readonly jobs: Record<
    string,
    { env: Record<string, string>; steps: { run?: string; uses?: string; env?: object }[] }
  >;
}

describe("the preview-gate example", function () {
  this.timeout(120_000);
  let running: SimulatedStack | undefined;

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  async function start(databases: object, maxAge: string): Promise<SimulatedStack> {
    return (running = await startSimulatedStack({
      projectFolder,
      // Pulumi calls a function that a program exports.
      program: () => (loadExample("previewGate") as unknown as () => Promise<Record<string, unknown>>)(),
      config: { databases: JSON.stringify(databases), maxAge },
    }));
  }

  itOnEngine("lets a preview pass while every backup is fresh, each by its own limit", async () => {
    const { stack } = await start({ orders, sessions, copies: { ...copies, maxAge: "8d" } }, "26h");
    const { stdout, changeSummary } = await stack.preview();
    for (const name of ["orders", "sessions", "copies"]) {
      assert.match(stdout, new RegExp(`${name} *: "20\\d\\d-\\d\\d-\\d\\dT`));
    }
    assert.deepEqual(changeSummary, { create: 1 }, "nothing but the stack itself");
  });

  itOnEngine("fails a preview once, with every backup that is too old or missing, and no other", async () => {
    const empty = { groupId: demo.emptyGroupId };
    const unusable = { groupId: demo.unusableGroupId };
    const healthy = { groupId: demo.healthyGroupId };
    const { stack } = await start({ orders, sessions, copies, empty, unusable, healthy }, "1h");
    await assert.rejects(stack.preview(), ({ message }: Error) => {
      assert.match(message, /error: 5 of 6 databases have no backup to rely on:\n/);
      for (const [name, code] of Object.entries({
        orders: "StaleBackup",
        sessions: "StaleBackup",
        copies: "StaleBackup",
        empty: "NoBackups",
        unusable: "NoUsableBackup",
      })) {
        assert.match(message, new RegExp(`^ *- ${name}: \\[${code}\\] `, "m"));
      }
      assert.doesNotMatch(message, /- healthy/);
      return true;
    });
  });

  itOnEngine("fails where it could not look, and where nothing is listed", async () => {
    const { stack, simulator } = await start({ orders, healthy: { groupId: demo.healthyGroupId } }, "26h");
    simulator.misbehave({
      kind: "retCode",
      retCode: 299,
      times: Infinity,
      when: ({ parameters }) => parameters["GroupId"] === demo.healthyGroupId,
    });
    await assert.rejects(stack.preview(), /1 of 2 databases .*:\n *- healthy: \[Forbidden\]/);
    await stack.setConfig("databases", { value: "{}" });
    await assert.rejects(stack.preview(), /`databases` lists none/);
  });

  itOnEngine("reads the settings that are beside its workflow", async () => {
    const { config } = parse(read("Pulumi.ci.yaml")) as { config: Record<string, unknown> };
    const databases = config[`${PROJECT}:databases`] as object;
    const { stack } = await start(databases, config[`${PROJECT}:maxAge`] as string);
    const names = Object.keys(databases);
    await assert.rejects(stack.preview(), ({ message }: Error) => {
      // The simulator has none of them, and that is all there is to say against them.
      for (const name of names) assert.match(message, new RegExp(`- ${name}: \\[NoBackups\\]`));
      return true;
    });
    const known = [...SETTING_NAMES.map((name) => `ucloud-redis:${name}`), `${PROJECT}:maxAge`];
    for (const key of Object.keys(config)) assert.ok([...known, `${PROJECT}:databases`].includes(key), key);
  });

  it("has a workflow that gives the keys as secrets and previews that stack", () => {
    const { jobs } = parse(read("checkBackups.yml")) as Workflow;
    const [{ env, steps } = { env: {}, steps: [] }] = Object.values(jobs);
    for (const setting of ["publicKey", "privateKey"] as const) {
      const variable = `UCLOUD_${setting === "publicKey" ? "PUBLIC" : "PRIVATE"}_KEY`;
      assert.equal(new SettingReader({}, { [variable]: "given" }).findText(setting).text, "given");
      assert.equal(env[variable], `\${{ secrets.${variable} }}`);
    }
    const commands = steps.flatMap(({ run }) => run ?? []);
    assert.deepEqual(commands.slice(0, 2), ["npm ci", "pulumi login --local"]);
    assert.match(commands.at(-2) ?? "", /^pulumi stack init ci\b/);
    assert.match(commands.at(-1) ?? "", /^pulumi preview --stack ci\b/);
  });
});

function read(name: string): string {
  return fs.readFileSync(path.join(projectFolder, name), "utf8");
}
