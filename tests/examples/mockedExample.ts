import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { loadExample } from "../../tools/demo/exampleProgram";

/** The result of an example's program under Pulumi's mocks. */
export interface MockedRun {
  /** The resources that it registered, by type and name (`random:index/randomPet:RandomPet home`). */
  readonly resources: ReadonlyMap<string, MockResourceArgs>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The names of the outputs that are secret. */
  readonly secrets: readonly string[];
}

/** How to run it. */
export interface MockedRunOptions {
  readonly project: string;
  /** Stack config, with the namespace in each key. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  /** What a provider adds to a resource's inputs, and its id. */
  readonly answer: (resource: MockResourceArgs) => Record<string, unknown>;
}

/** Runs an example's program under `setMocks`, until all its outputs are known. */
export async function runMockedExample(name: string, options: MockedRunOptions): Promise<MockedRun> {
  const { project, config, secretKeys = [], answer } = options;
  const resources = new Map<string, MockResourceArgs>();
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  await pulumi.runtime.setMocks(
    {
      newResource(resource) {
        resources.set(`${resource.type} ${resource.name}`, resource);
        const { id = `${resource.name}-id`, ...state } = answer(resource);
        return { id: id as string, state: { ...(resource.inputs as object), ...state } };
      },
      call: ({ token }) => {
        throw new Error(`Nothing should call ${token}.`);
      },
    },
    project,
    "mocked",
  );
  const exported = loadExample(name);
  const outputs = await new Promise<Record<string, unknown>>((resolve) => {
    pulumi.output(exported).apply((values) => resolve(values as Record<string, unknown>));
  });
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(exported)) {
    if (pulumi.Output.isInstance(value) && (await pulumi.isSecret(value))) secrets.push(key);
  }
  return { resources, outputs, secrets };
}
