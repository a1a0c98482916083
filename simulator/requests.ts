import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type RequestParameters, writeNumber } from "./signature";

/** A request as it came, signature included, and what became of it. */
export interface RecordedRequest {
  /** 1 for the first. */
  readonly number: number;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, decoded: from the query of a GET, the form or JSON of a POST. */
  readonly parameters: RequestParameters;
  readonly action?: string;
  /** The `X-UCLOUD-REQUEST-UUID` of the answer. */
  readonly requestUuid: string;
  /** When it had been read whole: milliseconds since 1970. */
  readonly time: number;
  /** Which connection brought it; 1 for the first. */
  readonly connection: number;
  /** The HTTP status answered; absent when none was (yet). */
  readonly status?: number;
  /** The RetCode answered. */
  readonly retCode?: number;
  /** How many rows were answered. */
  readonly rows?: number;
  /** The kind of the fault it met. */
  readonly fault?: string;
  /** Whether the connection ended before the answer had been sent whole, whoever ended it. */
  readonly abandoned: boolean;
}

/** What a request asks, or why it cannot be read. */
export type ReadRequest =
  | { readonly parameters: RequestParameters }
  | { readonly parameters: RequestParameters; readonly unreadable: string; readonly status?: number };

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a request's parameters. A POST's query is not looked at: nothing that should be in the body can slip through in
 * the URL unnoticed.
 */
export async function readRequest(message: IncomingMessage): Promise<ReadRequest> {
  const url = new URL(message.url ?? "/", "http://localhost");
  if (url.pathname !== "/") return { parameters: {}, unreadable: "no such path", status: 404 };
  if (message.method === "GET") return collectParameters([...url.searchParams]);
  if (message.method !== "POST") return { parameters: {}, unreadable: "GET or POST only", status: 405 };

  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return { parameters: {}, unreadable: "body too large", status: 413 };
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString("utf8");
  return isJson(message) ? readJson(body) : collectParameters([...new URLSearchParams(body)]);
}

function isJson(message: IncomingMessage): boolean {
  return /^application\/json\b/i.test(message.headers["content-type"] ?? "");
}

function readJson(body: string): ReadRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { parameters: {}, unreadable: "the body is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { parameters: {}, unreadable: "the body is not a JSON object" };
  }
  return collectParameters(Object.entries(value).flatMap(([name, each]) => flatten(name, each)));
}

/** Arrays become `Name.0`, `Name.1`, objects `Name.Key`: the flat form in which the API signs them. */
function flatten(name: string, value: unknown): [string, string][] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value === "number") return [[name, writeNumber(value)]];
  if (typeof value === "boolean") return [[name, String(value)]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => flatten(`${name}.${key}`, each));
}

function collectParameters(pairs: readonly [string, string][]): ReadRequest {
  // Object.fromEntries defines own properties, so that a parameter called __proto__ is just a parameter.
  const parameters = Object.fromEntries(pairs);
  const names = new Set<string>();
  for (const [name] of pairs) {
    // Which of the two would have been signed is anybody's guess, so a client must not leave it to luck.
    if (names.has(name)) return { parameters, unreadable: `parameter [${name}] is given twice` };
    names.add(name);
  }
  return { parameters };
}
