/** The lines that say what a lookup found, and those that say why it takes time. */

/** How each of them begins: of functions, of pins, and where an argument is secret. */
const FORMS = [
  /^Found backup `[^`]+` of .+, made .+\.$/,
  /^Found (?:the|\d+) download links? of .+\.$/,
  /^Listed (?:\d+ of )?\d+ backups? of .+\.$/,
  /^Checked the backups of \d+ databases? in .+\.$/,
  /^The pinned backup .+ is listed and usable\.$/,
  /^Looked up backups, which are not named as an argument is secret\.$/,
];

/** What is progress, or for `--debug`. */
const PROGRESS = [
  /; next attempt in [\d.]+ s, \d+ of \d+ left\.?$/,
  /^\w+: throttled; next request in [\d.]+ s, since the API takes no more of them\.$/,
  /^\w+: \d+(?: of \d+)? rows in \d+ pages$/,
];

/** A message as the stand-in engine has it. */
type Message = readonly [severity: string, text: string];

/** Whether a message is such a line, which is shown at info. */
export function isLookupLine([severity, text]: Message): boolean {
  return severity === "info" && FORMS.some((form) => form.test(text));
}

/** The messages that are neither such a line nor progress, in their order. */
export function dropLookupLines(messages: readonly Message[]): Message[] {
  return messages.filter((message) => !isLookupLine(message) && !isProgress(message));
}

function isProgress([severity, text]: Message): boolean {
  return ["info", "debug"].includes(severity) && PROGRESS.some((form) => form.test(text));
}
