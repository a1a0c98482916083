import fs from "node:fs";
import path from "node:path";
import { demo } from "../simulator";
import { ensureNode, listNodeVersions } from "../tools/versions/nodeVersions";
import { createFolder } from "./codeCache";
import {
  type Benchmark,
  type BenchmarkOptions,
  describeMemory,
  type Figure,
  formatMemory,
  formatTime,
  median,
} from "./figures";
import { type Lookup, type Start, timeNode, timePlugin, warmHome } from "./pluginStarts";
import { withSimulator } from "./timedPlugin";

const FLEET = { uredis: { backupsPerGroup: 10 }, states: "usable" } as const;

/** Starts of one version of Node.js. */
interface Starts {
  readonly version: string;
  /** The times of `node -e 0`, in milliseconds. */
  readonly nodeMs: number[];
  readonly cold: Start[];
  readonly warm: Start[];
}

/**
 * The time until a fresh plugin answers, with and without a code cache, compared with a Node.js that does nothing, and
 * the memory it then uses: for each Node.js of the matrix.
 */
export const pluginStart: Benchmark = {
  name: "plugin-start",
  run: (options) =>
    withSimulator({ fleet: FLEET }, async ({ settings, sources: [group] }) => {
      const lookup: Lookup = {
        settings: { ...settings, region: demo.region, projectId: demo.projectId },
        call: ["getLatestURedisBackup", { groupId: group?.id ?? "" }],
      };
      const figures: Figure[] = [];
      for (const version of options.isShort ? [process.versions.node] : listNodeVersions()) {
        const node = await findNode(version, options);
        if (node === undefined) continue;
        figures.push(...describe(await measureStarts({ version, node }, { lookup, options }), options));
      }
      return figures;
    }),
};

/** Returns the program `node` of a version. Reports why, if there is none. */
async function findNode(version: string, { report }: BenchmarkOptions): Promise<string | undefined> {
  if (version === process.versions.node) return process.execPath;
  try {
    return path.join(await ensureNode(version, { retries: 0 }), "node");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report(`plugin-start on Node.js ${version}: ${why.replaceAll(/\s*\n/g, " ")}`);
    return undefined;
  }
}

async function measureStarts(
  { version, node }: { readonly version: string; readonly node: string },
  { lookup, options: { isShort, report } }: { readonly lookup: Lookup; readonly options: BenchmarkOptions },
): Promise<Starts> {
  const starts: Starts = { version, nodeMs: [], cold: [], warm: [] };
  const keptHome = createFolder();
  const remove = (home: string): void => fs.rmSync(home, { recursive: true, force: true });
  try {
    if (!(await warmHome({ node, home: keptHome }, lookup))) {
      report(`a warm code cache on Node.js ${version}: no code cache was written`);
    }
    // Alternately, so that a busy moment of the machine affects all.
    for (let round = 0; round < (isShort ? 5 : 15); round++) {
      const coldHome = createFolder();
      for (const [home, times] of [
        [coldHome, starts.cold],
        [keptHome, starts.warm],
      ] as const) {
        starts.nodeMs.push(await timeNode({ node, home }));
        times.push(await timePlugin({ node, home }, lookup));
      }
      remove(coldHome);
    }
    return starts;
  } finally {
    remove(keptHome);
  }
}

function describe({ version, nodeMs, cold, warm }: Starts, { report }: BenchmarkOptions): Figure[] {
  const name = `Node.js ${version}`;
  const compare = (what: string, times: readonly number[]): Figure => ({
    what: `${name}: plugin start, ${what}`,
    measured: formatTime(median(times)),
    reference: `\`node -e 0\`: ${formatTime(median(nodeMs))}`,
    result: median(times) / median(nodeMs),
  });
  const [coldAnswers, warmAnswers] = [cold, warm].map((each) => each.map(({ answerMs }) => answerMs));
  const times: Figure[] = [
    compare(
      "spawn to port, warm code cache",
      warm.map(({ portMs }) => portMs),
    ),
    { ...compare("spawn to first answer, warm code cache", warmAnswers ?? []), budget: 2.3 },
    { ...compare("spawn to first answer, cold", coldAnswers ?? []), budget: 3.6 },
    compare(
      "spawn to the answer of a lookup, warm code cache",
      warm.map(({ lookupMs }) => lookupMs),
    ),
    compare(
      "spawn to the answer of a lookup, cold",
      cold.map(({ lookupMs }) => lookupMs),
    ),
  ];
  const memory = warm.flatMap((start) => start.memory ?? []);
  if (memory.length === 0) {
    report("the plugin's memory: it can be read on Linux only");
    return times;
  }
  const resident = median(memory.map((each) => each.resident));
  const peak = Math.max(...memory.map((each) => each.peak));
  const what = `${name}: plugin memory at rest, after the first answer`;
  return [...times, describeMemory(resident, { what, reference: `peak: ${formatMemory(peak)}`, budget: 60 })];
}
