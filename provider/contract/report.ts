/** The result of a check, as `--json` prints it. */

import type { Asked } from "./asker";
import type { ReadAction } from "./expectations";
import type { Finding } from "./findings";

/** A stable object: fields are added to it, not changed. Its order is the same for the same answers. */
export interface CheckReport {
  /** The version of this package. */
  readonly version: string;
  /** The version of Node.js, such as `v20.19.0`. */
  readonly node: string;
  /** Whether the API has the default address. */
  readonly isDefaultApi: boolean;
  /** What was asked, in this order. */
  readonly asked: readonly AskedSummary[];
  readonly counts: { readonly requests: number; readonly differences: number; readonly notes: number };
  /** Whether a group or a space was there to ask about. */
  readonly hasDatabase: boolean;
  readonly findings: readonly Finding[];
}

/** The requests for one action about one subject. */
export interface AskedSummary {
  readonly action: ReadAction;
  /** Such as "group 1". */
  readonly subject: string;
  readonly requests: number;
  /** The rows of all answers together. */
  readonly rows: number;
  /** Only where ids are asked for. */
  readonly requestUuids?: readonly string[];
}

/** Creates the report of a check. */
export function createReport(options: {
  readonly version: string;
  readonly isDefaultApi: boolean;
  readonly asked: readonly Asked[];
  readonly findings: readonly Finding[];
  readonly hasDatabase: boolean;
  readonly showIds: boolean;
}): CheckReport {
  const { version, isDefaultApi, asked, findings, hasDatabase, showIds } = options;
  const differences = findings.filter(({ severity }) => severity === "difference").length;
  return {
    version,
    node: process.version,
    isDefaultApi,
    asked: summarize(asked, showIds),
    counts: { requests: asked.length, differences, notes: findings.length - differences },
    hasDatabase,
    findings,
  };
}

/** The exit code: 0 no difference, 1 differences, 2 nothing to ask about. */
export function getExitCode({ counts, hasDatabase }: CheckReport): 0 | 1 | 2 {
  if (counts.differences > 0) return 1;
  return hasDatabase ? 0 : 2;
}

function summarize(asked: readonly Asked[], showIds: boolean): readonly AskedSummary[] {
  const summaries = new Map<string, AskedSummary>();
  for (const { action, subject, attempts, rows } of asked) {
    const key = JSON.stringify([action, subject]);
    const known = summaries.get(key) ?? { action, subject, requests: 0, rows: 0 };
    const uuids = attempts.flatMap(({ head }) => head?.requestId ?? []);
    summaries.set(key, {
      ...known,
      requests: known.requests + 1,
      rows: known.rows + rows,
      ...(showIds && { requestUuids: [...(known.requestUuids ?? []), ...uuids] }),
    });
  }
  return [...summaries.values()];
}
