import path from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../../tools/repository";
import type { Block } from "../support/markdown";

/**
 * Compiles each block as a file in the repository's root, where the package's own name leads to `dist/`, as it does for
 * users. A block with `await` at its top level is an ES module. If a block begins with a comment that is the name of a
 * file, it gets that name, so that other blocks can import it.
 *
 * @returns the errors, each with the block's location
 */
export function typeCheck(blocks: readonly Block[]): string[] {
  const locations = new Map<string, string>();
  const texts = new Map<string, string>();
  blocks.forEach(({ location, code }, index) => {
    const extension = /^\S.*\bawait\b/m.test(code) ? "mts" : "ts";
    const [, name = `example${index}.${extension}`] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
    const file = path.join(repositoryRoot, name);
    locations.set(file, location);
    texts.set(file, code);
  });

  const options: ts.CompilerOptions = { ...readOptions(), noEmit: true };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(path.normalize(file)) || disk.fileExists(file),
    readFile: (file) => texts.get(path.normalize(file)) ?? disk.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = texts.get(path.normalize(file));
      return text === undefined
        ? disk.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...locations.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    const location = file && locations.get(path.normalize(file.fileName));
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${location ?? file?.fileName ?? ""}, line ${line}: ${text}`;
  });
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(repositoryRoot, "tsconfig.json"), (file) =>
    ts.sys.readFile(file),
  ) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, repositoryRoot).options;
}

/** The members of a union of string literals, which is a type alias in a source file. @throws Error if there is none */
export function readUnion(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest);
  const alias = source.statements.filter(ts.isTypeAliasDeclaration).find((each) => each.name.text === name);
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} has no union ${name}`);
  return alias.type.types.map((type) => {
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
    throw new Error(`${name} has a member that is not a string`);
  });
}
