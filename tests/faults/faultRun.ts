/** Runs the rows of the fault table against built plugins, several concurrently. */
import assert from "node:assert/strict";
import { readPeakMemory } from "../support/peakMemory";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { startEngine, type StandInEngine } from "../support/standInEngine";
import { type FaultCase, type Service, SERVICES } from "./faultCase";
import { checkAnswer, checkRefusal, type Call, type Settled } from "./faultChecks";

const DEFAULT_WITHIN_MS = 6000;

/** The result of a row: the columns to print, and the error if the result is unexpected. */
export interface Outcome {
  readonly name: string;
  readonly attempts: string;
  readonly ms: number;
  readonly outcome: string;
  readonly problem?: unknown;
}

/** A plugin, and the engine that receives its warnings. */
interface Lane {
  readonly plugin: PluginProcess;
  readonly engine: StandInEngine;
  stop(): Promise<void>;
}

/** Runs all cases in `lanes` concurrent plugins. Cases that need their own plugin start one. */
export async function runFaults(cases: readonly FaultCase[], lanes: number): Promise<Map<string, Outcome>> {
  const waiting = [...cases];
  const outcomes = new Map<string, Outcome>();
  const work = async (): Promise<void> => {
    const lane = await openLane();
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        outcomes.set(next.name, await runFault(next, lane));
      }
    } finally {
      await lane.stop();
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return outcomes;
}

async function openLane(env: Readonly<Record<string, string>> = {}): Promise<Lane> {
  const engine = await startEngine();
  const plugin = await startPlugin({ args: [engine.address], env });
  return {
    plugin,
    engine,
    stop: async () => {
      await plugin.stop();
      engine.close();
    },
  };
}

async function runFault(fault: FaultCase, lane: Lane): Promise<Outcome> {
  const services = fault.only === undefined ? (Object.keys(SERVICES) as Service[]) : [fault.only];
  const shown = { name: fault.name, attempts: "", ms: 0, outcome: "" };
  try {
    for (const service of services) {
      const { attempts, ms, outcome } = await callService(service, { fault, lane });
      if (shown.attempts !== "" && shown.attempts !== attempts) shown.attempts += ` or ${attempts}`;
      else shown.attempts = attempts;
      shown.ms = Math.max(shown.ms, ms);
      shown.outcome = outcome;
    }
    return shown;
  } catch (problem) {
    return { ...shown, outcome: "UNEXPECTED", problem };
  }
}

async function callService(
  service: Service,
  { fault, lane: shared }: { readonly fault: FaultCase; readonly lane: Lane },
): Promise<Omit<Outcome, "name">> {
  const { expected, withinMs = DEFAULT_WITHIN_MS, withinMegabytes } = fault;
  const arrangement = await fault.arrange(service);
  const isOwn = arrangement.env !== undefined || withinMegabytes !== undefined;
  const lane = isOwn ? await openLane(arrangement.env) : shared;
  try {
    await lane.plugin.configure(arrangement.settings);
    const shownBefore = lane.engine.messages.length;
    const startedAt = performance.now();
    const answer = settle(lane.plugin.invokeResult(SERVICES[service].name, arrangement.known.source));
    await arrangement.meanwhile?.(() => lane.plugin.getSchema());
    const settled = await answer;
    const call: Call = {
      service,
      arrangement,
      settled,
      messages: lane.engine.messages.slice(shownBefore),
      ms: Math.round(performance.now() - startedAt),
    };

    const outcome =
      "code" in expected ? checkRefusal(call, { ...expected, or: fault.or }) : checkAnswer(call, expected);
    assert.ok(call.ms <= withinMs, `took ${call.ms} ms, ${withinMs} are allowed`);
    const attempts = "code" in expected ? expected.attempts : (arrangement.countRequests?.() ?? 0);
    const memory = withinMegabytes === undefined ? "" : checkMemory(lane.plugin.pid, withinMegabytes);
    return { attempts: String(attempts), ms: call.ms, outcome: outcome + memory };
  } finally {
    if (isOwn) await lane.stop();
    await arrangement.stop();
  }
}

async function settle(call: ReturnType<PluginProcess["invokeResult"]>): Promise<Settled> {
  try {
    return { result: await call };
  } catch (error) {
    return { details: (error as { details?: string }).details ?? String(error) };
  }
}

/** Checks the peak of a plugin's memory where it can be read, and returns it as a text to print. */
function checkMemory(pid: number, withinMegabytes: number): string {
  const bytes = readPeakMemory(pid);
  if (bytes === undefined) return "";
  const megabytes = Math.round(bytes / 1024 ** 2);
  assert.ok(megabytes <= withinMegabytes, `used ${megabytes} MB, ${withinMegabytes} are allowed`);
  return `, ${megabytes} MB`;
}
