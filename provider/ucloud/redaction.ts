/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Takes secrets out of a text before anybody sees it. */
export type Redactor = (text: string) => string;

/**
 * Builds a redactor for `secrets`: each is taken out as it is, as it looks in a URL or form, and as it looks in JSON,
 * in any case. URLs lose their user, query and fragment, since a signed request may be in them.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const forms = new Set(secrets.filter((secret) => secret !== undefined).flatMap(spell));
  forms.delete("");
  // Longest first: a secret that contains another one goes as a whole.
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map(escapePattern);
  const pattern = alternatives.length === 0 ? undefined : new RegExp(alternatives.join("|"), "gi");
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

function spell(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  return [
    secret,
    encodeURIComponent(wellFormed),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

function stripUrls(text: string): string {
  return text
    .replace(/\b(https?:\/\/)(?:[^\s/?#@]*@)?([^\s?#"'<>]*)[?#][^\s"'<>]*/gi, `$1$2`)
    .replace(/\b(https?:\/\/)[^\s/?#@]*@/gi, "$1");
}
