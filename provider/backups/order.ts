/** Comparisons that give the same order on every machine: by UTF-16 code unit, not by locale. */

/** Compares two texts by code unit. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares two values. An absent one comes last. */
export function compareAbsentLast<T extends string | number>(a: T | undefined, b: T | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}
