import { parse } from "yaml";
import schema from "../../provider/schema.json";
import type { Block } from "../support/markdown";

interface YamlProgram {
  readonly variables?: Record<string, { "fn::invoke"?: { function: string; arguments: object } }>;
  readonly resources?: Record<string, { type: string; properties?: object }>;
  readonly outputs?: object;
}

/** A type in the schema, as far as names matter. */
interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly properties?: Properties;
}

type Properties = Readonly<Record<string, TypeSpec>>;

/** What the schema says about a function or a resource: its arguments, the required ones among them, and its results. */
interface Definition {
  readonly inputs: Properties;
  readonly required: readonly string[];
  readonly results: Properties;
}

function findDefinition(token: string): Definition | undefined {
  if (token === `pulumi:providers:${schema.name}`) {
    return { inputs: schema.provider.inputProperties, required: [], results: {} };
  }
  for (const [each, { inputs, outputs }] of Object.entries(schema.functions)) {
    const required = "required" in inputs ? inputs.required : [];
    if (each === token) return { inputs: inputs.properties, required, results: outputs.properties };
  }
  for (const [each, resource] of Object.entries(schema.resources)) {
    const required = "requiredInputs" in resource ? resource.requiredInputs : [];
    if (each === token)
      return { inputs: resource.inputProperties, required, results: { ...resource.properties, id: {} } };
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
    const used = [...JSON.stringify([resources, variables, outputs]).matchAll(/\$\{(\w+)\.([\w.]+)/g)];
    return [
      ...listUnknownNames(args, inputs).map(
        (argument) => `${location}: ${token} has no argument ${argument}`,
      ),
      ...required
        .filter((argument) => !Object.hasOwn(args, argument))
        .map((argument) => `${location}: ${token} needs ${argument}`),
      ...used
        .filter(([, of, result = ""]) => of === name && !hasResult(result.split("."), results))
        .map(([text]) => `${location}: ${token} has no result ${text}`),
    ];
  });
}

/** The properties of a type, or of the elements of a list; undefined if it is no object of the schema. */
function readProperties(spec: TypeSpec | undefined): Properties | undefined {
  if (spec?.items !== undefined) return readProperties(spec.items);
  const [, name] = /^#\/types\/(.*)$/.exec(spec?.$ref ?? "") ?? [];
  if (name === undefined) return undefined;
  const types: Readonly<Record<string, TypeSpec>> = schema.types;
  return types[name]?.properties;
}

/** The names in an object, and in those within it, that are not in the schema. Those within begin with the outer name. */
function listUnknownNames(value: object, properties: Properties): string[] {
  return Object.entries(value).flatMap(([name, content]: [string, unknown]) => {
    if (!Object.hasOwn(properties, name)) return [name];
    const inner = readProperties(properties[name]);
    if (inner === undefined) return [];
    const parts = (Array.isArray(content) ? content : [content]) as unknown[];
    return parts
      .filter((part) => typeof part === "object" && part !== null)
      .flatMap((part) => listUnknownNames(part, inner).map((each) => `${name}.${each}`));
  });
}

/** Whether the results have a value at a path of names. */
function hasResult([name = "", ...rest]: readonly string[], properties: Properties): boolean {
  if (!Object.hasOwn(properties, name)) return false;
  const inner = readProperties(properties[name]);
  return rest.length === 0 || inner === undefined || hasResult(rest, inner);
}
