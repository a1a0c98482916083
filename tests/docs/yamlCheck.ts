import { parse } from "yaml";
import schema from "../../provider/schema.json";
import type { Block } from "../support/markdown";

interface YamlProgram {
  readonly variables?: Record<string, { "fn::invoke"?: { function: string; arguments: object } }>;
  readonly resources?: Record<string, { type: string; properties?: object }>;
  readonly outputs?: object;
}

/** What the schema says of a function or a pin: its arguments, the required ones of them, and its results. */
interface Known {
  readonly inputs: object;
  readonly required: readonly string[];
  readonly results: object;
}

function findKnown(token: string): Known | undefined {
  for (const [each, { inputs, outputs }] of Object.entries(schema.functions)) {
    const required = "required" in inputs ? inputs.required : [];
    if (each === token) return { inputs: inputs.properties, required, results: outputs.properties };
  }
  for (const [each, pin] of Object.entries(schema.resources)) {
    const required = "requiredInputs" in pin ? pin.requiredInputs : [];
    if (each === token)
      return { inputs: pin.inputProperties, required, results: { ...pin.properties, id: {} } };
  }
  return undefined;
}

/** What is wrong with the calls and the resources of a YAML program, if it has any. */
export function checkYaml({ place, code }: Block): string[] {
  const { variables = {}, resources = {}, outputs = {} } = parse(code) as YamlProgram;
  const uses = [
    ...Object.entries(variables).map(([name, { "fn::invoke": call }]) => ({
      name,
      type: call?.function ?? "",
      args: call?.arguments ?? {},
    })),
    ...Object.entries(resources).map(([name, { type, properties = {} }]) => ({
      name,
      type,
      args: properties,
    })),
  ];
  return uses.flatMap(({ name, type, args }) => {
    const token = type.replace(/^ucloud-redis:(\w+)$/, "ucloud-redis:index:$1");
    const known = findKnown(token);
    if (known === undefined) return [`${place}: ${name} is nothing of the schema`];
    const { inputs, required, results } = known;
    const used = [...JSON.stringify(outputs).matchAll(/\$\{(\w+)\.(\w+)/g)].filter(([, of]) => of === name);
    return [
      ...Object.keys(args)
        .filter((argument) => !Object.hasOwn(inputs, argument))
        .map((argument) => `${place}: ${token} has no argument ${argument}`),
      ...required
        .filter((argument) => !Object.hasOwn(args, argument))
        .map((argument) => `${place}: ${token} needs ${argument}`),
      ...used
        .filter(([, , result = ""]) => !Object.hasOwn(results, result))
        .map(([text]) => `${place}: ${token} has no result ${text}`),
    ];
  });
}
