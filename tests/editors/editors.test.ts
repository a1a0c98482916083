import assert from "node:assert/strict";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { installPackage } from "../support/installedPackage";
import { CURSOR, TypeScriptEditor } from "./typescriptEditor";

interface Described {
  readonly description: string;
}
type Properties = Readonly<Record<string, Described>>;

/** A function or resource: how a program calls it, and what the schema says of it. */
interface Callable extends Described {
  readonly name: string;
  readonly call: (args: string) => string;
  readonly args: Properties;
  readonly isInTwin: boolean;
}

const resources: readonly Callable[] = Object.entries(schema.resources).map(([token, spec]) => {
  const name = token.replace(/^.*:/, "");
  const call = (args: string): string => `new ucloudRedis.${name}("x", ${args});`;
  const { description, inputProperties } = spec as Described & { inputProperties: Properties };
  return {
    name,
    call,
    description,
    args: inputProperties,
    isFunction: false,
    isInTwin: name.endsWith("Pin"),
  };
});
const functions: readonly Callable[] = Object.entries(schema.functions).flatMap(([token, spec]) => {
  const name = token.replace(/^.*:/, "");
  const { description, inputs } = spec as Described & { inputs: { properties: Properties } };
  return [name, `${name}Output`].map((each) => {
    const call = (args: string): string => `ucloudRedis.${each}(${args});`;
    return { name: each, call, description, args: inputs.properties, isInTwin: true };
  });
});
const callables = [...resources, ...functions];

describe("an editor with the packed package", function () {
  this.timeout(60_000);
  let editor: TypeScriptEditor;
  before(async () => (editor = new TypeScriptEditor((await installPackage()).folder)));

  for (const [entry, shown] of [
    [packageJson.name, callables],
    [`${packageJson.name}/dynamic`, callables.filter(({ isInTwin }) => isInTwin)],
  ] as const) {
    const program = (lines: readonly string[]): string =>
      [`import * as ucloudRedis from "${entry}";`, ...lines].join("\n");

    it(`completes the arguments of the schema, and no others, from ${entry}`, () => {
      const offered = editor.complete(program(shown.map(({ call }) => call(`{ ${CURSOR} }`))));
      shown.forEach(({ name, args }, i) => {
        assert.deepEqual(offered[i]?.sort(), Object.keys(args).sort(), name);
      });
    });

    it(`shows the schema's text of each argument from ${entry}`, () => {
      const lines = shown.map(({ call, args }) =>
        call(
          `{ ${Object.keys(args)
            .map((each) => `${CURSOR}${each}: undefined!`)
            .join(", ")} }`,
        ),
      );
      const hovers = editor.hover(program(lines));
      assert.deepEqual(
        hovers,
        shown.flatMap(({ args }) =>
          Object.values(args).map(({ description }) => ({ text: description, tags: [] })),
        ),
      );
    });
  }

  it("shows the schema's text of functions and resources, with examples in TypeScript only", () => {
    const lines = callables.map(({ name, call }) => call("undefined!").replace(name, CURSOR + name));
    const hovers = editor.hover([`import * as ucloudRedis from "${packageJson.name}";`, ...lines].join("\n"));
    callables.forEach(({ name, description }, i) => {
      const { text = "", tags = [] } = hovers[i] ?? {};
      const [about = ""] = description.split("{{% examples %}}");
      assert.ok(text.startsWith(about.trim()), `${name}:\n${text}`);
      const languages = new Set([...text.matchAll(/^```(\w+)/gm)].map(([, language]) => language));
      assert.deepEqual(
        [...languages],
        resources.some((each) => each.name === name) ? [] : ["typescript"],
        name,
      );
      assert.doesNotMatch(text, /\{\{%|<!--/, name);
      // A resource's comment also names the parameters of its constructor.
      const others = tags.filter((tag) => tag !== "param");
      assert.deepEqual(others, [], name);
    });
  });

  it("shows the first paragraph of the schema's text of the twin's functions and pins", () => {
    const shown = callables.filter(({ isInTwin }) => isInTwin);
    const lines = shown.map(({ name, call }) => call("undefined!").replace(name, CURSOR + name));
    const program = [`import * as ucloudRedis from "${packageJson.name}/dynamic";`, ...lines].join("\n");
    editor.hover(program).forEach(({ text }, i) => {
      const { name = "", description = "" } = shown[i] ?? {};
      const [first = ""] = description.split("\n\n");
      assert.ok(text.replaceAll(/\s+/g, " ").startsWith(first.replaceAll(/\s+/g, " ")), `${name}:\n${text}`);
    });
  });
});
