/**
 * `npm run pictures`: runs a preview and a restore of a lost group with the real Pulumi CLI against the simulator, and
 * writes what they print to docs/pictures. A test runs them again and compares the text.
 *
 * What the pictures show is what was printed, with two changes. The simulator listens on another port each time, so `…`
 * is shown instead. Without a terminal, the CLI prints a new row whenever something about a resource changes; only the
 * last one of each is shown, without the message that is printed again below it, as a terminal overwrites the others.
 */

import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { stringify } from "yaml";
import { demo, startSimulator } from "../../simulator";
import { runCommand } from "../childProcess";
import { createEngineStack } from "../engine/engineStack";
import { repositoryRoot } from "../repository";
import { createSimulatedConfig } from "../simulatedConfig";
import { drawTerminal, type TerminalRun } from "./terminalPicture";

/** The folder of the pictures. */
export const picturesFolder = path.join(repositoryRoot, "docs", "pictures");

/** A picture: its file, what it shows, and the arguments of the CLI. */
interface Picture {
  readonly file: string;
  readonly title: string;
  readonly args: readonly string[];
}

const pictures: readonly Picture[] = [
  {
    file: "preview.svg",
    title: "pulumi preview names the backup that would be restored, and the newer ones that cannot be",
    args: ["preview"],
  },
  {
    file: "restore.svg",
    title: "pulumi up restores a lost Redis group from its newest usable backup",
    args: ["up", "--skip-preview"],
  },
];

/** Without questions, and with colours although this is no terminal. */
const FLAGS = ["--non-interactive", "--color", "always"];

/** The program: a group that is lost, so that its network and how it is paid for are given by name. */
const program = {
  name: "orders",
  runtime: "yaml",
  plugins: { providers: [{ name: "ucloud-redis", path: path.join(repositoryRoot, "bin") }] },
  config: { password: { type: "string", secret: true } },
  resources: {
    orders: {
      type: "ucloud-redis:RestoredURedisGroup",
      properties: {
        source: { groupId: demo.uredisGroupId, maxAge: "26h" },
        name: "orders",
        password: "${password}",
        vpcId: "uvnet-abc123",
        subnetId: "subnet-abc123",
        chargeType: "Dynamic",
      },
      options: { protect: true },
    },
  },
  outputs: { address: "${orders.address}" },
};

/** Runs what the pictures show, one after the other on one stack. @returns what each shows, by its file */
export async function runPictures(): Promise<
  Map<string, { readonly title: string; readonly run: TerminalRun }>
> {
  const simulator = await startSimulator();
  try {
    await simulator.deleteDatabase(demo.uredisGroupId);
    const config = {
      ...createSimulatedConfig(simulator),
      "orders:password": { value: "only-for-this-picture", secret: true },
    };
    const { stack, remove } = await createEngineStack({ layOut: writeProject, config });
    try {
      const { pulumiCommand, pulumiHome = "", envVars, workDir } = stack.workspace;
      const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome, PULUMI_STACK: stack.name };
      const shown = new Map<string, { readonly title: string; readonly run: TerminalRun }>();
      for (const { file, title, args } of pictures) {
        const all = [...args, ...FLAGS, ...(args[0] === "up" ? ["--yes"] : [])];
        const { code, stdout, stderr } = await runCommand(pulumiCommand.command, all, { cwd: workDir, env });
        if (code !== 0) throw new Error(`pulumi ${all.join(" ")} failed:\n${stdout}\n${stderr}`);
        const output = keepLastRows(stdout)
          .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…")
          .trimEnd();
        shown.set(file, { title, run: { command: `pulumi ${args.join(" ")}`, output } });
      }
      return shown;
    } finally {
      remove();
    }
  } finally {
    await simulator.close();
  }
}

/** The output with one row for each resource: the last one, without its message. */
function keepLastRows(output: string): string {
  const lines = output.split("\n");
  const end = lines.findIndex((line) => /^Diagnostics:/.test(stripVTControlCharacters(line)));
  const last = new Map<string, number>();
  const keys = lines.map((line, index) => {
    const text = stripVTControlCharacters(line);
    if (index >= end || text.startsWith("@ ")) return undefined;
    const [, key = text] = /^ \S+ +(\S+ \S+)/.exec(text) ?? [];
    last.set(key, index);
    return key;
  });
  return lines
    .filter((_, index) => index >= end || last.get(keys[index] ?? "") === index)
    .map((line, index, { length }) =>
      index < length - (lines.length - end) ? line.split("\x1b[0m \x1b[0m")[0] : line,
    )
    .join("\n");
}

function writeProject(folder: string): string {
  const root = path.join(folder, "orders");
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, "Pulumi.yaml"), stringify(program));
  return root;
}

if (require.main === module) {
  runPictures().then(
    (shown) => {
      fs.mkdirSync(picturesFolder, { recursive: true });
      for (const [file, { title, run }] of shown) {
        fs.writeFileSync(path.join(picturesFolder, file), drawTerminal(title, run));
        console.log(`docs/pictures/${file}`);
      }
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
