/** Messages about a resource, without the secrets among its properties. */

import type { LookupContext } from "../backups/lookup";
import { UNNAMED_LOOKUP } from "../engine/lookupLines";
import { UNKNOWN } from "../engine/unknowns";
import type { RestoreContext } from "../restore/resource";
import { createRedactor, type Redactor } from "../ucloud/redaction";
import { isSecretWithin, type PropertyMap } from "./codec";
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

/**
 * A context whose messages show no secret of these properties. If there is one, what was found is not named, as
 * names may be derived from it.
 */
export function hideSecrets<Context extends LookupContext>(
  properties: readonly PropertyMap[],
  context: Context,
): Context {
  if (!properties.some((each) => Object.values(each).some(isSecretWithin))) return context;
  const { tell } = context;
  return {
    ...redactMessages(context, createSecretsRedactor(properties)),
    tell: tell && (() => tell(UNNAMED_LOOKUP)),
  };
}

/** Takes the secrets of these properties out of texts. */
export function createSecretsRedactor(properties: readonly PropertyMap[]): Redactor {
  const passwords = properties.map((each) => each[PASSWORD]).filter((value) => typeof value === "string");
  const secrets = properties.flatMap(collectSecrets).filter(({ length }) => length >= SHORTEST_CUT);
  const all = [...new Set([...passwords, ...secrets])].filter((secret) => secret !== UNKNOWN);
  return all.length === 0 ? (text) => text : createRedactor(all);
}
