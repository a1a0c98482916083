/** What a check finds, in words that hold no id, name, value or address of the account. */

import type { ReadAction } from "./expectations";

/** What a finding is about. */
export type FindingKind =
  | "missingField"
  | "unknownField"
  | "otherType"
  | "unknownValue"
  | "pageCap"
  | "offset"
  | "count"
  | "order"
  | "shards"
  | "retCode"
  | "unknownId"
  | "clock"
  | "http"
  | "notChecked";

/** A way in which the API differs, or may differ, from what this package expects. */
export interface Finding {
  /** `difference`: this package relies on it. `note`: it is worth knowing. */
  readonly severity: "difference" | "note";
  readonly kind: FindingKind;
  /** The action; `"HTTP"` if it is about all of them. */
  readonly action: ReadAction | "HTTP";
  /** A field of the answer, such as `DataSet[].State`. */
  readonly field?: string;
  /** One line, without the action and the field. */
  readonly text: string;
  /** What may hold ids: the API's message and the request uuid. Only where ids are asked for. */
  readonly detail?: string;
}

/** Sorts findings: by action, differences first, then by field, kind and text. Equal ones are one. Keys have an order. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map(findings.map((finding) => [createKey(finding).join("\0"), finding]));
  return [...unique.values()]
    .sort((a, b) => compareKeys(createKey(a), createKey(b)))
    .map(({ severity, action, kind, field, text, detail }) => ({
      ...{ severity, action, kind },
      ...(field !== undefined && { field }),
      text,
      ...(detail !== undefined && { detail }),
    }));
}

function createKey({ action, severity, field = "", kind, text }: Finding): readonly string[] {
  return [action, severity, field, kind, text];
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at === -1 ? 0 : (a[at] ?? "") < (b[at] ?? "") ? -1 : 1;
}

/** "1 row", "2 rows". */
export function countNoun(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
