/** A YAML program with resources that restore, on the Pulumi CLI, against a simulator. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { demo, type RecordedRequest, type SimulatorOptions } from "../../simulator";
import { runPulumi } from "../support/projects";
import { type SimulatedStack, startSimulatedStack } from "../support/simulatedStack";
import { writeYamlProject } from "../support/yamlProject";

/** A program's part of `Pulumi.yaml`: `resources`, `outputs`, `config` and so on. */
export type YamlProgram = Readonly<Record<string, unknown>>;

/** Its password must not appear in clear anywhere. */
export const PASSWORD = "Correct-horse_7";

/** The arguments of a group that is restored from the demo's group with a fresh, usable backup. */
export const group = {
  source: { groupId: demo.healthyGroupId, maxAge: "26h" },
  chargeType: "Dynamic",
  finalBackup: false,
  triggers: { restore: "1" },
};

/** A stack whose program can be written anew between two commands. */
export class RestoredStack {
  private constructor(readonly running: SimulatedStack) {}

  static async start(
    options: {
      readonly program?: YamlProgram;
      readonly simulator?: SimulatorOptions;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<RestoredStack> {
    const { program = {}, simulator = {}, env = {} } = options;
    const project = writeYamlProject({});
    try {
      const started = await startSimulatedStack({
        projectFolder: project.folder,
        env,
        simulator: { ...simulator, provisioning: { ...QUICK, ...simulator.provisioning } },
      });
      const stack = new RestoredStack(started);
      stack.write(program);
      return stack;
    } finally {
      project.remove();
    }
  }

  get simulator(): SimulatedStack["simulator"] {
    return this.running.simulator;
  }

  /** Replaces the program. */
  write(program: YamlProgram): void {
    const file = path.join(this.running.folder, "Pulumi.yaml");
    const { name, runtime, plugins } = parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
    fs.writeFileSync(
      file,
      stringify({ name, runtime, plugins, ...program }, { aliasDuplicateObjects: false }),
    );
  }

  /** Replaces the program by one resource, `orders`, of the type `RestoredURedisGroup`. */
  writeGroup(properties: object = group, options: object = {}): void {
    this.write({
      resources: { orders: { type: "ucloud-redis:RestoredURedisGroup", properties, options } },
      outputs: { id: "${orders.id}" },
    });
  }

  /** Runs a command that must succeed, such as `up --yes`, and returns all that it prints. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runPulumi(this.running, args);
    assert.equal(code, 0, stdout + stderr);
    return stdout + stderr;
  }

  /** Runs a command that must fail. */
  async fail(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runPulumi(this.running, args);
    assert.notEqual(code, 0, stdout + stderr);
    return stdout + stderr;
  }

  up(...flags: readonly string[]): Promise<string> {
    return this.run("up", "--yes", ...flags);
  }

  /** Sets an environment variable of the CLI and of the plugin. */
  setVariable(name: string, value: string): void {
    const { workspace } = this.running.stack;
    workspace.envVars = { ...workspace.envVars, [name]: value };
  }

  /** The URN of the resource `name`. */
  urn(name = "orders", type = "RestoredURedisGroup"): string {
    return `urn:pulumi:${this.running.stack.name}::faults::ucloud-redis:index:${type}::${name}`;
  }

  /** The resources in state, without the stack and the provider. */
  async readResources(): Promise<StateResource[]> {
    const exported = await this.running.stack.exportStack();
    const { resources = [] } = exported.deployment as { resources?: StateResource[] };
    return resources.filter(({ type }) => type.startsWith("ucloud-redis:"));
  }

  /** The outputs of a resource in state. */
  async readOutputs(name = "orders"): Promise<Record<string, unknown>> {
    const resources = await this.readResources();
    const found = resources.find(({ urn, delete: isPending }) => urn.endsWith(`::${name}`) && !isPending);
    return found?.outputs ?? {};
  }

  /** The requests that changed something, or were meant to. */
  get writes(): RecordedRequest[] {
    return this.simulator.requests.filter(({ action = "" }) => !/^(Describe|Check|List|Get)/.test(action));
  }

  /** The ids of the databases that requests created and that exist. */
  get alive(): string[] {
    return this.simulator.created.filter(({ isGone }) => !isGone).map(({ id }) => id);
  }

  close(): Promise<void> {
    return this.running.close();
  }
}

/** A resource of an exported state, as far as tests look at it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: readonly string[];
  readonly delete?: boolean;
}

/** No listing shows anything unfinished, so that the provider need not wait. */
const QUICK = {
  create: { looks: 0 },
  delete: { looks: 0 },
  resize: { looks: 0 },
  backup: { looks: 0 },
} as const;

/** For the body of a suite: starts stacks that are closed after each test. */
export function useRestoredStacks(): typeof RestoredStack.start {
  const started: RestoredStack[] = [];
  afterEach(async () => {
    for (const stack of started.splice(0)) await stack.close();
  });
  return async (options) => {
    const stack = await RestoredStack.start(options);
    started.push(stack);
    return stack;
  };
}
