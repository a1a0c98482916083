/**
 * `npm run bench:profile -- [SERVICE [ROWS]]`: where the plugin's time goes while it reads a list, by default 100,000
 * rows of URedis, from an API that answers at once.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundlePlugin } from "../tools/build";
import { repositoryRoot } from "../tools/repository";
import { formatTable } from "../tools/table";
import { formatTime } from "./figures";
import { LONG_LISTS, type LongList, timeList } from "./rowCounts";
import { type Running, withBoth } from "./timedPlugin";

const SHOWN = 15;

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

/** Profiles a plugin from its start to the answer, and resolves with the profile and the program it is of. */
async function profile(
  folder: string,
  list: LongList,
  rows: number,
): Promise<{ profile: Profile; program: string }> {
  // With the names that minifying would take away.
  const bundle = path.join(folder, "plugin.cjs");
  await bundlePlugin(repositoryRoot, bundle, { minify: false });
  // Node.js writes the profile when a process leaves by itself.
  const leave = path.join(folder, "leave.cjs");
  fs.writeFileSync(leave, 'process.once("SIGTERM", () => process.exit());');
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=200", "-r", leave];
  const plugin = { executable: process.execPath, args: [...flags, bundle] };
  const read = async (running: Running): Promise<void> => {
    const { check } = await timeList(list, rows, running);
    check();
    process.kill(running.plugin.pid, "SIGTERM");
    await running.plugin.exited;
  };
  await withBoth({ fleet: list.plan(rows) }, read, plugin);
  const file = fs.readdirSync(folder).find((name) => name.endsWith(".cpuprofile")) ?? "";
  const text = fs.readFileSync(path.join(folder, file), "utf8");
  return { profile: JSON.parse(text) as Profile, program: fs.readFileSync(bundle, "utf8") };
}

/** Whose code each line is, from 0 on: esbuild puts its file's name before the code of each. */
function findModules(program: string): string[] {
  let module = "";
  return program.split("\n").map((line) => {
    const [, file] = /^\/\/ ((?:node_modules|provider|sdk)\/.+)$/.exec(line) ?? [];
    if (file !== undefined) module = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file;
    return module;
  });
}

/** Own time in milliseconds, by what `describe` makes of each function. */
function sumTimes(
  { nodes, samples, timeDeltas }: Profile,
  describe: (frame: Profile["nodes"][number]["callFrame"]) => string,
): Map<string, number> {
  const labels = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const label = labels.get(id) ?? "";
    times.set(label, (times.get(label) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return times;
}

function formatTop(heading: string, times: Map<string, number>): string {
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const top = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const rows = top.map(([label, ms]) => [label, formatTime(ms), `${((100 * ms) / total).toFixed(1)} %`]);
  return formatTable([heading, "Own time", "Share"], [...rows, ["all of it", formatTime(total), "100 %"]]);
}

async function run(list: LongList, rows: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "profile-"));
  try {
    const { profile: found, program } = await profile(folder, list, rows);
    const modules = findModules(program);
    const place = ({ url, lineNumber }: Profile["nodes"][number]["callFrame"]): string =>
      url.endsWith("plugin.cjs") ? (modules[lineNumber] ?? "") : "Node.js";
    const byFunction = sumTimes(found, (frame) =>
      frame.functionName.startsWith("(")
        ? frame.functionName
        : `${frame.functionName || "(anonymous)"}, ${place(frame)}`,
    );
    const byModule = sumTimes(found, (frame) =>
      frame.functionName.startsWith("(") ? frame.functionName : place(frame),
    );
    console.log(
      `${rows.toLocaleString("en")} rows of ${list.service}, from the plugin's start to the answer:\n`,
    );
    console.log(`${formatTop("Whose code", byModule)}\n\n${formatTop("Function", byFunction)}`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const [service = "URedis", rows = "100000"] = process.argv.slice(2);
const list = LONG_LISTS.find((each) => each.service === service);
if (list === undefined || !/^[1-9]\d*00$/.test(rows)) {
  console.error("Usage: npm run bench:profile -- [URedis | UMem [ROWS]], ROWS being hundreds");
  process.exitCode = 2;
} else {
  run(list, Number(rows)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
