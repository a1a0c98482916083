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
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";

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

/** What `pulumi preview` led to. */
interface Verdict {
  readonly code: number | null;
  /** What Pulumi printed, without its indentation. */
  readonly lines: readonly string[];
}

describe("the preview-gate example, on Pulumi's Node.js host", function () {
  this.timeout(240_000);
  let running: SimulatedStack | undefined;

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  async function start(databases: unknown, maxAge: string): Promise<SimulatedStack> {
    running = await startSimulatedStack({ layOut: checkout("examples/previewGate") });
    configure(running, { databases, maxAge });
    return running;
  }

  /** Writes the config as users do, into the stack's file. */
  function configure({ stack }: SimulatedStack, settings: Readonly<Record<string, unknown>>): void {
    const file = path.join(stack.workspace.workDir, `Pulumi.${stack.name}.yaml`);
    const { config, ...rest } = parse(fs.readFileSync(file, "utf8")) as { config: object };
    const own = Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value] as const);
    const whole: unknown = { ...rest, config: { ...config, ...Object.fromEntries(own) } };
    fs.writeFileSync(file, stringify(whole));
  }

  async function preview(stack: SimulatedStack): Promise<Verdict> {
    const { code, stdout, stderr } = await runPulumi(stack, ["preview"]);
    return { code, lines: `${stdout}\n${stderr}`.split("\n").map((line) => line.trim()) };
  }

  /** The line that sums a failed preview up. */
  const readClaim = ({ lines }: Verdict): string => lines.find((line) => line.startsWith("error: ")) ?? "";

  itOnEngine("lets a preview pass while every backup is fresh, each by its own limit", async () => {
    const stack = await start({ orders, sessions, copies: { ...copies, maxAge: "8d" } }, "26h");
    const { code, lines } = await preview(stack);
    assert.equal(code, 0, lines.join("\n"));
    for (const name of ["orders", "sessions", "copies"]) {
      assert.match(lines.join("\n"), new RegExp(`^${name} *: "20\\d\\d-\\d\\d-\\d\\dT`, "m"));
    }
    assert.ok(lines.includes("+ 1 to create"), "nothing but the stack itself");
  });

  itOnEngine(
    "fails a preview once, and its first line names every database that is too old or missing, and no other",
    async () => {
      const empty = { groupId: demo.emptyGroupId };
      const unusable = { groupId: demo.unusableGroupId };
      const healthy = { groupId: demo.healthyGroupId };
      const verdict = await preview(
        await start({ orders, sessions, copies, empty, unusable, healthy }, "1h"),
      );
      assert.notEqual(verdict.code, 0);
      const codes = {
        copies: "StaleBackup",
        empty: "NoBackups",
        orders: "StaleBackup",
        sessions: "StaleBackup",
        unusable: "NoUsableBackup",
      };
      const names = Object.entries(codes).map(([name, code]) => `${name} [${code}]`);
      assert.equal(
        readClaim(verdict),
        `error: 5 of 6 databases have no backup to rely on: ${names.join(", ")}`,
      );
      for (const [name, code] of Object.entries(codes)) {
        assert.ok(
          verdict.lines.some((line) => line.startsWith(`- ${name}: [${code}] `)),
          name,
        );
      }
      assert.ok(!verdict.lines.some((line) => line.startsWith("- healthy")));
    },
  );

  itOnEngine(
    "fails on entries that are not right, by their names and keys, and still looks the others up",
    async () => {
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
      const verdict = await preview(await start({ orders, ...Object.fromEntries(entries) }, "26h"));
      assert.notEqual(verdict.code, 0);
      assert.match(readClaim(verdict), /^error: 7 of 8 databases have no backup to rely on: /);
      for (const [name, [, message]] of Object.entries(faulty)) {
        assert.match(readClaim(verdict), new RegExp(`[:,] ${name} \\[Invalid(Config|Argument)\\]`));
        const line = verdict.lines.find((each) => each.startsWith(`- ${name}: `)) ?? "";
        assert.match(line.slice(`- ${name}: `.length), message);
      }
    },
  );

  itOnEngine("fails where it could not look", async () => {
    const stack = await start({ orders, healthy: { groupId: demo.healthyGroupId } }, "26h");
    stack.simulator.injectFault({
      kind: "retCode",
      retCode: 299,
      times: Infinity,
      when: ({ parameters }) => parameters["GroupId"] === demo.healthyGroupId,
    });
    const verdict = await preview(stack);
    assert.notEqual(verdict.code, 0);
    assert.match(readClaim(verdict), /1 of 2 databases .*: healthy \[Forbidden\]$/);
  });

  for (const [what, databases, message] of [
    ["nothing", {}, /`databases` lists none/],
    ["a list", [orders], /`databases` must hold an entry for each database, by its name/],
  ] as const) {
    itOnEngine(`fails where \`databases\` holds ${what}`, async () => {
      const stack = await start(databases, "26h");
      const verdict = await preview(stack);
      assert.notEqual(verdict.code, 0);
      assert.match(readClaim(verdict), message);
      assert.equal(stack.simulator.requests.length, 0);
    });
  }

  it("knows the arguments of the two functions, so that each can be a key", () => {
    const { functions } = schema;
    const group = functions["ucloud-redis:index:getLatestURedisBackup"].inputs.properties;
    const space = functions["ucloud-redis:index:getLatestUMemBackup"].inputs.properties;
    assert.deepEqual([...groupKeys].sort(), Object.keys(group).sort());
    assert.deepEqual([...spaceKeys].sort(), Object.keys(space).sort());
  });

  itOnEngine("reads the settings that are beside its workflow", async () => {
    const { config } = parse(read("Pulumi.ci.yaml")) as { config: Record<string, unknown> };
    const databases = config[`${PROJECT}:databases`] as object;
    const verdict = await preview(await start(databases, config[`${PROJECT}:maxAge`] as string));
    assert.notEqual(verdict.code, 0);
    // The simulator has none of them, and that is all there is to say against them.
    const names = Object.keys(databases).map((name) => `${name} [NoBackups]`);
    assert.ok(readClaim(verdict).endsWith(`: ${names.sort().join(", ")}`), readClaim(verdict));
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
