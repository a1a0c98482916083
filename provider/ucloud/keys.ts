/**
 * The keys that sign requests. If the two keys are of different pairs, the API's error does not say so. A
 * token only works with the keys it was issued with. So there is a warning if keys of several sources are
 * used together.
 */

import type { Credentials } from "./client";
import { type FoundText, Rank } from "./settingSources";

/** The keys, and the source in which each was found. */
export type FoundKeys = Readonly<Record<keyof Credentials, FoundText>>;

/** The keys that are used, and what the user should know about them. */
export interface JoinedKeys {
  /** Undefined if a key is missing. */
  readonly credentials: Credentials | undefined;
  /** Which of the two keys are missing. */
  readonly missingKeys: readonly string[];
  /** Where the two keys came from, as a sentence. */
  readonly origin: string;
  readonly warnings: readonly string[];
}

/** Joins the keys. A token of the environment is only used with keys of the environment. */
export function joinKeys({ publicKey, privateKey, securityToken }: FoundKeys): JoinedKeys {
  const origin =
    publicKey.origin === privateKey.origin
      ? `Both keys came from ${publicKey.origin}.`
      : `\`publicKey\` came from ${publicKey.origin}, \`privateKey\` from ${privateKey.origin}.`;
  const missingKeys = [
    ...(publicKey.text === undefined ? ["publicKey"] : []),
    ...(privateKey.text === undefined ? ["privateKey"] : []),
  ];
  if (publicKey.text === undefined || privateKey.text === undefined) {
    return { credentials: undefined, missingKeys, origin, warnings: [] };
  }
  const keys = { publicKey: publicKey.text, privateKey: privateKey.text };
  const warnings: string[] = [];
  const isPair = publicKey.rank === privateKey.rank;
  const isTokenOfPair = isPair && securityToken.rank === publicKey.rank;
  if (!isPair) warnings.push(`${origin} Check that they belong together, or give both in one place.`);
  if (securityToken.text === undefined) return { credentials: keys, missingKeys, origin, warnings };
  if (!isTokenOfPair && securityToken.rank !== Rank.Given) {
    // With given keys, such as those of an explicit provider for another account, the environment's token is
    // irrelevant.
    if (!isPair || publicKey.rank !== Rank.Given) {
      warnings.push(
        `${securityToken.origin} is not used, because the keys do not come from the environment as it does.`,
      );
    }
    return { credentials: keys, missingKeys, origin, warnings };
  }
  if (isPair && !isTokenOfPair) {
    warnings.push(
      `\`securityToken\` came from ${securityToken.origin}, and the keys from ${publicKey.origin}. ` +
        "Check that they belong together, or give all in one place.",
    );
  }
  return { credentials: { ...keys, securityToken: securityToken.text }, missingKeys, origin, warnings };
}
