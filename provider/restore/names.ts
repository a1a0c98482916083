/**
 * The name under which a creation is sent. The API has no client token, and does not promise that names are
 * unique. So each attempt uses a name that nothing else has, by which it is found when its answer is lost.
 */

import { createHash, randomBytes } from "node:crypto";
import { LONGEST_NAME } from "./rules";

/** 6 hexadecimal digits that mark what was created for one resource in one project. */
export function createMark(urn: string, projectId: string | undefined): string {
  return createHash("sha256")
    .update(JSON.stringify([urn, projectId ?? ""]))
    .digest("hex")
    .slice(0, 6);
}

/** A name for one attempt to create what shall be called `name`. `random` is 10 hexadecimal digits. */
export function createAttemptName(
  { name, mark }: { readonly name: string; readonly mark: string },
  random: string = randomBytes(5).toString("hex"),
): string {
  const suffix = `-${mark}-${random}`;
  return `${name.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
}

/** The name that a database shall have which still has the one of an attempt; undefined if it has another one. */
export function cutAttemptName(name: string | undefined, mark: string): string | undefined {
  return isAttemptName(name, mark) ? name?.slice(0, -`-${mark}-0123456789`.length) : undefined;
}

/** Whether `name` is one of an attempt for the resource with this mark. */
export function isAttemptName(name: string | undefined, mark: string): boolean {
  return name !== undefined && new RegExp(`-${mark}-[0-9a-f]{10}$`).test(name);
}
