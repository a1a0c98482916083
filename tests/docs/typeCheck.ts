import path from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../../tools/repository";
import type { Block } from "../support/markdown";

/**
 * Compiles each block as a file of its own in the repository's root, where the package's own name leads to `dist/`, as
 * it does for users. A block that awaits at its top level is an ES module. One that begins with the name of its file, as
 * a comment, has that name, so that others can import it.
 *
 * @returns what is wrong, each line with the block's place
 */
export function typeCheck(blocks: readonly Block[]): string[] {
  const places = new Map<string, string>();
  const texts = new Map<string, string>();
  blocks.forEach(({ place, code }, index) => {
    const extension = /^\S.*\bawait\b/m.test(code) ? "mts" : "ts";
    const [, name = `example${index}.${extension}`] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
    const file = path.join(repositoryRoot, name);
    places.set(file, place);
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
  const program = ts.createProgram([...places.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    const place = file && places.get(path.normalize(file.fileName));
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${place ?? file?.fileName ?? ""}, line ${line}: ${text}`;
  });
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(repositoryRoot, "tsconfig.json"), (file) =>
    ts.sys.readFile(file),
  ) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, repositoryRoot).options;
}

/** The texts that a type alias of a source file, a union of literals, consists of. */
export function readUnion(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest);
  const alias = source.statements.filter(ts.isTypeAliasDeclaration).find((each) => each.name.text === name);
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} has no union ${name}`);
  return alias.type.types.map((type) => {
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
    throw new Error(`${name} has a part that is no text`);
  });
}
