import fs from "node:fs";
import path from "node:path";

/** The part of Pulumi's schema format that says which fields of a function's result are secret. */
export interface SecretFunctions {
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly outputs: {
          readonly properties: Readonly<
            Record<string, { readonly secret?: boolean; readonly description?: string }>
          >;
        };
      }
    >
  >;
}

/** A secret field of a function's result. */
export interface SecretField {
  readonly name: string;
  readonly description: string;
}

/** The head of the function that returns a promise, from the end of its comment. */
const HEAD = /^ \*\/\nexport function (\w+)(\([^\n]*\)): Promise<(\w+)> \{$/gm;

/** Its call of the engine. */
const CALL = /^( +)return pulumi\.runtime\.invoke\([^\n]*\n(?:\1 [^\n]*\n)*\1\}, opts\);$/gm;

/**
 * Makes the functions of the generated SDK in `folder` that return promises keep secrets. Pulumi's SDK drops the
 * marks of secrets from their results, so that a program would store a secret in the clear. Here the fields that
 * the schema marks as secret become secret outputs. The functions that return outputs keep secrets by themselves.
 *
 * @throws if the generator's code is not as expected
 */
export function keepSecretResults(folder: string, schema: SecretFunctions): void {
  for (const [token, fields] of findSecretFields(schema)) {
    const file = path.join(folder, `${token.slice(token.lastIndexOf(":") + 1)}.ts`);
    fs.writeFileSync(file, wrapSecretFields(path.basename(file), fs.readFileSync(file, "utf8"), fields));
  }
}

/** The functions whose results have secret fields, by their tokens, with these fields. */
export function findSecretFields({
  functions,
}: SecretFunctions): ReadonlyMap<string, readonly SecretField[]> {
  const fields = Object.entries(functions).map(([token, { outputs }]) => {
    const secrets = Object.entries(outputs.properties).filter(([, { secret }]) => secret === true);
    return [token, secrets.map(([name, { description = "" }]) => ({ name, description }))] as const;
  });
  return new Map(fields.filter(([, secrets]) => secrets.length > 0));
}

/** The text of the generated file `name`, whose promise has these fields of the result as secret outputs. */
export function wrapSecretFields(name: string, text: string, fields: readonly SecretField[]): string {
  const found = [HEAD, CALL].map((pattern) => [...text.matchAll(pattern)].length);
  if (found.some((count) => count !== 1)) {
    throw new Error(
      `${name}: found ${found.join(" and ")} places that return a result. Adapt tools/sdk/sdkSecrets.ts to the generator.`,
    );
  }
  const names = fields.map((field) => `\`${field.name}\``).join(", ");
  const verb = fields.length === 1 ? "is a secret output" : "are secret outputs";
  const note = ` *\n * In the result, ${names} ${verb}, since a promise cannot be marked as secret.\n`;
  return text
    .replace(HEAD, (_, fn: string, args: string, result: string) =>
      [`${note} */`, `export function ${fn}${args}: Promise<${writeType(result, fields)}> {`].join("\n"),
    )
    .replace(
      CALL,
      (call) =>
        `${call.slice(0, -1)}.then((result) => ({ ...result, ${fields.map(writeField).join(", ")} }));`,
    );
}

function writeField({ name }: SecretField): string {
  return `"${name}": pulumi.secret(result["${name}"])`;
}

function writeType(result: string, fields: readonly SecretField[]): string {
  const omitted = fields.map(({ name }) => `"${name}"`).join(" | ");
  const lines = fields.flatMap(({ name, description }) => [
    "    /**",
    ...`${description} A secret output.`.split("\n").map((line) => `     * ${line}`.trimEnd()),
    "     */",
    `    readonly ${name}: pulumi.Output<${result}["${name}"]>;`,
  ]);
  return [`Omit<${result}, ${omitted}> & {`, ...lines, "}"].join("\n");
}
