import type { EngineLog } from "./lookupSession";

/** How many lookups are told of at info in one run. */
const MOST_SHOWN = 50;

/** What is said of a lookup with a secret argument. */
export const UNNAMED_LOOKUP = "Looked up backups, which are not named as an argument is secret.";

/**
 * Says what the lookups of one run found, each in one line at info. The same line at the same place is shown
 * once. After 50 lines the others are for debugging, since Pulumi prints all of them at the end of a run.
 */
export class LookupLines {
  readonly #shown = new Set<string>();

  /** Resolves as the log does. */
  async show(
    text: string,
    { log, urn }: { readonly log?: EngineLog | undefined; readonly urn?: string | undefined },
  ): Promise<void> {
    const key = JSON.stringify([urn, text]);
    if (this.#shown.has(key)) return;
    this.#shown.add(key);
    if (this.#shown.size <= MOST_SHOWN) {
      await log?.info(text, urn);
      return;
    }
    if (this.#shown.size === MOST_SHOWN + 1) {
      await log?.info(`What more than ${MOST_SHOWN} lookups found is shown with \`--debug\` only.`);
    }
    await log?.debug?.(text, urn);
  }
}
