import { parse } from "yaml";
import schema from "../../provider/schema.json";
import type { Block } from "../support/markdown";

interface YamlProgram {
  readonly variables?: Record<string, { "fn::invoke"?: { function: string; arguments: object } }>;
  readonly resources?: Record<string, { type: string; properties?: object }>;
  readonly outputs?: object;
}

/** What the schema says about a function or a pin: its arguments, the required ones among them, and its results. */
interface Definition {
  readonly inputs: object;
  readonly required: readonly string[];
  readonly results: object;
}

function findDefinition(token: string): Definition | undefined {
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

/** The errors in the calls and resources of a YAML program. Empty if there are none. */
export function checkYaml({ location, code }: Block): string[] {
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
    // Names and passwords come from another package, whose schema is not here.
    if (/^random:\w+$/.test(type)) return [];
    const token = type.replace(/^ucloud-redis:(\w+)$/, "ucloud-redis:index:$1");
    const definition = findDefinition(token);
    if (definition === undefined) return [`${location}: ${name} is not in the schema`];
    const { inputs, required, results } = definition;
    const used = [...JSON.stringify(outputs).matchAll(/\$\{(\w+)\.(\w+)/g)].filter(([, of]) => of === name);
    return [
      ...Object.keys(args)
        .filter((argument) => !Object.hasOwn(inputs, argument))
        .map((argument) => `${location}: ${token} has no argument ${argument}`),
      ...required
        .filter((argument) => !Object.hasOwn(args, argument))
        .map((argument) => `${location}: ${token} needs ${argument}`),
      ...used
        .filter(([, , result = ""]) => !Object.hasOwn(results, result))
        .map(([text]) => `${location}: ${token} has no result ${text}`),
    ];
  });
}
