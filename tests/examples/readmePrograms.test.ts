/** What the README and docs/ tell users to write, in a project in which the packed package is installed. */
import assert from "node:assert/strict";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { listBlocks, readPage } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { installPacked } from "../support/packedPackage";
import { project, runPulumi } from "../support/projects";
import { startSilentProxy } from "../support/silentProxy";
import { useSimulatedStacks } from "../support/simulatedStack";
import { requireEngine } from "../support/requireEngine";

const pages = ["README.md", "docs/functions.md"].map(readPage);
const errors = readPage("docs/errors.md").text.replaceAll(/\s+/g, " ");

/** The one block of these pages in `language` that holds `text`, about the simulator's databases. */
function readBlock(language: string, text: string): string {
  const found = pages
    .flatMap((page) => listBlocks(page, [language]))
    .filter(({ code }) => code.includes(text));
  assert.equal(found.length, 1, `${found.length} blocks hold ${text}`);
  return (found[0]?.code ?? "")
    .replaceAll("uredis-abc123", demo.uredisGroupId)
    .replaceAll("udredis-abc123", demo.umemSpaceId);
}

const typescript = readBlock("ts", "getLatestUMemBackupOutput");
const plugins = readBlock("yaml", "providers:");
const manifest = '{ "main": "index.ts" }\n';

/** By the names that they have in the matrix. */
const projects = {
  TypeScript: {
    "package.json": manifest,
    "Pulumi.yaml": `name: readme\nruntime: nodejs\n${plugins}`,
    "index.ts": typescript,
  },
  "TypeScript, without a plugin": {
    "package.json": manifest,
    "Pulumi.yaml": "name: readme\nruntime: nodejs\n",
    "index.ts": typescript.replace(`"${packageJson.name}"`, `"${packageJson.name}/dynamic"`),
  },
  YAML: {
    "Pulumi.yaml": `name: readme\nruntime: yaml\n${plugins}${readBlock("yaml", "ordersBackupId")}`,
  },
};

describe("in a project with the packed package, on Pulumi's own hosts", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  // The programs of the documentation.
  for (const [name, files] of Object.entries(projects)) {
    itInMatrix({ part: "language", name, what: "preview, up, up unchanged" }, async () => {
      const running = await start({ layOut: project(await installPacked(), files) });
      const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /ordersBackupId *: "[0-9a-f-]{36}"/);
      const { outputs, summary } = await running.stack.up();
      assert.deepEqual(summary.resourceChanges, { create: 2 });
      const { outputs: again, summary: second } = await running.stack.up();
      assert.deepEqual(second.resourceChanges, { same: 2 });
      assert.deepEqual(again, outputs);
    });
  }

  it("Pulumi says of a plugin that is not at the path, and of one that is not named, what the README quotes", async () => {
    const proxy = await startSilentProxy();
    await proxy.close();
    const nodeModules = await installPacked();
    const program = projects.TypeScript;
    const named = program["Pulumi.yaml"];
    for (const [pulumiYaml, quote] of [
      [named.replace("node_modules/", "elsewhere/"), /`(no folder at path) …`/],
      [named.replace("/bin", "/dist"), /`(loading PulumiPlugin\.yaml: open) …: no such file or directory`/],
      [projects["TypeScript, without a plugin"]["Pulumi.yaml"], /`(Could not automatically .*?)`/],
    ] as const) {
      const running = await start({
        layOut: project(nodeModules, { ...program, "Pulumi.yaml": pulumiYaml }),
        env: { HTTPS_PROXY: proxy.url, https_proxy: proxy.url },
      });
      const { code, stdout, stderr } = await runPulumi(running, ["preview"]);
      assert.notEqual(code, 0);
      const [, said] = quote.exec(errors) ?? assert.fail(String(quote));
      assert.ok((stdout + stderr).includes(said ?? ""), stdout + stderr);
    }
  });
});
