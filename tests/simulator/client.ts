import type { Simulator } from "../../simulator";
import { computeSignature } from "../../simulator/signature";

/** What a test looks at in an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { RetCode: number; Action: string; Message?: string; TotalCount?: unknown; DataSet?: Row[] };
}

/** As much of a simulator as a client has to know: one in another process will do. */
export type Target = Pick<Simulator, "url" | "publicKey" | "privateKey" | "securityToken">;

export type Row = Record<string, unknown>;

export type How = "GET" | "form" | "JSON";

/** Signs and sends parameters; those that are undefined are left out. */
export async function ask(
  simulator: Target,
  parameters: Readonly<Record<string, string | undefined>>,
  how: How = "form",
): Promise<Answer> {
  return readAnswer(await post(simulator, sign(simulator, parameters), how));
}

/** Adds what every request carries, and the signature over all of it. */
export function sign(
  { publicKey, privateKey, securityToken }: Omit<Target, "url">,
  parameters: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const all: Record<string, string> = { PublicKey: publicKey };
  if (securityToken !== undefined) all.SecurityToken = securityToken;
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) all[name] = value;
  return { ...all, Signature: computeSignature(all, privateKey) };
}

/** Sends parameters as they are. */
export function post(
  simulator: Target,
  parameters: Record<string, string>,
  how: How = "form",
): Promise<Response> {
  const form = new URLSearchParams(parameters);
  switch (how) {
    case "GET":
      return fetch(`${simulator.url}/?${form.toString()}`, { redirect: "manual" });
    case "form":
      return fetch(simulator.url, { method: "POST", body: form, redirect: "manual" });
    case "JSON":
      return fetch(simulator.url, {
        method: "POST",
        body: JSON.stringify(parameters),
        headers: { "Content-Type": "application/json" },
        redirect: "manual",
      });
  }
}

export async function readAnswer(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer["body"];
  return { status: response.status, headers: response.headers, body };
}

/** Reads a whole listing as a careful client does: on until a page is empty. */
export async function listAll(
  simulator: Target,
  parameters: Readonly<Record<string, string | undefined>>,
  limit = 100,
): Promise<{ rows: Row[]; pageSizes: number[] }> {
  const rows: Row[] = [];
  const pageSizes: number[] = [];
  for (;;) {
    const { body } = await ask(simulator, {
      ...parameters,
      Offset: String(rows.length),
      Limit: String(limit),
    });
    const page = body.DataSet ?? [];
    if (page.length === 0) return { rows, pageSizes };
    rows.push(...page);
    pageSizes.push(page.length);
  }
}

/** Rows in an order of their own, for comparing listings that promise none. */
export function sortRows(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
}

/** For `assert.rejects`: whether fetch() failed because of this network error. */
export function hasCause(code: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === code;
}

/** Lets the event loop turn until something has happened; the test's own time limit ends the waiting. */
export async function until(hasHappened: () => boolean): Promise<void> {
  while (!hasHappened()) await new Promise((resolve) => setImmediate(resolve));
}
