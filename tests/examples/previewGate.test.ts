import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { groupKeys, spaceKeys } from "../../examples/previewGate/databases";
import schema from "../../provider/schema.json";
import { SETTING_NAMES, SettingReader } from "../../provider/ucloud/settingSources";
import { demo } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import { checkout, runPulumi } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";

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

/** What a failed preview printed. */
interface Refusal {
  /** The first line of the message. */
  readonly summary: string;
  /** All lines, without their indentation. */
  readonly lines: readonly string[];
}

describe("the preview-gate example, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  const startStack = useSimulatedStacks();

  /** Starts a stack, and writes its config into the stack's file, as users do. */
  async function start(databases: unknown, maxAge: string): Promise<SimulatedStack> {
    const running = await startStack({ layOut: checkout("examples/previewGate") });
    const { workspace, name } = running.stack;
    const file = path.join(workspace.workDir, `Pulumi.${name}.yaml`);
    const settings = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    Object.assign(settings.config, { [`${PROJECT}:databases`]: databases, [`${PROJECT}:maxAge`]: maxAge });
    fs.writeFileSync(file, stringify(settings));
    return running;
  }

  /** Runs a preview that must fail. */
  async function failPreview(stack: SimulatedStack): Promise<Refusal> {
    const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
    assert.notEqual(code, 0);
    const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
    return { summary: lines.find((line) => line.startsWith("error: ")) ?? "", lines };
  }

  itOnEngine("lets a preview pass while every backup is fresh, each by its own limit", async () => {
    const stack = await start({ orders, sessions, copies: { ...copies, maxAge: "8d" } }, "26h");
    const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
    assert.equal(code, 0, stdout + stderr);
    for (const name of ["orders", "sessions", "copies"]) {
      assert.match(stdout, new RegExp(`^ *${name} *: "20\\d\\d-\\d\\d-\\d\\dT`, "m"));
    }
    assert.match(stdout, /^ *\+ 1 to create$/m, "nothing but the stack itself");
  });

  itOnEngine(
    "fails a preview once, and names every database without a recent backup in the first line, and no other",
    async () => {
      const empty = { groupId: demo.emptyGroupId };
      const unusable = { groupId: demo.unusableGroupId };
      const healthy = { groupId: demo.healthyGroupId };
      const stack = await start({ orders, sessions, copies, empty, unusable, healthy }, "1h");
      const { summary, lines } = await failPreview(stack);
      const codes = {
        copies: "StaleBackup",
        empty: "NoBackups",
        orders: "StaleBackup",
        sessions: "StaleBackup",
        unusable: "NoUsableBackup",
      };
      const names = Object.entries(codes).map(([name, code]) => `${name} [${code}]`);
      assert.equal(summary, `error: 5 of 6 databases have no backup to rely on: ${names.join(", ")}`);
      const reasons = lines.flatMap((line) => /^- (\w+): (\[\w+\]) /.exec(line)?.slice(1).join(" ") ?? []);
      assert.deepEqual(reasons.sort(), names);
    },
  );

  itOnEngine("names each wrong entry and its key, and still looks the others up", async () => {
    const faulty: Record<string, [entry: unknown, message: RegExp]> = {
      misspelt: [
        { ...orders, maxage: "1h" },
        /^\[InvalidConfig\] `maxage` is not a key of a group\. .*\bmaxAge\b/,
      ],
      "misspelt-space": [
        { ...sessions, groupId: "x" },
        /^\[InvalidConfig\] `groupId` is not a key of a space\./,
      ],
      "no-value": [{ ...orders, maxAge: null }, /^\[InvalidConfig\] `maxAge` has no value\./],
      "no-entry": [null, /^\[InvalidConfig\] The entry is empty\. Give it `groupId`/],
      "a-list": [[orders], /^\[InvalidConfig\] The entry is empty\. Give it `groupId`/],
      "no-id": [{ region: demo.region }, /^\[InvalidConfig\] `groupId` is missing/],
      "bad-age": [{ ...orders, maxAge: "1 fortnight" }, /^\[InvalidArgument\] .*maxAge/],
    };
    const entries = Object.entries(faulty).map(([name, [entry]]) => [name, entry] as const);
    const stack = await start({ orders, ...Object.fromEntries(entries) }, "26h");
    const { summary, lines } = await failPreview(stack);
    assert.match(summary, /^error: 7 of 8 databases have no backup to rely on: /);
    for (const [name, [, message]] of Object.entries(faulty)) {
      assert.match(summary, new RegExp(`[:,] ${name} \\[Invalid(Config|Argument)\\]`));
      const line = lines.find((each) => each.startsWith(`- ${name}: `)) ?? "";
      assert.match(line.slice(`- ${name}: `.length), message);
    }
  });

  itOnEngine("fails if a lookup fails", async () => {
    const stack = await start({ orders, healthy: { groupId: demo.healthyGroupId } }, "26h");
    stack.simulator.injectFault({
      kind: "retCode",
      retCode: 299,
      times: Infinity,
      when: ({ parameters }) => parameters["GroupId"] === demo.healthyGroupId,
    });
    const { summary } = await failPreview(stack);
    assert.match(summary, /1 of 2 databases .*: healthy \[Forbidden\]$/);
  });

  for (const [what, databases, message] of [
    ["nothing", {}, /`databases` lists none/],
    ["a list", [orders], /`databases` must hold an entry for each database, by its name/],
  ] as const) {
    itOnEngine(`fails where \`databases\` holds ${what}`, async () => {
      const stack = await start(databases, "26h");
      const { summary } = await failPreview(stack);
      assert.match(summary, message);
      assert.equal(stack.simulator.requests.length, 0);
    });
  }

  it("accepts each argument of the two functions as a key", () => {
    const { functions } = schema;
    const group = functions["ucloud-redis:index:getLatestURedisBackup"].inputs.properties;
    const space = functions["ucloud-redis:index:getLatestUMemBackup"].inputs.properties;
    assert.deepEqual([...groupKeys].sort(), Object.keys(group).sort());
    assert.deepEqual([...spaceKeys].sort(), Object.keys(space).sort());
  });

  itOnEngine("reads the settings beside its workflow", async () => {
    const { config } = parse(read("Pulumi.ci.yaml")) as { config: Record<string, unknown> };
    const databases = config[`${PROJECT}:databases`] as object;
    const stack = await start(databases, config[`${PROJECT}:maxAge`] as string);
    const { summary } = await failPreview(stack);
    // The simulator has none of these databases. Nothing else is wrong with them.
    const names = Object.keys(databases).map((name) => `${name} [NoBackups]`);
    assert.ok(summary.endsWith(`: ${names.sort().join(", ")}`), summary);
    const known = [...SETTING_NAMES.map((name) => `ucloud-redis:${name}`), `${PROJECT}:maxAge`];
    for (const key of Object.keys(config)) assert.ok([...known, `${PROJECT}:databases`].includes(key), key);
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

function read(name: string): string {
  return fs.readFileSync(path.join(projectFolder, name), "utf8");
}
