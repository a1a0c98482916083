import { demo, type Simulator } from "../../simulator";
import { computeSignature } from "../../simulator/signature";

/** What a client has to know of a simulator, which may be in another process. */
export type Target = Pick<Simulator, "url" | "publicKey" | "privateKey" | "securityToken">;

/** The parameters of a request. Those that are undefined are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export type Row = Record<string, unknown>;

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { RetCode: number; Action: string; Message?: string; TotalCount?: unknown; DataSet?: Row[] };
}

/** Asks for the demo's group whose newest backups are not usable. */
export const UREDIS_QUERY = {
  Action: "DescribeURedisBackup",
  Region: demo.region,
  GroupId: demo.uredisGroupId,
} as const;

/** Asks for the demo's space whose newest backups are not usable. */
export const UMEM_QUERY = {
  Action: "DescribeUMemBackup",
  Region: demo.region,
  Zone: demo.zone,
  SpaceId: demo.umemSpaceId,
} as const;

/** Signs and sends a query as a form. */
export async function ask(target: Target, query: Query): Promise<Answer> {
  return readAnswer(await post(target, sign(target, query)));
}

/** Returns the query with the keys that every request carries, and the signature over all of it. */
export function sign(
  { publicKey, privateKey, securityToken }: Omit<Target, "url">,
  query: Query,
): Record<string, string> {
  const all: Record<string, string> = { PublicKey: publicKey };
  if (securityToken !== undefined) all.SecurityToken = securityToken;
  for (const [name, value] of Object.entries(query)) if (value !== undefined) all[name] = value;
  return { ...all, Signature: computeSignature(all, privateKey) };
}

/** Sends parameters as a form. */
export function post({ url }: Pick<Target, "url">, parameters: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body: new URLSearchParams(parameters), redirect: "manual" });
}

export async function readAnswer(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer["body"];
  return { status: response.status, headers: response.headers, body };
}

/** Reads a whole listing, until a page is empty. `Limit` is 100 unless the query names another. */
export async function listAll(target: Target, query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { body } = await ask(target, { Limit: "100", ...query, Offset: String(rows.length) });
    const page = body.DataSet ?? [];
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}

/** Puts rows into one order, to compare listings, which promise none. */
export function sortRows(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
}

/** For `assert.rejects`: whether fetch() failed because of this network error. */
export function hasCause(code: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === code;
}
