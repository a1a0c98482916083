/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Takes secrets out of a text before anybody sees it. */
export type Redactor = (text: string) => string;

/** Of a secret this long or longer, parts are taken out too: servers cut what they echo. */
const LONG_SECRET = 24;
/** Of a secret longer than this, such as some tokens, no pattern is made: there would be no room for it on the stack. */
const MAX_SPELLED = 512;
/** The shortest part that is taken out, and as much of the secret in base64 or hex. In characters. */
const PART = 12;
/** How much of a secret's beginning tells it from other text. */
const BEGINNING = 12;

/**
 * Builds a redactor for `secrets`: each is taken out as it is, and as it looks in URLs, forms, JSON and HTML, even
 * where these are nested, in any case. So is any part of a long one, and what stands for {@link PART} characters or more
 * of base64 or hex of one, wherever in the encoded text it begins. URLs lose their user, query and fragment, since a signed request may be in them.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const present = secrets.filter((secret) => secret !== undefined && secret !== "") as string[];
  // Longest first: a secret that contains another one goes as a whole.
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
    return stripUrls(cutParts(plain, parts));
  };
}

/** All runs of {@link PART} characters that tell of a secret: of a long one itself, and of its encodings. */
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

/** The bytes in hex, and in base64 behind 0, 1 and 2 other bytes, without the characters that hold those bytes too. */
function encode(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString("hex"), ...base64];
}

/** Makes one of what encodings and servers write in different ways, character by character. */
function fold(text: string): string {
  return text
    .replace(/[A-Z]+/g, (run) => run.toLowerCase())
    .replace(/[-_]/g, (sign) => (sign === "-" ? "+" : "/"));
}

/** Takes out every run of characters that `parts` cover. Looks once at each place, so that the time stays linear. */
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

/** Control characters become spaces, and what is longer than `maxLength` is cut, so that a text fits into a message. */
export function tidyText(text: string, maxLength = 300): string {
  const tidy = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return tidy.length > maxLength ? `${tidy.slice(0, maxLength).toWellFormed()}…` : tidy;
}

/**
 * A pattern for every way to write a character, or a run of backslashes. Runs of backslashes are bounded, and no two
 * patterns for them follow each other, so that matching stays linear.
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

/** What some formats write for a character besides its code. */
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

/** Each URL is looked at as one piece, so that no text, however long and strange, takes more than linear time. */
function stripUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s"'<>]*/gi, (url) =>
    url.replace(/[?#].*$/s, "").replace(/(https?:\/\/)[^/]*@/gi, "$1"),
  );
}
