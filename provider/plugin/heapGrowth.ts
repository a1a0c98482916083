import { setFlagsFromString } from "node:v8";

/** How much V8's heap may grow until its garbage is collected, in percent of what was in use. */
const GROWTH_PERCENT = 40;
/** The last version of Node.js that is known to have the flag. Others would print an error. */
const LAST_KNOWN_MAJOR = 24;

/**
 * Makes V8 collect garbage more often. By default, a heap of 40 MB grows to 130 MB first: a long list that is read twice
 * then takes 60 MB more, most of it of the first reading. Only for a process that is all our own.
 */
export function limitHeapGrowth(setFlag = setFlagsFromString, version = process.versions.node): void {
  if (Number.parseInt(version) <= LAST_KNOWN_MAJOR) setFlag(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
