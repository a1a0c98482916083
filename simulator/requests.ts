import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type RequestParameters, writeNumber } from "./signature";

/** A request as it arrived, with its signature, and how it was answered. */
export interface RecordedRequest {
  /** From 1 on. */
  readonly number: number;
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The decoded parameters, from the query of a GET, or from the form or JSON of a POST. */
  readonly parameters: RequestParameters;
  readonly action?: string;
  /** The `X-UCLOUD-REQUEST-UUID` of the answer. */
  readonly requestUuid: string;
  /** When its body had arrived, in milliseconds since 1970. */
  readonly time: number;
  /** The number of its connection, from 1 on. */
  readonly connection: number;
  /** The HTTP status of the answer; absent while there is none. */
  readonly status?: number;
  /** The RetCode of the answer. */
  readonly retCode?: number;
  /** How many rows the answer has. */
  readonly rows?: number;
  /** The kind of the fault that it met. */
  readonly fault?: string;
  /** Whether the connection closed before the whole answer was sent, by whichever side. */
  readonly abandoned: boolean;
}

/** A request's parameters, and why they cannot be used if they cannot. */
export type ReadRequest =
  | { readonly parameters: RequestParameters }
  | { readonly parameters: RequestParameters; readonly unreadable: string; readonly status?: number };

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a request's parameters. Ignores the query of a POST, so that parameters in the URL, where proxies log
 * them, do not go unnoticed.
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

/** Flattens arrays to `Name.0`, `Name.1` and objects to `Name.Key`: the form in which the API signs them. */
function flatten(name: string, value: unknown): [string, string][] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value === "number") return [[name, writeNumber(value)]];
  if (typeof value === "boolean") return [[name, String(value)]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => flatten(`${name}.${key}`, each));
}

function collectParameters(pairs: readonly [string, string][]): ReadRequest {
  // Object.fromEntries defines own properties, so that a parameter named __proto__ is harmless.
  const parameters = Object.fromEntries(pairs);
  const names = new Set<string>();
  for (const [name] of pairs) {
    // It is not documented which of the two values the API signs, so a client must not send both.
    if (names.has(name)) return { parameters, unreadable: `parameter [${name}] is given twice` };
    names.add(name);
  }
  return { parameters };
}
