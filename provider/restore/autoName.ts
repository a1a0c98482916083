/** The name of a database whose program gives none. */

import { createHash } from "node:crypto";
import { quoteText } from "../backups/text";
import type { Clock } from "../ucloud/clock";
import type { InputFailure } from "../ucloud/errors";
import type { Autonaming } from "./resource";
import { findNameProblem, makeName } from "./rules";

const DIGITS = 7;

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

function createSuffix({ urn, randomSeed, clock }: NameBasis): string {
  if (randomSeed === undefined || randomSeed.length === 0) {
    const chance = Math.floor(clock.random() * 16 ** DIGITS);
    return chance.toString(16).padStart(DIGITS, "0");
  }
  return createHash("sha256").update(randomSeed).update(urn).digest("hex").slice(0, DIGITS);
}
