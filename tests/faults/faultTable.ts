/** The whole fault table, in the order in which it is printed and documented. */
import type { FaultCase } from "./faultCase";
import { listings } from "./listings";
import { reported } from "./reported";
import { survived } from "./survived";
import { unreachable } from "./unreachable";

/** The faults after which the answer is complete. */
export const survivedFaults: readonly FaultCase[] = [...survived, ...listings];
/** The faults that make a lookup fail. */
export const reportedFaults: readonly FaultCase[] = [...reported, ...unreachable];

/** Returns the cells of a fault's row in `docs/faults.md`. */
export function describeFault({ name, expected }: FaultCase): string[] {
  if ("code" in expected) {
    const { code, what, attempts, advice } = expected;
    return [name, String(attempts), `\`[${code}]\` … ${what}. … ${advice}`];
  }
  return [name, expected.warning === undefined ? "nothing" : `a warning: ${expected.warning}`];
}
