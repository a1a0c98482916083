import assert from "node:assert/strict";
import path from "node:path";
import schema from "../../provider/schema.json";
import { readTree } from "../../tools/fileTree";
import { writeReferencePages } from "../../tools/reference/referencePages";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks, listNames, readTable } from "../support/markdown";

const small = {
  types: {
    "p:index:Place": {
      description: "A place.",
      properties: {
        region: { type: "string", description: "The region." },
        inner: { $ref: "#/types/p:index:Mode" },
      },
      required: ["region"],
    },
    "p:index:Mode": { type: "string", enum: [{ value: "fast", description: "Soon." }] },
  },
  functions: {
    "p:index:getURedisThing": {
      description:
        "Finds a thing. Fails with `[NoBackups]`.\n\n{{% examples %}}\n## Example Usage\n\n{{% example %}}\n### Find it\n\n" +
        "```typescript\nfind();\n```\n\n```go\nFind()\n```\n{{% /example %}}\n{{% /examples %}}\n",
      inputs: {
        properties: {
          mode: { type: "string", description: "How. Defaults to `fast`. Or | so." },
          place: { $ref: "#/types/p:index:Place", description: "Where." },
        },
        required: ["place"],
      },
      outputs: { properties: { places: { type: "array", items: { $ref: "#/types/p:index:Place" } } } },
    },
  },
  resources: {
    "p:index:Thing": {
      description: "A thing. It fails with the codes of `getURedisThing`.\n\n## Import\n\nBy its id.",
      inputProperties: { size: { type: "integer", description: "Its size." } },
      properties: {
        size: { type: "integer", description: "Its size." },
        key: { type: "string", description: "Its key.", secret: true },
      },
    },
  },
};

describe("the pages of the reference", () => {
  const pages = writeReferencePages(small);
  const page = (name: string): { name: string; text: string } => ({ name, text: pages.get(name) ?? "" });

  it("are one for each function and resource, and an index that links to them", () => {
    assert.deepEqual([...pages.keys()].sort(), ["README.md", "Thing.md", "getURedisThing.md"]);
    assert.match(
      page("README.md").text,
      /\| \[`getURedisThing`\]\(getURedisThing\.md\) \| Finds a thing\. \|/,
    );
  });

  it("list required arguments first, and the default apart from the meaning", () => {
    const { text } = page("getURedisThing.md");
    assert.match(text, /\| `place` \| \[Place\]\(#type-place\) \| required \| Where\. \|\n\| `mode`/);
    assert.match(text, /\| `mode` \| string \| `fast` \| How\. Or \\\| so\. \|/);
  });

  it("expand nested types, each once, also those of other types", () => {
    const { text } = page("getURedisThing.md");
    assert.deepEqual(text.match(/^### .*$/gm), ["### Find it", "### Type Place", "### Type Mode"]);
    assert.match(text, /^- `"fast"`: Soon\.$/m);
    assert.match(text, /\| `region` \| string \| required \| The region\. \|/);
  });

  it("fold the examples by language, the first one open, without the Registry's marks", () => {
    const { text } = page("getURedisThing.md");
    assert.doesNotMatch(text, /\{\{%/);
    assert.deepEqual(text.match(/^<.*>$/gm), [
      "<!-- Made from provider/schema.json by `npm run generate`. Do not edit. -->",
      ...["<details open>", "<summary>TypeScript</summary>", "</details>"],
      ...["<details>", "<summary>Go</summary>", "</details>"],
    ]);
  });

  it("say how Python spells a function", () => {
    assert.match(
      page("getURedisThing.md").text,
      /In Python `get_u_redis_thing`, in Go and C# `GetURedisThing`/,
    );
  });

  it("say of functions only names that the SDKs' sources have, and of each language", () => {
    const names = [...writeReferencePages(schema)].flatMap(([file, text]) =>
      file === "README.md" ? listVariants(text) : listSpellings(text),
    );
    const languages = new Set(names.map(({ language }) => language));
    assert.deepEqual([...languages].sort(), ["C#", "Go", "Java", "Python", "TypeScript"]);
    const missing = names.filter(({ language, name }) => !isInSdk(language, name));
    assert.deepEqual(missing, []);
  });

  it("leave out outputs that only repeat an argument, and mark secrets", () => {
    const { text } = page("Thing.md");
    assert.equal(text.match(/`size`/g)?.length, 1);
    assert.match(text, /\| `key` \| string, a secret \| Its key\. \|/);
    assert.match(text, /## Import\n\nBy its id\./);
  });

  it("link the codes of failures, also those that a function lends", () => {
    for (const name of ["getURedisThing.md", "Thing.md"]) {
      assert.match(
        page(name).text,
        /## Errors\n\nOf its own: \[`NoBackups`\]\(\.\.\/errors\.md#nobackups\)\./,
        name,
      );
    }
  });

  it("refuse a type that the schema does not have", () => {
    assert.throws(() => writeReferencePages({ ...small, types: {} }), /no type p:index:Place/);
  });

  it("hold every argument, result, type and example of the schema", () => {
    const real = writeReferencePages(schema);
    for (const [token, { inputs, outputs, description }] of Object.entries(schema.functions)) {
      const name = `${token.split(":").at(-1) ?? ""}.md`;
      const text = real.get(name) ?? "";
      const given = readTable({ name, text }, "Argument").flatMap(([cell = ""]) => listNames(cell));
      assert.deepEqual(given.sort(), Object.keys(inputs.properties).sort(), name);
      const returned = readTable({ name, text }, "Name").flatMap(([cell = ""]) => listNames(cell));
      assert.deepEqual(returned, Object.keys(outputs.properties), name);
      assertExamples({ name, text }, description);
    }
    for (const [token, { inputProperties, properties, description }] of Object.entries(schema.resources)) {
      const name = `${token.split(":").at(-1) ?? ""}.md`;
      const text = real.get(name) ?? "";
      const given = readTable({ name, text }, "Argument").flatMap(([cell = ""]) => listNames(cell));
      assert.deepEqual(given.sort(), Object.keys(inputProperties).sort(), name);
      const returned = readTable({ name, text }, "Name").flatMap(([cell = ""]) => listNames(cell));
      assert.deepEqual(
        Object.keys(properties).filter((each) => ![...given, ...returned].includes(each)),
        [],
        name,
      );
      assertExamples({ name, text }, description);
    }
  });
});

interface Spelling {
  readonly language: string;
  readonly name: string;
}

/** The names below the title of a function's page, by languages. YAML's are the schema's tokens. */
function listSpellings(text: string): Spelling[] {
  const [line = ""] = /^Function\. .*$/m.exec(text) ?? [];
  return [...line.matchAll(/\bin (?!YAML)(\S+)(?: and (\S+))? `([^`]+)`/gi)].flatMap(
    ([, first = "", second, name = ""]) =>
      [first, ...(second === undefined ? [] : [second])].map((language) => ({ language, name })),
  );
}

/** The names in the index's table of the variants, by languages. */
function listVariants(text: string): Spelling[] {
  return readTable({ name: "README.md", text }, "Language").flatMap(([language = "", ...cells]) =>
    cells.flatMap((cell) => listNames(cell).map((name) => ({ language, name }))),
  );
}

/** How each language declares a function, and where. */
const declarations: Readonly<Record<string, readonly [string, (name: string) => string]>> = {
  TypeScript: ["sdk/nodejs", (name) => `export function ${name}\\(`],
  Python: ["sdk/python", (name) => `^def ${name}\\(`],
  Go: ["sdk/go", (name) => `^func ${name}\\(`],
  Java: ["sdk/java", (name) => `^    public static .* ${name}\\(`],
  "C#": ["sdk/dotnet", (name) => `^    public static class ${name}$`],
};

function isInSdk(language: string, spelling: string): boolean {
  const [folder, declare] = declarations[language] ?? assert.fail(`no SDK for ${language}`);
  const [name = "", method] = spelling.split(".");
  const texts = [...readTree(path.join(repositoryRoot, folder)).values()].map(String);
  const found = texts.find((text) => new RegExp(declare(name), "m").test(text));
  return (
    found !== undefined && (method === undefined || new RegExp(` public static .* ${method}\\(`).test(found))
  );
}

/** All blocks of the description are on the page, as they are there. */
function assertExamples(page: { readonly name: string; readonly text: string }, description: string): void {
  const languages = ["typescript", "python", "go", "csharp", "java", "yaml", "sh"];
  const expected = listBlocks({ name: "schema", text: description }, languages).map(({ code }) => code);
  assert.ok(expected.length > 0, page.name);
  assert.deepEqual(
    listBlocks(page, languages).map(({ code }) => code),
    expected,
    page.name,
  );
}
