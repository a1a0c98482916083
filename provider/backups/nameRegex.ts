/**
 * Compiles `nameRegex`, an untrusted pattern. JavaScript's own engine can take exponential time (`(a+)+$`). RE2 takes time
 * proportional to the length of the name times the size of the compiled pattern. Both that size and the total work on
 * all names are limited.
 */
import type * as Re2 from "re2js";
import { type InputFailure, InvalidInputError } from "../ucloud/errors";
import { quoteText } from "./text";

const LONGEST_PATTERN = 1000;

/**
 * The limit on the work of matching one listing: the compiled pattern's steps times the characters of all names. A step
 * on a character takes up to 40 ns, so the whole takes at most 20 s. Ordinary patterns on 100,000 names stay far below.
 */
const MOST_WORK = 5e8;

/** In steps. Any pattern of 1000 plain characters is below; counted repetitions such as `a{1000}{2}` are above. */
const LARGEST_PROGRAM = 1500;

/** A compiled pattern, or why it was refused, in words that follow the property's name. */
export type CompiledRegex = { readonly test: (name: string) => boolean } | { readonly reason: string };

/**
 * Compiles `pattern` (RE2 syntax, unanchored). Refuses an empty pattern, one longer than 1000 characters, one that is too
 * large once compiled, and one with syntax that RE2 lacks, such as look-around and back-references. `test` throws an
 * InvalidInputError `InvalidArgument` once matching exceeds the limit on work.
 */
export function compileNameRegex(pattern: string): CompiledRegex {
  if (pattern === "") return { reason: "must not be empty; leave it out to keep all" };
  if (pattern.length > LONGEST_PATTERN) {
    return { reason: `is ${pattern.length} characters long, at most ${LONGEST_PATTERN} are allowed` };
  }
  const { RE2JS, RE2JSException } = loadEngine();
  try {
    const regex = RE2JS.compile(pattern);
    const size = regex.programSize();
    if (size > LARGEST_PROGRAM) {
      return {
        reason: `is too large once compiled (${size} steps, at most ${LARGEST_PROGRAM}); repeat less`,
      };
    }
    let work = 0;
    const test = (name: string): boolean => {
      work += size * (name.length + 1);
      if (work > MOST_WORK) throw new InvalidInputError("InvalidArgument", [describeCost(size)]);
      return regex.test(name);
    };
    return { test };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { reason: `is not a regular expression in RE2 syntax: ${describeFault(error, pattern)}` };
  }
}

function describeCost(size: number): InputFailure {
  const reason = `takes too long on the names of all backups (${size} steps for each character); repeat less`;
  return { property: "nameRegex", reason };
}

/** Loaded at the first use: few programs filter by name, and every preview waits for the plugin to start. */
function loadEngine(): typeof Re2 {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would make every filter asynchronous
  return require("re2js") as typeof Re2;
}

function describeFault(error: Error & Partial<Re2.RE2JSSyntaxException>, pattern: string): string {
  const fragment = error.input ?? "";
  const fault = error.error ?? error.message;
  if (fragment === "" || fragment === pattern) return fault;
  const isNotInRe2 = /^(\(\?|\\[1-9])/.test(fragment);
  const hint = isNotInRe2 ? " (RE2 has no look-around and no back-references)" : "";
  return `${fault} ${quoteText(fragment)}${describePosition(fragment, pattern)}${hint}`;
}

/** re2js gives the faulty fragment without its position. The position is only known if the fragment occurs once. */
function describePosition(fragment: string, pattern: string): string {
  const index = pattern.indexOf(fragment);
  return index >= 0 && index === pattern.lastIndexOf(fragment) ? ` at character ${index + 1}` : "";
}
