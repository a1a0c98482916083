import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { SettingReader } from "../../provider/ucloud/settingSources";
import { createDatabase, createDatabases, createFleet, demo, type Fleet } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { checkout, runPulumi } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";

const projectFolder = path.join(repositoryRoot, "examples", "previewGate");
const REGIONS = [demo.region, demo.otherRegion];

/** The parts of the gate's Pulumi.yaml that users change. */
interface Gate {
  readonly variables: { readonly report: { readonly "fn::invoke": { arguments: Record<string, unknown> } } };
}

interface Workflow {
  readonly jobs: Record<
    string,
    { env: Record<string, string>; steps: { run?: string; uses?: string; env?: object }[] }
  >;
}

/** What a failed preview printed. */
interface Refusal {
  /** The first line of the message, from its code on. */
  readonly summary: string;
  /** All lines, without their indentation. */
  readonly lines: readonly string[];
}

/** Two groups and a space in each of both regions, each with backups of the last hours. */
function createHealthyFleet(): Fleet {
  const [one, other] = REGIONS.map((region, index) =>
    createFleet({
      ...{ now: new Date(), seed: index + 1, states: "usable" },
      ...{ region, zone: index === 0 ? demo.zone : demo.otherZone },
      uredis: { groups: 2, backupsPerGroup: 3 },
      umem: { spaces: 1, backupsPerSpace: 2, shards: 2 },
    }),
  );
  assert.ok(one !== undefined && other !== undefined);
  const fleet = { ...one, uredis: [...one.uredis, ...other.uredis], umem: [...one.umem, ...other.umem] };
  return { ...fleet, databases: createDatabases(fleet) };
}

/** The fleet with all backups of one group two days older, and that group. */
function ageOneGroup(fleet: Fleet): { fleet: Fleet; id: string; name: string } {
  const { GroupId: id, GroupName: name } = fleet.uredis.at(-1)?.row ?? { GroupId: "", GroupName: "" };
  const uredis = fleet.uredis.map((record) =>
    record.row.GroupId === id
      ? { ...record, row: { ...record.row, BackupTime: record.row.BackupTime - 48 * 3600 } }
      : record,
  );
  return { fleet: { ...fleet, uredis }, id, name };
}

describe("the preview-gate example, on Pulumi's YAML host", function () {
  this.timeout(240_000);
  const startStack = useSimulatedStacks();

  /** Starts a stack of the gate. */
  function start(fleet: Fleet): Promise<SimulatedStack> {
    return startStack({ layOut: checkout("examples/previewGate"), simulator: { fleet } });
  }

  /** Runs a preview that must pass. */
  async function passPreview(stack: SimulatedStack): Promise<string> {
    const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }

  /** Runs a preview that must fail. */
  async function failPreview(stack: SimulatedStack): Promise<Refusal> {
    const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
    assert.equal(code, 1, stdout + stderr);
    const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
    const failed = lines.find((line) => / (returned an error|invoke failed): \[/.test(line)) ?? "";
    return { summary: failed.slice(failed.indexOf("[")), lines };
  }

  itOnEngine("lets a preview pass while every backup of both regions is fresh", async () => {
    const stdout = await passPreview(await start(createHealthyFleet()));
    assert.match(stdout, /^ *healthy *: 6$/m);
    assert.match(stdout, /^ *fresh *: 0$/m);
    assert.match(stdout, /^ *\+ 1 to create$/m, "nothing but the stack itself");
  });

  itOnEngine(
    "fails while one is stale, names it in the first line, and passes if it is excluded",
    async () => {
      const { fleet, id, name } = ageOneGroup(createHealthyFleet());
      const stack = await start(fleet);
      const { summary, lines } = await failPreview(stack);
      const claim = "1 of 6 databases has no backup to rely on";
      assert.equal(summary, `[StaleBackup] ${claim}: ${name} (${id}) [StaleBackup]`);
      const [detail = ""] = lines.filter((line) => line.startsWith("- "));
      const place = `- ${name} (${id}) in ${demo.otherRegion}: [StaleBackup] `;
      assert.ok(detail.startsWith(`${place}Newest usable backup is 2d 1h old, maxAge 26h.`), detail);
      changeArguments(stack, { excludeIds: [id] });
      await passPreview(stack);
    },
  );

  itOnEngine("fails if a region cannot be listed", async () => {
    const stack = await start(createHealthyFleet());
    stack.simulator.injectFault({
      ...{ kind: "retCode", retCode: 299, times: Infinity, action: "DescribeUMem" },
      when: ({ parameters }) => parameters["Region"] === demo.otherRegion,
    });
    const { summary } = await failPreview(stack);
    const claim = `1 of 2 regions could not be listed in full: ${demo.otherRegion} [Forbidden]`;
    assert.equal(summary, `[Forbidden] ${claim}`);
  });

  itOnEngine("fails if there is no database, and refuses a misspelt argument and a bad maxAge", async () => {
    const stack = await start({ ...createHealthyFleet(), databases: [] });
    const { summary } = await failPreview(stack);
    assert.equal(summary, "[NotFound] no database found: there is no Redis database to check.");
    changeArguments(stack, { maxage: "1h" });
    assert.match((await failPreview(stack)).summary, /^\[InvalidArgument\] maxage is not an argument/);
    changeArguments(stack, { maxage: undefined, maxAge: "1 fortnight" });
    assert.match((await failPreview(stack)).summary, /^\[InvalidArgument\] maxAge must be a duration/);
  });

  itOnEngine("shows the ids of 500 faulty databases", async () => {
    const databases = Array.from({ length: 500 }, (_, index) =>
      createDatabase({
        ...{ kind: "uredis", id: `uredis-${1000 + index}`, name: `cache-${index}`, size: 1, version: "6.0" },
        ...{ region: demo.region, zone: demo.zone, projectId: demo.projectId, createdAt: 1_700_000_000 },
      }),
    );
    const { summary, lines } = await failPreview(await start({ ...createHealthyFleet(), databases }));
    assert.match(summary, /^\[NoBackups\] 500 of 500 databases have no backup to rely on: cache-/);
    for (const { id } of databases) assert.ok(summary.includes(id), id);
    assert.equal(lines.filter((line) => line.startsWith("- ")).length, 20);
    assert.match(lines.join("\n"), /^The worst 20 of 500 are explained here/m);
  });

  it("is a program of ten lines, for both regions of the demo and without settings elsewhere", () => {
    const text = read("Pulumi.yaml");
    const program = text.slice(text.indexOf("variables:")).trimEnd();
    assert.equal(program.split("\n").length, 10, program);
    const { variables } = parse(text) as Gate;
    assert.deepEqual(variables.report["fn::invoke"].arguments, { regions: REGIONS, maxAge: "26h" });
    assert.deepEqual(fs.readdirSync(projectFolder).sort(), ["Pulumi.yaml", "README.md", "checkBackups.yml"]);
  });

  it("has a workflow that passes the keys as secrets and previews that stack", () => {
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

/** Changes arguments in the project's file, as users do; undefined removes one. */
function changeArguments({ stack }: SimulatedStack, changes: Readonly<Record<string, unknown>>): void {
  const file = path.join(stack.workspace.workDir, "Pulumi.yaml");
  const project = parse(fs.readFileSync(file, "utf8")) as Gate;
  const invoke = project.variables.report["fn::invoke"];
  invoke.arguments = { ...invoke.arguments, ...changes };
  fs.writeFileSync(file, stringify(project));
}

function read(name: string): string {
  return fs.readFileSync(path.join(projectFolder, name), "utf8");
}
