import { allDifferences, type Difference } from "./differences";
import type { Fault } from "./faults";

/** Returns a reader of whole numbers for a flag. The reader throws RangeError for anything else. */
export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new RangeError(`${flag} takes a whole number from ${least} to ${most}, not "${text}"`);
    }
    return value;
  };
}

/** Returns a reader for a flag that may be given several times. */
export function several<Value>(
  read: (text: string) => readonly Value[],
): (text: string, former: readonly Value[] | undefined) => readonly Value[] {
  return (text, former = []) => [...former, ...read(text)];
}

/** Reads `[ACTION=]STATUS|RETCODE[xN]`. @throws RangeError */
export function readFailure(text: string): readonly Fault[] {
  const [, action, number = "", count] = /^(?:(\w+)=)?(\d{1,6})(?:x(\d{1,9}))?$/.exec(text) ?? [];
  const times = count === undefined ? Infinity : Number(count);
  if (Number(number) < 1 || times < 1) {
    throw new RangeError(`--fail takes a status or RetCode and perhaps a count, as in 503x2, not "${text}"`);
  }
  const code = Number(number);
  const scope = { times, ...(action !== undefined && { action }) };
  return code >= 400 && code <= 599
    ? [{ kind: "status", status: code, ...scope }]
    : [{ kind: "retCode", retCode: code, ...scope }];
}

/** Reads a region. @throws RangeError */
export function readDownRegion(text: string): readonly Fault[] {
  if (!/^[a-z][a-z0-9-]*$/.test(text)) throw new RangeError(`--down takes a region, not "${text}"`);
  const isThere: Fault["when"] = ({ parameters }) => parameters["Region"] === text;
  return [{ kind: "status", status: 503, times: Infinity, when: isThere }];
}

/** Reads `ACTION[xN]`. @throws RangeError */
export function readLoss(text: string): readonly Fault[] {
  const [, action, count] = /^([A-Za-z]+?)(?:x(\d{1,9}))?$/.exec(text) ?? [];
  const times = count === undefined ? Infinity : Number(count);
  if (action === undefined || times < 1) {
    throw new RangeError(`--lose takes an action and perhaps a count, not "${text}"`);
  }
  return [{ kind: "lostAnswer", effect: "after", action, times }];
}

/** Reads a kind of difference, or `all`. @throws RangeError */
export function readDifferences(text: string): readonly Difference[] {
  if (text === "all") return allDifferences;
  const found = allDifferences.find((each) => each === text);
  if (!found) throw new RangeError(`--differ takes all or ${allDifferences.join(", ")}, not "${text}"`);
  return [found];
}
