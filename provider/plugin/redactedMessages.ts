/** Messages about a resource, without the secrets among its properties. */

import { UNKNOWN } from "../engine/unknowns";
import type { LookupContext } from "../backups/lookup";
import type { RestoreContext } from "../restore/resource";
import { createRedactor, type Redactor } from "../ucloud/redaction";
import type { PropertyMap } from "./codec";
import { collectSecrets, PASSWORD } from "./secretMarks";

/** A shorter secret, such as a size, is part of too many other texts to be cut out of them. */
const SHORTEST_CUT = 3;

/** A context whose messages pass through `redact`. */
export function redactMessages<
  Context extends LookupContext & Partial<Pick<RestoreContext, "reportProgress">>,
>(context: Context, redact: Redactor): Context {
  const { warn, inform, tell, reportProgress, waiting } = context;
  return {
    ...context,
    warn: (text: string) => warn(redact(text)),
    inform: (text: string) => inform(redact(text)),
    tell: tell && ((text: string) => tell(redact(text))),
    ...(reportProgress && { reportProgress: (text: string) => reportProgress(redact(text)) }),
    waiting: waiting && {
      ...waiting,
      reportProgress: (text: string) => waiting.reportProgress(redact(text)),
    },
  };
}

/** Takes the secrets of these properties out of texts. */
export function createSecretsRedactor(properties: readonly PropertyMap[]): Redactor {
  const passwords = properties.map((each) => each[PASSWORD]).filter((value) => typeof value === "string");
  const secrets = properties.flatMap(collectSecrets).filter(({ length }) => length >= SHORTEST_CUT);
  const all = [...new Set([...passwords, ...secrets])].filter((secret) => secret !== UNKNOWN);
  return all.length === 0 ? (text) => text : createRedactor(all);
}
