/**
 * Prepares what the tests of the SDKs need in each language: Python's virtual environments, the compiled Java
 * SDK, and the packages that the Go SDK imports. Tests prepare what is missing by themselves; this moves the
 * minutes that it takes out of them.
 */
import { findGoLack, runGo } from "./goSdk";
import { ensureJavaRepository } from "./javaRepository";
import { ensureJavaSdk } from "./javaSdk";
import {
  csharpParserRequirements,
  ensurePythonEnvironment,
  ensureVirtualEnvironment,
} from "./pythonEnvironment";

export { findGoLack, goSdkFolder, runGo } from "./goSdk";
export { ensureJavaSdk, javaSdkFolder } from "./javaSdk";
export { ensurePythonEnvironment, pythonSdkFolder } from "./pythonEnvironment";

/** The environment with a parser of C#, for its syntax. */
export function ensureCsharpParser(): ReturnType<typeof ensureVirtualEnvironment> {
  return ensureVirtualEnvironment({ name: "csharp", requirements: csharpParserRequirements });
}

/** Prepares everything, one after the other. Returns a line for each language. */
export async function prepareToolchains(): Promise<string[]> {
  const describe = (name: string, result: object): string =>
    `${name}: ${"missing" in result ? `left out, ${String(result.missing)}` : "ready"}`;
  const lines = [
    describe("Python", await ensurePythonEnvironment()),
    describe("C# parser", await ensureCsharpParser()),
    describe("Java", await prepareJava()),
  ];
  const lack = await findGoLack();
  if (lack === undefined) await runGo(["build", "./..."]);
  return [...lines, describe("Go", lack === undefined ? {} : { missing: lack })];
}

/** The Java SDK for its own tests, and for programs that use it. */
async function prepareJava(): Promise<object> {
  const found = await ensureJavaSdk();
  if (!("missing" in found)) await ensureJavaRepository();
  return found;
}

if (require.main === module) {
  prepareToolchains().then(
    (lines) => console.log(lines.join("\n")),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
