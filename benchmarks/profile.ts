/**
 * `npm run bench:profile`: where the plugin's time goes while it reads the longest list there can be. `--keep` keeps the
 * profile, which Chrome's developer tools open.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createFleet, demo, listSources } from "../simulator";
import { startPlugin } from "../tests/plugin/pluginProcess";
import { bundlePlugin } from "../tools/build";
import { repositoryRoot } from "../tools/repository";
import { formatTable } from "../tools/table";
import { startSimulatorProcess } from "./simulatorProcess";
import { timeCalls } from "./timedPlugin";

const FLEET = { uredis: { backupsPerGroup: 100_000 } } as const;
const SHOWN = 20;

/** As much of a `.cpuprofile` as is looked at: its nodes, and which of them ran for how many microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      /** From 0 on; -1 where there is no file. */
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

async function profile(folder: string): Promise<Profile> {
  // With the names that minifying would take away.
  const bundle = path.join(folder, "plugin.cjs");
  await bundlePlugin(repositoryRoot, bundle, { minify: false });
  // Node.js writes the profile when a process leaves by itself.
  const leave = path.join(folder, "leave.cjs");
  fs.writeFileSync(leave, 'process.once("SIGTERM", () => process.exit());');
  const simulator = await startSimulatorProcess({ fleet: FLEET });
  try {
    const plugin = await startPlugin({
      executable: process.execPath,
      args: ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=200", "-r", leave, bundle],
      settings: { ...simulator.settings, region: demo.region, projectId: demo.projectId },
    });
    try {
      const groupId = listSources(createFleet(FLEET))[0]?.id;
      await timeCalls(plugin, [["getURedisBackups", { groupId }]]);
      process.kill(plugin.pid, "SIGTERM");
      await plugin.exited;
    } finally {
      await plugin.stop();
    }
  } finally {
    await simulator.stop();
  }
  const file = fs.readdirSync(folder).find((name) => name.endsWith(".cpuprofile"));
  if (file === undefined) throw new Error("Node.js wrote no profile");
  return JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as Profile;
}

/** The functions that ran longest, without what they called. */
function listTop({ nodes, samples, timeDeltas }: Profile): string[][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === "" ? "" : ` (${path.basename(url)}:${lineNumber + 1})`;
      return [id, `${functionName || "(anonymous)"}${place}`] as const;
    }),
  );
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? "";
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, ms]) => [name, `${Math.round(ms)} ms`, `${((100 * ms) / total).toFixed(1)} %`]);
}

async function run(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "profile-"));
  const isKept = process.argv.includes("--keep");
  try {
    console.log(formatTable(["Function", "Own time", "Share"], listTop(await profile(folder))));
    if (isKept) console.log(`\nThe profile and the program it is of are in ${folder}.`);
  } finally {
    if (!isKept) fs.rmSync(folder, { recursive: true, force: true });
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
