/**
 * Parses the API's answers. The cost of `JSON.parse` depends more on the number of values than on the length
 * of the text: 32 MiB of `{},{},…` take 10 s and over 1 GB. So the text is scanned first, once, and refused
 * beyond limits far above any answer of the API. A page of 100 rows has about 2,000 values.
 */

/**
 * The most values: room for a server that ignores `Limit` and sends 50,000 rows of 20 fields in one answer.
 */
const MAX_VALUES = 1_000_000;
/** The most objects and lists. */
const MAX_CONTAINERS = 200_000;
/**
 * The most different names of fields. The API has some dozens. Each further one takes memory that is never
 * freed.
 */
const MAX_NAMES = 1000;
/** How deep objects and lists may be nested. The API nests them 4 deep. */
const MAX_DEPTH = 32;
/** Numbers with more characters than this may have more digits than a JavaScript number holds. */
const EXACT_LENGTH = 15;

/** In texts up to this length, such as pages of 100 rows, names are not counted: they take a few MB at most. */
const FEW_NAMES_LENGTH = 256 * 1024;

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** A text has more values, names or levels than any answer of the API. */
export class ExcessiveJsonError extends Error {}

/**
 * Parses JSON as `JSON.parse` does, except that long numbers become strings, so that no digit of an id is
 * lost.
 *
 * @throws ExcessiveJsonError if parsing would take too much time or memory; nothing is parsed then
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(quoteLongNumbers(text, findLongNumbers(text)));
}

/** Scans the text, and finds where its long numbers begin. Errors in the JSON are left to the parser. */
function findLongNumbers(text: string): number[] {
  const found: number[] = [];
  const names = text.length > FEW_NAMES_LENGTH ? new Set<string>() : undefined;
  let values = 0;
  let containers = 0;
  let depth = 0;
  let stringAt = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      stringAt = at;
      at = findStringEnd(text, at);
    } else if (code === COMMA) {
      values += 1;
      if (values > MAX_VALUES) throw new ExcessiveJsonError();
    } else if (code === COLON) {
      if (names !== undefined && names.add(text.slice(stringAt, at)).size > MAX_NAMES) {
        throw new ExcessiveJsonError();
      }
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      containers += 1;
      depth += 1;
      if (containers > MAX_CONTAINERS || depth > MAX_DEPTH) throw new ExcessiveJsonError();
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth -= 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const start = at;
      while (isNumeric(text.charCodeAt(at + 1))) at += 1;
      if (at + 1 - start > EXACT_LENGTH) found.push(start);
    }
  }
  return found;
}

/** The end of the string that begins at `at`: its closing quote, or the end of a text that is cut short. */
function findStringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    // With an even number of backslashes before it, the quote is not escaped.
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Whether a character may be part of a number, after its first one. */
function isNumeric(code: number): boolean {
  return (code >= ZERO && code <= NINE) || (code < 0x80 && "+-.eE".includes(String.fromCharCode(code)));
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![-+.\deE])/y;

function quoteLongNumbers(text: string, starts: readonly number[]): string {
  if (starts.length === 0) return text;
  const parts: string[] = [];
  let copied = 0;
  for (const start of starts) {
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(text)?.[0];
    // A malformed number is left to the parser, which refuses it.
    if (number === undefined) continue;
    parts.push(text.slice(copied, start), '"', number, '"');
    copied = start + number.length;
  }
  return parts.join("") + text.slice(copied);
}
