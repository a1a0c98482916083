import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../childProcess";
import { ensureEngine } from "../engine/engine";
import { cacheRoot, repositoryRoot } from "../repository";
import { runSdkgen, schemaFile } from "./sdkGenerator";

/** A sentence if the schema's version is not the package's; nothing if they are equal. */
export function compareVersions(schemaJson: string, packageJson: string): string[] {
  const [found, wanted] = [readVersion(schemaJson), readVersion(packageJson)];
  if (found !== undefined && found === wanted) return [];
  return [
    `provider/schema.json version is ${found ?? "missing"}, but package.json version is ${wanted ?? "missing"}`,
  ];
}

function readVersion(json: string): string | undefined {
  const { version } = JSON.parse(json) as { version?: unknown };
  return typeof version === "string" ? version : undefined;
}

/** Runs every check, and returns all that they found. */
async function findProblems(): Promise<string[]> {
  const packageFile = path.join(repositoryRoot, "package.json");
  const problems = compareVersions(fs.readFileSync(schemaFile, "utf8"), fs.readFileSync(packageFile, "utf8"));
  // What Pulumi's own check does not report: unknown keys, inline object types, functions without outputs,
  // warnings.
  await runSdkgen(["-check", schemaFile]).catch((error: unknown) => problems.push(String(error)));
  const { command } = await ensureEngine();
  // A separate home: the check needs no login, no plugins and none of the user's settings.
  const env = {
    ...process.env,
    PULUMI_HOME: path.join(cacheRoot, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const { code, stdout, stderr } = await runCommand(command, ["schema", "check", schemaFile], { env });
  if (code !== 0) problems.push(`pulumi schema check:\n${stdout}\n${stderr}`);
  return problems;
}

if (require.main === module) {
  findProblems().then(
    (problems) => {
      for (const problem of problems) console.error(problem);
      if (problems.length === 0) console.log("provider/schema.json is well formed, and the versions agree");
      else process.exitCode = 1;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
