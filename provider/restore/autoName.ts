/** The name of a database whose program gives none. */

import { createHash } from "node:crypto";
import { quoteText } from "../backups/text";
import type { Clock } from "../ucloud/clock";
import type { InputFailure } from "../ucloud/errors";
import type { Autonaming } from "./resource";
import { findNameProblem, makeName } from "./rules";

const MARK_DIGITS = 4;
const RANDOM_DIGITS = 3;

/** What a name is made of. */
export interface NameBasis {
  /** Pulumi's name of the resource. Its last part is the name in the program. */
  readonly urn: string;
  readonly autonaming?: Autonaming | undefined;
  /** The same in a preview and the update after it. Without it, chance decides. */
  readonly randomSeed?: Uint8Array | undefined;
  readonly clock: Pick<Clock, "random">;
}

/**
 * A name for a new database: the one that the project's `autonaming` settings propose, else the name in the
 * program with 7 hexadecimal digits. It obeys the API's rule.
 */
export function createName(basis: NameBasis): { readonly name: string } | { readonly failure: InputFailure } {
  const { urn, autonaming } = basis;
  if (autonaming?.mode === "disable") {
    const reason = "is required, as the project's `autonaming` settings turn automatic names off";
    return { failure: { property: "name", reason } };
  }
  const proposed = autonaming?.proposedName;
  const problem = proposed === undefined ? undefined : findNameProblem(proposed);
  if (proposed !== undefined && problem === undefined) return { name: proposed };
  if (proposed !== undefined && autonaming?.mode === "enforce") {
    const claim = `${quoteText(proposed)}, which the project's \`autonaming\` settings enforce, ${problem ?? ""}`;
    return { failure: { property: "name", reason: `${claim}; name the database here` } };
  }
  return { name: makeName(proposed ?? readLogicalName(urn), createSuffix(basis)) };
}

function readLogicalName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/**
 * Whether `name` is one that {@link createName} may have made for this resource, in this run or another. Its first
 * digits are the resource's own, so that what a lost state made can be named.
 */
export function isOwnName(name: string, urn: string): boolean {
  const digits = /-([0-9a-f]{7})$/.exec(name)?.[1];
  return digits?.startsWith(createMark(urn)) === true && name === makeName(readLogicalName(urn), digits);
}

function createMark(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, MARK_DIGITS);
}

function createSuffix({ urn, randomSeed, clock }: NameBasis): string {
  return `${createMark(urn)}${createRandomDigits(urn, { randomSeed, clock })}`;
}

function createRandomDigits(
  urn: string,
  { randomSeed, clock }: Pick<NameBasis, "randomSeed" | "clock">,
): string {
  if (randomSeed === undefined || randomSeed.length === 0) {
    const chance = Math.floor(clock.random() * 16 ** RANDOM_DIGITS);
    return chance.toString(16).padStart(RANDOM_DIGITS, "0");
  }
  return createHash("sha256").update(randomSeed).update(urn).digest("hex").slice(0, RANDOM_DIGITS);
}
