/** The jobs of docs/failCi.md: what they are given, and their commands, which run as they are written. */

import assert from "node:assert/strict";
import path from "node:path";
import { parse } from "yaml";
import { createDemoFleet, startSimulator } from "../../simulator";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import { listBlocks, readPage } from "../support/markdown";
import { checkout } from "../support/projects";
import { itOnEngine } from "../support/requireEngine";
import { createVariables } from "../support/simulatedSettings";
import { useSimulatedStacks } from "../support/simulatedStack";

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

const page = readPage("docs/failCi.md");
const [actions, gitlab, gate] = listBlocks(page, ["yaml"]).map(({ code }): Job => {
  const file = parse(code) as { readonly jobs?: Record<string, Job>; readonly "redis-backups"?: Job };
  return file["redis-backups"] ?? Object.values(file.jobs ?? {})[0] ?? assert.fail(code);
});

/** Not run: Pulumi takes the user's own home for it, whatever `HOME` says. The stack's state is a folder anyway. */
const LOGIN = "pulumi login --local";

/** The commands of a job, after those that install. */
function listCommands({ steps = [], script = [] }: Job = {}): string[] {
  const [install, ...commands] = [...steps.flatMap(({ run }) => run ?? []), ...script];
  assert.equal(install, "npm ci");
  return commands;
}

describe("the CI jobs of docs/failCi.md", function () {
  this.timeout(60_000);
  if (process.platform === "win32") return;
  const start = useSimulatedStacks();

  /** Runs commands as a job does: in one shell, until the first one fails. */
  const runJob = (job: Job | undefined, cwd: string, env: NodeJS.ProcessEnv): Promise<CommandResult> =>
    runCommand(
      "bash",
      [
        "-ec",
        listCommands(job)
          .filter((line) => line !== LOGIN)
          .join("\n"),
      ],
      {
        cwd,
        env: { ...process.env, ...env, ...job?.variables },
      },
    );

  it("run the command that the page shows first, with both keys as secrets", () => {
    const [first] = listBlocks(page, ["sh"]);
    for (const job of [actions, gitlab]) assert.deepEqual(listCommands(job), [first?.code.trim()]);
    for (const name of ["UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY"]) {
      assert.equal(actions?.env?.[name], `\${{ secrets.${name} }}`);
    }
  });

  it("fail with the command while a backup is too old, and pass otherwise", async () => {
    for (const [healthy, expected] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const simulator = await startSimulator({ fleet: createDemoFleet({ now: new Date(), healthy }) });
      try {
        const { code, stderr } = await runJob(gitlab, repositoryRoot, createVariables(simulator));
        assert.equal(code, expected, stderr);
      } finally {
        await simulator.close();
      }
    }
  });

  itOnEngine("fail with the gate while a backup is too old", async () => {
    const { simulator, stack } = await start({ layOut: checkout("examples/previewGate") });
    const { workDir, envVars, pulumiHome, pulumiCommand } = stack.workspace;
    const { code, stdout, stderr } = await runJob(gate, workDir, {
      ...envVars,
      ...createVariables(simulator),
      PULUMI_HOME: pulumiHome,
      PATH: `${path.dirname(pulumiCommand.command)}:${process.env["PATH"] ?? ""}`,
    });
    assert.notEqual(code, 0, stdout + stderr);
    assert.match(stdout + stderr, /\[NoBackups\] 4 of 14 databases have no backup to rely on/);
    assert.match(stderr, /Created stack 'ci'/);
    assert.equal(listCommands(gate)[0], LOGIN);
  });
});
