/** A user's project in which the plugin is installed as docs/installation.md says, from the files of a release. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { listBlocks, readPage, readSection } from "../support/markdown";
import type { SimulatedStack } from "../support/simulatedStack";
import { RELEASE_REPOSITORY } from "../support/release";

/** The page whose commands are run. */
export const page = readPage("docs/installation.md");

/** The end of a program in YAML that shows a backup of the simulator. */
const YAML_PROGRAM = `
variables:
  latest:
    fn::invoke:
      function: ucloud-redis:getLatestURedisBackup
      arguments: { groupId: ${demo.uredisGroupId} }
outputs: { backupId: "\${latest.backupId}" }
`;

/** The same in JavaScript. Its types are of no matter here. */
export const NODE_PROGRAM = `
const { getLatestURedisBackupOutput } = require("${packageJson.name}");
exports.backupId = getLatestURedisBackupOutput({ groupId: "${demo.uredisGroupId}" }).backupId;
`;

/** The places of the blocks that tests have read, and so of those that they run. */
export const readPlaces = new Set<string>();

/** The one block in `language` of a section of the page, for the release's repository. */
export function readBlock(heading: string, language: string): string {
  const [block, ...more] = listBlocks(readSection(page, heading), [language]);
  assert.ok(
    block !== undefined && more.length === 0,
    `${heading}: ${more.length} more blocks of ${language}`,
  );
  readPlaces.add(`${heading}, ${language}`);
  return block.code.replaceAll("OWNER/NAME", RELEASE_REPOSITORY);
}

/** The commands of a section of the page, with other texts in the place of some. */
export function readCommands(heading: string, replaced: Readonly<Record<string, string>> = {}): string {
  return Object.entries(replaced).reduce(
    (commands, [text, other]) => {
      assert.ok(commands.includes(text), `${heading} does not name ${text}`);
      return commands.replaceAll(text, other);
    },
    readBlock(heading, "sh"),
  );
}

/** A whole Pulumi.yaml in YAML, with these lines in it. */
export function yamlProject(lines = ""): Record<string, string> {
  return { "Pulumi.yaml": `name: installed\nruntime: yaml\n${lines}${YAML_PROGRAM}` };
}

/** A whole project in JavaScript, with these lines in its Pulumi.yaml. */
export function nodeProject(lines = ""): Record<string, string> {
  return {
    "Pulumi.yaml": `name: installed\nruntime: nodejs\n${lines}`,
    "package.json": '{ "main": "index.js" }\n',
    "index.js": NODE_PROGRAM,
  };
}

/**
 * The `layOut` of a stack: a project with these files.
 *
 * @param links folders and files to link, by their names in the project
 */
export function userProject(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): (folder: string) => string {
  return (folder) => {
    const root = path.join(folder, "project");
    fs.mkdirSync(root);
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, name), text);
    for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(root, name));
    return root;
  };
}

/** How to run commands: what the environment has beside that of the stack. */
export interface Shell {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of this machine's PATH, behind the folder of the Pulumi CLI. */
  readonly programs?: string;
}

/** Runs commands in a project's folder as a user does, up to the first one that fails. They are killed after a minute. */
export function runShell(
  { stack }: SimulatedStack,
  commands: string,
  { env = {}, programs = process.env.PATH ?? "" }: Shell = {},
): Promise<CommandResult> {
  const { pulumiCommand, envVars, pulumiHome = "", workDir } = stack.workspace;
  const PATH = [path.dirname(pulumiCommand.command), programs].join(path.delimiter);
  return runCommand("/bin/sh", ["-e", "-c", commands], {
    cwd: workDir,
    env: {
      ...{ ...process.env, ...envVars, ...env, PATH },
      ...{ PULUMI_HOME: pulumiHome, PULUMI_STACK: stack.name },
      ...{ PULUMI_OPTION_NON_INTERACTIVE: "true", PULUMI_OPTION_COLOR: "never" },
    },
    timeoutMs: 60_000,
    isGroup: true,
  });
}

/** Runs commands of which the last one is a preview, and checks that it shows the backup and no warning. */
export async function runPreview(
  running: SimulatedStack,
  commands: string,
  shell: Shell = {},
): Promise<string> {
  const { code, stdout, stderr } = await runShell(running, commands, shell);
  const said = `${stdout}\n${stderr}`;
  assert.equal(code, 0, said);
  assert.match(said, /backupId *: "[0-9a-f-]{36}"/);
  assert.doesNotMatch(said, /warning:/);
  return said;
}
