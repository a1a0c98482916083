import type { Cloud } from "./cloud";
import { type Arguments, readArguments, type Rules } from "./parameterRules";
import type { RequestParameters } from "./signature";
import type { Outcome } from "./writeFaults";

/** The answer of an action, before it is written as JSON. */
export interface ApiAnswer {
  readonly retCode: number;
  readonly message?: string;
  /** The rows of the requested page. */
  readonly rows?: readonly object[];
  /** The number of all rows that match the query. */
  readonly totalCount?: number;
  /** The number of all rows that the action could list in the project, whatever the query. */
  readonly accountCount?: number;
  /** Whether the action's answer has no `TotalCount`. */
  readonly isUncounted?: boolean;
  /** Fields besides the rows: `GroupId`, for example. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A request whose keys, region and project have been checked. */
export interface ActionRequest {
  readonly parameters: RequestParameters;
  readonly cloud: Cloud;
  readonly region: string;
  readonly projectId: string;
  readonly pageCap: number;
  /** Replaces the requested offset. */
  readonly forcedOffset?: number | undefined;
  /** The number of the request. */
  readonly number: number;
  /** What a fault makes of what the request does. */
  readonly outcome: Outcome;
}

/** Answers a request. @throws Refusal */
export type Action = (request: ActionRequest) => ApiAnswer | Promise<ApiAnswer>;

/** Returns an action that checks its parameters by rules. */
export function defineAction<Each extends Rules>(
  rules: Each,
  run: (values: Arguments<Each>, request: ActionRequest) => ApiAnswer | Promise<ApiAnswer>,
): Action {
  return (request) => run(readArguments(request.parameters, { rules, region: request.region }), request);
}

/** The answer of an action that returns nothing, or these fields. */
export function succeed(fields: Readonly<Record<string, unknown>> = {}): ApiAnswer {
  return { retCode: 0, fields };
}

/** The page that a request asks for. */
export interface Page {
  readonly offset: number | undefined;
  readonly limit: number;
}

/** Returns the entries of a page: never more than the simulator's cap. */
export function cutPage<Entry>(
  entries: readonly Entry[],
  { offset, limit }: Page,
  { forcedOffset, pageCap }: Pick<ActionRequest, "forcedOffset" | "pageCap">,
): readonly Entry[] {
  const start = forcedOffset ?? offset ?? 0;
  return entries.slice(start, start + Math.min(limit, pageCap));
}
