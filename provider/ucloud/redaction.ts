/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Takes secrets out of a text before anybody sees it. */
export type Redactor = (text: string) => string;

/** Of a secret this long or longer, a beginning is taken out too: servers cut what they echo. */
const LONG_SECRET = 24;
/** How much of a secret's beginning tells it from other text. */
const BEGINNING = 12;

/**
 * Builds a redactor for `secrets`: each is taken out as it is, and as it looks in URLs, forms, JSON and HTML, even
 * where these are nested, in any case. URLs lose their user, query and fragment, since a signed request may be in them.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const present = secrets.filter((secret) => secret !== undefined && secret !== "") as string[];
  // Longest first: a secret that contains another one goes as a whole.
  const spelled = present
    .sort((a, b) => b.length - a.length)
    .map((secret) => (secret.match(/\\+|[^\\]/gu) ?? []).map(spellCharacter));
  const wholes = spelled.map((characters) => characters.join(""));
  const beginnings = spelled
    .filter((characters) => characters.length >= LONG_SECRET)
    .map((characters) => `${characters.slice(0, BEGINNING).join("")}[^\\s"'&<>]*`);
  const pattern = present.length === 0 ? undefined : new RegExp([...wholes, ...beginnings].join("|"), "gi");
  return (text) => {
    const plain = pattern === undefined ? text : text.replace(pattern, REDACTED);
    return stripUrls(plain);
  };
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
