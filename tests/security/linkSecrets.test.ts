/** Download links on the real CLI: in the state, the output and the outputs of whole projects. */
import assert from "node:assert/strict";
import { stringify } from "yaml";
import packageJson from "../../package.json";
import { demo } from "../../simulator";
import { LINK_MARK } from "../../simulator/linkQueries";
import { repositoryRoot } from "../../tools/repository";
import { installPacked } from "../support/packedPackage";
import { project, runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";

const { name } = packageJson;
const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };

function invoke(name: string, args: object): object {
  return { "fn::invoke": { function: `ucloud-redis:${name}`, arguments: args } };
}

const yamlProgram = {
  name: "links",
  runtime: "yaml",
  plugins: { providers: [{ name: "ucloud-redis", path: `${repositoryRoot}/bin` }] },
  variables: {
    backup: invoke("getLatestURedisBackup", GROUP),
    shards: invoke("getLatestUMemBackup", SPACE),
    link: invoke("getURedisBackupUrl", { ...GROUP, backupId: "${backup.backupId}" }),
    links: invoke("getUMemBackupUrls", { ...SPACE, backupId: "${shards.backupId}" }),
  },
  outputs: { url: "${link.url}", urls: "${links.urls}", whole: "${link}" },
};

const nodeProject = `name: links
runtime: nodejs
plugins: { providers: [{ name: ucloud-redis, path: node_modules/${name}/bin }] }
`;

/** With both variants of the functions. */
const writeProgram = (module: string): string => `
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "${module}";

const group = ${JSON.stringify(GROUP)};
const space = ${JSON.stringify(SPACE)};
const backup = ucloudRedis.getLatestURedisBackup(group);
const shards = ucloudRedis.getLatestUMemBackup(space);
const link = backup.then(({ backupId }) => ucloudRedis.getURedisBackupUrl({ ...group, backupId }));
const links = shards.then(({ backupId }) => ucloudRedis.getUMemBackupUrls({ ...space, backupId }));
const linkOutput = ucloudRedis.getURedisBackupUrlOutput({ ...group, backupId: backup.then((each) => each.backupId) });
const linksOutput = ucloudRedis.getUMemBackupUrlsOutput({ ...space, backupId: shards.then((each) => each.backupId) });

export const url = link.then((result) => result.url);
export const urls = links.then((result) => result.urls);
export const whole = link;
export const text = link.then((result) => result.url.apply((known: string) => "wget " + known));
export const region = link.then((result) => result.region);
export const outputUrl = linkOutput.url;
export const outputUrls = linksOutput.urls;
export const outputWhole = linkOutput;
`;

interface Program {
  readonly layOut: () => Promise<(folder: string) => string>;
  /** The outputs that are secrets. */
  readonly secrets: readonly string[];
  /** Whether Pulumi's own SDK writes every answer of a function to the debug log: see SECURITY.md. */
  readonly isLogged?: boolean;
}

const programs: readonly (readonly [title: string, Program])[] = [
  [
    "a YAML program",
    {
      layOut: async () => project(await installPacked(), { "Pulumi.yaml": stringify(yamlProgram) }),
      secrets: ["url", "urls", "whole"],
    },
  ],
  ...[name, `${name}/dynamic`].map((module): [string, Program] => [
    `a TypeScript program with ${module}`,
    {
      layOut: async () =>
        project(await installPacked(), {
          "package.json": '{ "main": "index.ts" }\n',
          "Pulumi.yaml": nodeProject,
          "index.ts": writeProgram(module),
        }),
      secrets: ["url", "urls", "whole", "text", "outputUrl", "outputUrls", "outputWhole"],
      isLogged: module === name,
    },
  ]),
];

describe("download links under the Pulumi CLI", function () {
  this.timeout(240_000);
  before(requireEngine);
  const start = useSimulatedStacks();

  async function run(running: SimulatedStack, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runPulumi(running, args);
    assert.equal(code, 0, stdout + stderr);
    return stdout + stderr;
  }

  for (const [title, { layOut, secrets, isLogged = false }] of programs) {
    it(`show nowhere in the clear with ${title}`, async () => {
      const running = await start({ layOut: await layOut() });
      const printed = [
        await run(running, ["preview"]),
        await run(running, ["up", "--yes", "--skip-preview"]),
        await run(running, ["stack", "output"]),
        await run(running, ["stack", "output", "--json"]),
        await run(running, ["stack", "export"]),
        running.readState(),
        ...(isLogged ? [] : [await run(running, ["preview", "--debug"])]),
      ];
      for (const text of printed) assert.ok(!text.includes(LINK_MARK), text);
      const outputs = JSON.parse(printed[3] ?? "") as Record<string, unknown>;
      for (const each of secrets) {
        const text = JSON.stringify(outputs[each]);
        assert.match(text, /^"\[secret\]"$|"urls?":"\[secret\]"/, each);
      }
      const shown = await running.stack.outputs();
      // The other fields of a whole result may be shown.
      const wholes = secrets.filter((each) => each !== "whole");
      for (const each of wholes) assert.equal(shown[each]?.secret, true, each);
      assert.match(String(shown["url"]?.value), new RegExp(`^https://.*${LINK_MARK}`));
      assert.equal((shown["urls"]?.value as string[]).length, 4);
      assert.match(printed[4] ?? "", /"ciphertext"/);
    });
  }
});
