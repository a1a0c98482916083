import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type CommandResult, runCommand } from "../../tools/childProcess";
import { ensureEngine } from "../../tools/engine/engine";
import { installPacked } from "../support/packedPackage";
import { requireEngine } from "../support/requireEngine";
import { listBlocks, readPage } from "../support/markdown";

const PROJECT = `name: orders
runtime: nodejs
plugins:
  providers:
    - name: ucloud-redis
      path: node_modules/pulumi-ucloud-redis/bin
`;

/** As in the project that `pulumi new typescript` makes, where it matters. */
const TS_CONFIG = { compilerOptions: { strict: true, target: "es2022", module: "nodenext" } };

/** What a workstation may hold that has nothing to do with the test. */
const SHELL = {
  UCLOUD_PROJECT_ID: "org-of-the-shell",
  UCLOUD_PROFILE: "of-the-shell",
  UCLOUD_SECURITY_TOKEN: "token-of-the-shell",
  UCLOUD_REGION: "us-ca",
};

/** The blocks of code of docs/testing.md that begin with the name of their file. */
function readFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const { code } of listBlocks(readPage("docs/testing.md"), ["ts"])) {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
    if (name !== undefined) files.set(name, code);
  }
  return files;
}

describe("the documented tests of a user's own program, in a project with the packed package", function () {
  this.timeout(240_000);
  let folder: string;
  let files: Map<string, string>;

  before(requireEngine);
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "ucloud-redis-user-"));
    fs.symlinkSync(await installPacked(), path.join(folder, "node_modules"), "junction");
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), PROJECT);
    fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(TS_CONFIG));
    files = readFiles();
  });

  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** As docs/testing.md says, apart from type checks, which have a test of their own. */
  async function runTests(): Promise<CommandResult> {
    for (const [name, text] of files) fs.writeFileSync(path.join(folder, name), text);
    const { command } = await ensureEngine();
    const own = Object.keys(process.env).filter((name) => name.startsWith("PULUMI_"));
    return runCommand(process.execPath, ["-r", "ts-node/register", "orders.test.ts"], {
      cwd: folder,
      timeoutMs: 110_000,
      env: {
        ...process.env,
        ...Object.fromEntries(own.map((name) => [name, undefined])),
        PATH: `${path.dirname(command)}${path.delimiter}${process.env.PATH ?? ""}`,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        TS_NODE_TRANSPILE_ONLY: "true",
        ...SHELL,
      },
    });
  }

  it("pass, with mocks and on the engine against the simulator, whatever account the shell sets", async () => {
    const { code, stdout, stderr } = await runTests();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^. pass 2$/m);
    const left = ["Pulumi.yaml", "node_modules", "tsconfig.json", ...files.keys()];
    assert.deepEqual(fs.readdirSync(folder).sort(), left.sort(), "nothing of the test's stack is left");
  });

  it("fail, both of them, when the program pins nothing", async () => {
    const program = files.get("orders.ts")?.replace(/^ *const pin = .*$/m, "") ?? "";
    files.set("orders.ts", program.replace("pinned: pin.backupId", "pinned: newest.backupId"));
    const { code, stdout, stderr } = await runTests();
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /^. fail 2$/m);
  });
});
