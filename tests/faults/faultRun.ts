/** Runs rows of the table of faults against the built plugin, many at a time, and says what came of each. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { pluck } from "../support/knownFleet";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { startEngine, type StandInEngine } from "../support/standInEngine";
import { type Arrangement, type FaultCase, type Service, SERVICES } from "./faultCase";

const DEFAULT_WITHIN_MS = 6000;
const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** What came of a row: the table's columns, and why it is not what was expected, if it is not. */
export interface Outcome {
  readonly name: string;
  readonly attempts: string;
  readonly ms: number;
  readonly outcome: string;
  readonly problem?: unknown;
}

/** A plugin with an engine that takes its warnings. */
interface Lane {
  readonly plugin: PluginProcess;
  readonly engine: StandInEngine;
  stop(): Promise<void>;
}

/** Runs all cases, in `lanes` plugins side by side; those that want a plugin of their own get one. */
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
      const { attempts, ms, outcome } = await ask(fault, service, lane);
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

async function ask(fault: FaultCase, service: Service, shared: Lane): Promise<Omit<Outcome, "name">> {
  const arrangement = await fault.arrange(service);
  const isOwn = arrangement.env !== undefined || fault.withinMegabytes !== undefined;
  const lane = isOwn ? await openLane(arrangement.env) : shared;
  try {
    await lane.plugin.configure(arrangement.settings);
    const warned = lane.engine.messages.length;
    const startedAt = performance.now();
    const answer = settle(lane.plugin.invokeResult(SERVICES[service].name, arrangement.known.source));
    await arrangement.meanwhile?.(() => lane.plugin.getSchema());
    const settled = await answer;
    const ms = Math.round(performance.now() - startedAt);
    const warnings = lane.engine.messages.slice(warned).map(([, text]) => text);

    const requests = arrangement.countRequests?.();
    const outcome =
      "code" in fault.expected
        ? checkRefusal(
            { ...fault.expected, or: fault.or, action: SERVICES[service].action, requests },
            settled,
          )
        : checkAnswer({ expected: fault.expected, service, arrangement, warnings, ms }, settled);
    const { withinMs = DEFAULT_WITHIN_MS, withinMegabytes = Infinity } = fault;
    assert.ok(ms <= withinMs, `took ${ms} ms, ${withinMs} are allowed`);
    const megabytes = withinMegabytes === Infinity ? 0 : readPeakMegabytes(lane.plugin.pid);
    assert.ok(megabytes <= withinMegabytes, `used ${megabytes} MB, ${withinMegabytes} are allowed`);
    const attempts = "code" in fault.expected ? fault.expected.attempts : (requests ?? 0);
    return {
      attempts: String(attempts),
      ms,
      outcome: megabytes > 0 ? `${outcome}, ${megabytes} MB` : outcome,
    };
  } finally {
    if (isOwn) await lane.stop();
    await arrangement.stop();
  }
}

type Settled =
  { readonly result: Awaited<ReturnType<PluginProcess["invokeResult"]>> } | { readonly details: string };

async function settle(call: ReturnType<PluginProcess["invokeResult"]>): Promise<Settled> {
  try {
    return { result: await call };
  } catch (error) {
    return { details: (error as { details?: string }).details ?? String(error) };
  }
}

function checkAnswer(
  context: {
    expected: Exclude<FaultCase["expected"], { code: string }>;
    service: Service;
    arrangement: Arrangement;
    warnings: readonly string[];
    ms: number;
  },
  settled: Settled,
): string {
  const { expected, service, arrangement, warnings, ms } = context;
  assert.ok("result" in settled, `failed: ${"details" in settled ? settled.details : ""}`);
  const { result } = settled;
  const { backupIds, usableIds, newerIds } = arrangement.known;
  assert.deepEqual(pluck(result["backups"], "backupId"), backupIds);
  assert.equal((result["latest"] as { backupId?: string } | undefined)?.backupId, usableIds[0]);
  assert.deepEqual(pluck(result["skipped"], "backupId"), newerIds);
  expected.check?.(result);
  const requests = arrangement.countRequests?.();
  assert.equal(requests, expected.requests?.[service] ?? requests, "requests");
  const own = warnings.map((text) => text.replace(/ \([^()]*\)$/, ""));
  assert.deepEqual(own, expected.warning === undefined ? [] : [expected.warning]);
  assert.ok(ms >= (expected.atLeastMs ?? 0), `took ${ms} ms only`);
  return expected.warning === undefined ? "complete answer" : "complete answer, with a warning";
}

function checkRefusal(
  expected: {
    code: string;
    what: string;
    attempts: number;
    advice: string;
    or: string | undefined;
    action: string;
    requests: number | undefined;
  },
  settled: Settled,
): string {
  assert.ok("details" in settled, "was answered");
  const { code, or, attempts, advice, action, requests } = expected;
  const what = or !== undefined && settled.details.includes(or) ? or : expected.what;
  const count = `${attempts} attempt${attempts === 1 ? "" : "s"}`;
  // Whom the request went to, where no answer came of it.
  const peer = "(?: at [^`]+ \\(`baseUrl` from .+?\\)(?: through the proxy .+?\\))?| at the proxy .+?\\))?";
  const [before, after] = [`[${code}] ${action} (`, `) failed: ${what}. ${count}`].map(escapePattern);
  const pattern = new RegExp(
    `^${before}[^()]+${after}${peer}(?:, request uuid ${UUID})?\\. ${escapePattern(advice)}$`,
  );
  assert.match(settled.details, pattern);
  if (requests !== undefined) assert.equal(requests, attempts, "requests");
  return `[${code}] ${what}`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The most memory a process ever had, where the system tells; 0 elsewhere. */
function readPeakMegabytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  const [, kilobytes = "0"] =
    /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
