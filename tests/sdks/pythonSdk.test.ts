import assert from "node:assert/strict";
import path from "node:path";
import { runCommand } from "../../tools/childProcess";
import { toSnakeCase } from "../../tools/sdk/plainResults";
import { ensurePythonEnvironment } from "../../tools/toolchains/pythonEnvironment";
import { leaveOut } from "../support/leftOut";
import { listBlocks, readPage } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { capitalize, findMissing, schemaEntries, schemaEnums, schemaSettings } from "./schemaNames";

/** The environment is made on the first run, and after each change of the SDK. */
const INSTALL_TIMEOUT_MS = 6 * 60_000;

describe("the Python SDK", () => {
  let python = "";
  let names = new Map<string, ReadonlySet<string>>();
  let wrong: string[] = [];

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    const environment = await ensurePythonEnvironment();
    if ("missing" in environment) leaveOut(this, { need: "Python", why: environment.missing });
    python = environment.python;
  });

  itInMatrix(
    { part: "language", name: "Python", what: "SDK is installed by pip, and imports" },
    async function () {
      this.timeout(60_000);
      const { code, stdout, stderr } = await runCommand(python, [path.join(__dirname, "publicNames.py")]);
      assert.equal(code, 0, stderr);
      const found = JSON.parse(stdout) as { names: Record<string, string[]>; wrong: string[] };
      names = new Map(Object.entries(found.names).map(([name, members]) => [name, new Set(members)]));
      wrong = found.wrong;
    },
    { needsEngine: false },
  );

  it("has everything that the schema has", () => {
    const expected: Record<string, string[]> = { "Provider()": schemaSettings.map(toSnakeCase) };
    for (const { kind, name, inputs, outputs, isSecret } of schemaEntries) {
      const [snake, members] = [toSnakeCase(name), outputs.map(toSnakeCase)];
      if (kind === "resource") {
        expected[`${name}()`] = inputs.map(toSnakeCase);
        expected[name] = members;
      } else if (kind === "function") {
        expected[`${snake}_output`] = inputs.map(toSnakeCase);
        expected[`${capitalize(name)}Result`] = members;
        if (!isSecret) expected[snake] = inputs.map(toSnakeCase);
      } else {
        expected[`outputs.${name}`] = members;
      }
    }
    for (const name of schemaEnums) expected[name] = [];
    assert.deepEqual(findMissing(expected, names), []);
  });

  it("has no variant that would return download links in a plain result", () => {
    assert.ok(names.has("get_u_redis_backups"));
    assert.ok(!names.has("get_u_redis_backup_url"));
    assert.ok(!names.has("get_u_mem_backup_urls"));
  });

  it("has a README whose program runs", async function () {
    this.timeout(60_000);
    const [block] = listBlocks(readPage("sdk/python/README.md"), ["python"]);
    assert.ok(block);
    const script = path.join(__dirname, "readmeProgram.py");
    const { code, stdout, stderr } = await runCommand(python, [script, block.code]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ucloud-redis:index:RestoredURedisGroup .*password.* source$/m);
  });

  it("refuses misspelt arguments by name", () => {
    assert.equal(wrong.length, 5);
    for (const message of wrong) assert.match(message, /unexpected keyword argument '(maxage|publickey)'/);
  });
});
