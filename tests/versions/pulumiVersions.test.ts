/** The package with the oldest and the newest `@pulumi/pulumi` that it is for. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { minVersion, satisfies } from "semver";
import ts from "typescript";
import packageJson from "../../package.json";
import schema from "../../provider/schema.json";
import { demo } from "../../simulator";
import { repositoryRoot } from "../../tools/repository";
import versions from "../../tools/versions/versions.json";
import { itInMatrix } from "../support/matrix";
import { project, runPulumi } from "../support/projects";
import { useSimulatedStacks } from "../support/simulatedStack";
import { ensureNode, ensureProject } from "./installations";

const { name, peerDependencies } = packageJson;
const GROUP = JSON.stringify({ groupId: demo.healthyGroupId });
/** A program with all names of the schema. */
const EVERYTHING = fs.readFileSync(path.join(repositoryRoot, "tests", "versions", "everything.ts"), "utf8");

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "${name}";
import * as twin from "${name}/dynamic";

const pin = new ucloudRedis.URedisBackupPin("group", ${GROUP});
const twinPin = new twin.URedisBackupPin("twin", ${GROUP});
const newest = ucloudRedis.getLatestURedisBackupOutput(${GROUP}).backupId;
const twinNewest = twin.getLatestURedisBackupOutput(${GROUP}).backupId;
const ids = pulumi.all([pin.backupId, twinPin.backupId, newest, twinNewest]);
export const found = ids.apply((each) => each.length + " ids, " + new Set(each).size + " different");
`;
const PULUMI_YAML = `name: versions
runtime: nodejs
plugins: { providers: [{ name: ucloud-redis, path: node_modules/${name}/bin }] }
`;

/** The Node.js for each. The newest ones need 22 or newer, says Pulumi. */
const nodes = { oldest: process.versions.node, newest: versions.node[24] } as const;

describe("with each @pulumi/pulumi", function () {
  this.timeout(300_000);
  const start = useSimulatedStacks();

  it("the oldest is that of package.json, and the newest is in its range", () => {
    assert.equal(minVersion(peerDependencies["@pulumi/pulumi"])?.version, versions.pulumi.oldest);
    assert.ok(satisfies(versions.pulumi.newest, peerDependencies["@pulumi/pulumi"]));
  });

  it("the program that is compiled has every resource and function", () => {
    const tokens = Object.keys({ ...schema.resources, ...schema.functions });
    const names = tokens.map((token) => token.replace(/^.*:/, ""));
    assert.deepEqual(
      names.filter((each) => !new RegExp(`\\b${each}\\(`).test(EVERYTHING)),
      [],
    );
  });

  for (const age of ["oldest", "newest"] as const) {
    const version = versions.pulumi[age];
    const what = "compiles strictly; preview and up with plugin and twin";
    itInMatrix({ part: "@pulumi/pulumi", name: `${age} (${version})`, what }, async function () {
      const folder = await ensureProject(this, version);
      const node = await ensureNode(this, nodes[age]);
      assert.deepEqual(compile(folder), []);
      const running = await start({
        layOut: project(path.join(folder, "node_modules"), {
          "package.json": '{ "main": "index.ts" }\n',
          "Pulumi.yaml": PULUMI_YAML,
          "index.ts": PROGRAM,
        }),
        env: { PATH: node + path.delimiter + (process.env.PATH ?? "") },
      });
      // Previews first.
      const { code, stdout, stderr } = await runPulumi(running, ["up", "--yes"]);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /found: "4 ids, 1 different"/);
      assert.match(stdout, /\+ 3 created/);
      assert.doesNotMatch(stdout + stderr, /warning/i);
    });
  }
});

/** The errors of the program in a project, and of the package's own declarations there. */
function compile(folder: string): string[] {
  const file = path.join(folder, "everything.ts");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [path.join(folder, "node_modules", "@types")],
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (each) => each === file || disk.fileExists(each),
    getSourceFile: (each, language, ...rest) =>
      each === file
        ? ts.createSourceFile(file, EVERYTHING, language)
        : disk.getSourceFile(each, language, ...rest),
  };
  const program = ts.createProgram([file], options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.includes(`/node_modules/${name}/`));
  assert.ok(own.length > 20);
  return [program.getSourceFile(file), ...own].flatMap((source) => {
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(
      (each) => `${each.file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(each.messageText, "\n")}`,
    );
  });
}
