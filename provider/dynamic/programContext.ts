import * as pulumi from "@pulumi/pulumi";
import type { LookupContext } from "../backups/lookup";
import { RedisBackupError } from "../ucloud/errors";
import { createContext } from "./connection";

/**
 * What lookups need in the program's own process.
 *
 * @throws pulumi.RunError `[InvalidConfig]`, unknown settings of the stack's config included
 */
export function createProgramContext(warn: (text: string) => void): LookupContext {
  try {
    const inform = (text: string): void => void pulumi.log.info(text);
    return createContext(pulumi.runtime.getConfig, warn, Object.keys(pulumi.runtime.allConfig()), inform);
  } catch (error) {
    throw showPlainly(error);
  }
}

/**
 * Pulumi shows the message of a RunError alone; of any other error, a stack too. It formats the stack all the same, which
 * takes Node.js 20 half a minute where a frame lies directly below a folder such as `node_modules/@pulumi`.
 */
export function showPlainly(error: unknown): unknown {
  if (!(error instanceof RedisBackupError)) return error;
  const shown = new pulumi.RunError(error.message);
  delete shown.stack;
  return shown;
}
