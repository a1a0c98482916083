/** What an editor shows of a TypeScript program, by the language service that VS Code and JetBrains also ask. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A place of the cursor in a program. */
export const CURSOR = "‸";

/** What an editor shows when the mouse is over a name. */
export interface Hover {
  /** The text of its comment. */
  readonly text: string;
  /** The names of its tags, such as `deprecated`. */
  readonly tags: readonly string[];
}

/** An editor with one program, in a project's folder. */
export class TypeScriptEditor {
  readonly #file: string;
  readonly #service: ts.LanguageService;
  #text = "";
  #version = 0;

  constructor(folder: string) {
    this.#file = path.join(folder, "program.ts");
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      types: [],
    };
    const isOpen = (file: string): boolean => path.normalize(file) === this.#file;
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.#file],
      getScriptVersion: (file) => (isOpen(file) ? String(this.#version) : "0"),
      getScriptSnapshot: (file) => {
        if (isOpen(file)) return ts.ScriptSnapshot.fromString(this.#text);
        return fs.existsSync(file) ? ts.ScriptSnapshot.fromString(fs.readFileSync(file, "utf8")) : undefined;
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (each) => ts.getDefaultLibFilePath(each),
      fileExists: (file) => isOpen(file) || ts.sys.fileExists(file),
      readFile: (file) => (isOpen(file) ? this.#text : ts.sys.readFile(file)),
      directoryExists: (each) => ts.sys.directoryExists(each),
      getDirectories: (each) => ts.sys.getDirectories(each),
      realpath: (each) => fs.realpathSync(each),
    });
  }

  /** The names that are offered at each cursor in a program. */
  complete(program: string): string[][] {
    return this.#type(program).map((position) => {
      const found = this.#service.getCompletionsAtPosition(this.#file, position, {});
      return found?.entries.map(({ name }) => name) ?? [];
    });
  }

  /** What is shown for the name behind each cursor in a program. */
  hover(program: string): Hover[] {
    return this.#type(program).map((position) => {
      const found = this.#service.getQuickInfoAtPosition(this.#file, position);
      const tags = found?.tags?.map(({ name }) => name) ?? [];
      return { text: ts.displayPartsToString(found?.documentation), tags };
    });
  }

  /** Opens a program, and returns where its cursors are. */
  #type(program: string): number[] {
    const [first = "", ...parts] = program.split(CURSOR);
    this.#text = first;
    this.#version++;
    return parts.map((part) => {
      const position = this.#text.length;
      this.#text += part;
      return position;
    });
  }
}
