/** The text that replaces a secret. */
export const REDACTED = "[redacted]";

/** Removes secrets from a text. */
export type Redactor = (text: string) => string;

/** From this length on, parts of a secret are removed too, because servers may echo only a part of it. */
const LONG_SECRET = 24;
/**
 * Of a secret longer than this, such as some tokens, no pattern is made: matching it would overflow the
 * stack.
 */
const MAX_SPELLED = 512;
/** The length of the shortest part of a secret, or of its base64 or hex, that is removed. In characters. */
const PART = 12;
/** How many characters of a secret's beginning are enough to tell it from other text. */
const BEGINNING = 12;

/**
 * Creates a redactor for `secrets`. It removes each secret as it is, and as URLs, forms, JSON and HTML write
 * it, even nested, in upper or lower case. It also removes any part of a long secret, and any {@link PART}
 * characters or more of a secret's base64 or hex, at any offset of the encoded text. URLs lose their user,
 * query and fragment, which may hold a signed request.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const present = secrets.filter((secret) => secret !== undefined && secret !== "") as string[];
  // Longest first, so that a secret that contains another one is removed as a whole.
  const spelled = present
    .sort((a, b) => b.length - a.length)
    .map((secret) => (secret.match(/\\+|[^\\]/gu) ?? []).map(spellCharacter));
  const wholes = spelled
    .filter((characters) => characters.length <= MAX_SPELLED)
    .map((characters) => characters.join(""));
  const beginnings = spelled
    .filter((characters) => characters.length >= LONG_SECRET)
    .map((characters) => `${characters.slice(0, BEGINNING).join("")}[^\\s"'&<>]*`);
  const pattern = present.length === 0 ? undefined : new RegExp([...wholes, ...beginnings].join("|"), "gi");
  const parts = collectParts(present);
  return (text) => {
    const plain = pattern === undefined ? text : text.replace(pattern, REDACTED);
    return stripLinks(cutParts(plain, parts));
  };
}

/** All runs of {@link PART} characters of the secrets that are long, and of every secret's encodings. */
function collectParts(secrets: readonly string[]): ReadonlySet<string> {
  const texts = secrets.flatMap((secret) => [
    ...(secret.length >= LONG_SECRET ? [secret] : []),
    ...encode(Buffer.from(secret, "utf8")),
  ]);
  const parts = new Set<string>();
  for (const text of texts.map(fold)) {
    for (let at = 0; at + PART <= text.length; at++) parts.add(text.slice(at, at + PART));
  }
  return parts;
}

/**
 * The bytes in hex, and in base64 after 0, 1 and 2 other bytes, without the characters that encode those
 * bytes too.
 */
function encode(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString("hex"), ...base64];
}

/**
 * Makes different spellings of a character the same: upper and lower case, base64 and base64url. Keeps the
 * length.
 */
function fold(text: string): string {
  return text
    .replace(/[A-Z]+/g, (run) => run.toLowerCase())
    .replace(/[-_]/g, (sign) => (sign === "-" ? "+" : "/"));
}

/**
 * Removes every run of characters that `parts` cover. Checks each position once, so that the time is linear.
 */
function cutParts(text: string, parts: ReadonlySet<string>): string {
  if (parts.size === 0) return text;
  const folded = fold(text);
  let shown = "";
  let end = 0;
  for (let at = 0; at + PART <= folded.length; at++) {
    if (!parts.has(folded.slice(at, at + PART))) continue;
    if (at > end || end === 0) shown += text.slice(end, at) + REDACTED;
    end = at + PART;
  }
  return shown + text.slice(end);
}

/**
 * Replaces control characters with spaces, and cuts a text that is longer than `maxLength`, to fit it into a
 * message.
 */
export function tidyText(text: string, maxLength = 300): string {
  const tidy = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return tidy.length > maxLength ? `${tidy.slice(0, maxLength).toWellFormed()}…` : tidy;
}

/**
 * A pattern for every way to write a character, or a run of backslashes. Runs of backslashes are bounded, and
 * no two patterns for them follow each other, so that matching stays linear.
 */
function spellCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const entity = `&(?:amp;)*#(?:0*${code}|x0*${code.toString(16)});`;
  if (character.startsWith("\\")) {
    const { length } = character;
    return `(?:\\\\{${length},${8 * length}}|(?:%(?:25)*5c){${length}}|(?:${entity}){${length}})`;
  }
  const bytes = [...Buffer.from(character, "utf8")].map((byte) => `%(?:25)*${toHex(byte, 2)}`).join("");
  const units = Array.from(character.split(""), (unit) => `\\\\{1,7}u${toHex(unit.charCodeAt(0), 4)}`).join(
    "",
  );
  const escapes = ESCAPES.get(character) ?? [];
  return `(?:\\\\{0,7}${escapePattern(character)}|${[bytes, units, entity, ...escapes].join("|")})`;
}

/** How some formats write a character, other than by its code. */
const ESCAPES: ReadonlyMap<string, readonly string[]> = new Map([
  [" ", ["\\+"]],
  ["\n", ["\\\\{1,7}n"]],
  ["\r", ["\\\\{1,7}r"]],
  ["\t", ["\\\\{1,7}t"]],
  ["&", ["&(?:amp;)+"]],
  ["<", ["&(?:amp;)*lt;"]],
  [">", ["&(?:amp;)*gt;"]],
  ['"', ["&(?:amp;)*quot;"]],
]);

function toHex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** What a signed link ends in, as text, form, JSON or HTML write it, also without the rest of the link. */
const SIGNATURE =
  /(signature(?:["'\\]{0,8}\s{0,2}:\s{0,2}["'\\]{0,8}|=|%(?:25){0,4}3d|\\{1,7}u003d|&#0{0,4}61;))[^\s"'&<>\\]+/gi;

/** Removes the parts of links that make them work, also of links that are not whole or are escaped. */
export function stripLinks(text: string): string {
  return stripUrls(text).replace(SIGNATURE, `$1${REDACTED}`);
}

/**
 * Removes user, query and fragment of URLs. Each URL is matched as one piece, so that any text takes linear
 * time.
 */
function stripUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s"'<>]*/gi, (url) =>
    url.replace(/[?#].*$/s, "").replace(/(https?:\/\/)[^/]*@/gi, "$1"),
  );
}
