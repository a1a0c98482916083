/**
 * What Pulumi sends for a string that is not known during a preview, and what both hosts return for any such
 * value.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** Whether a value is not known yet. */
export function isUnknown(value: unknown): boolean {
  return UNKNOWNS.has(value);
}

/**
 * Values by name, split into those that are known and the names of those that hold an unknown at any depth.
 */
export function splitUnknown<Value>(values: Readonly<Record<string, Value>>): {
  readonly known: Readonly<Record<string, Value>>;
  readonly unknown: ReadonlySet<string>;
} {
  const entries = Object.entries(values);
  const unknown = new Set(entries.filter(([, value]) => isUnknownWithin(value)).map(([name]) => name));
  return { known: Object.fromEntries(entries.filter(([name]) => !unknown.has(name))), unknown };
}

function isUnknownWithin(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(isUnknownWithin);
}
