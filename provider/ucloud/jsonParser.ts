/**
 * Parsing the API's answers. What `JSON.parse` costs depends less on the length of a text than on how much it is split
 * up: 32 MiB of `{},{},…` take 10 s and over 1 GB. So the text is looked through first, once, and refused beyond limits
 * that no answer of the API comes near. A page is asked to bring 100 rows, which makes about 2,000 values.
 */

/** The most values: room for a server that ignores `Limit` and sends 50,000 rows of 20 fields at once. */
const MAX_VALUES = 1_000_000;
/** The most objects and lists. */
const MAX_CONTAINERS = 200_000;
/** The most different names of fields. The API has some dozens; each further one costs memory for good. */
const MAX_NAMES = 1000;
/** How deep objects and lists may be nested. The API nests them 4 deep. */
const MAX_DEPTH = 32;
/** Numbers of more characters than this may have more digits than JavaScript's numbers hold. */
const EXACT_LENGTH = 15;

/** Texts no longer than this, which pages of 100 rows are, cannot hold so many names that they matter. */
const FEW_NAMES_LENGTH = 256 * 1024;

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** Says that a text is split up beyond any answer of the API. */
export class ExcessiveJsonError extends Error {}

/**
 * Parses JSON as `JSON.parse` does, but for long numbers: they become texts, so that no digit of an id is lost.
 *
 * @throws ExcessiveJsonError before parsing what would take too much time or memory
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(quoteLongNumbers(text, findLongNumbers(text)));
}

/** Looks through the text, and finds where its long numbers begin. What is no JSON is left to the parser. */
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

/** Where the string that begins at `at` ends: at its closing quote, or at the end of a text that breaks off. */
function findStringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    // An even number of them stands for themselves; an odd one is for the quote.
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Whether a character may be part of a number, its first one aside. */
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
    // What only looks like a number is left to the parser, which refuses it.
    if (number === undefined) continue;
    parts.push(text.slice(copied, start), '"', number, '"');
    copied = start + number.length;
  }
  return parts.join("") + text.slice(copied);
}
