import * as pulumi from "@pulumi/pulumi";
import type { LookupContext } from "../../provider/backups/lookup";
import { RedisBackupError } from "../../provider/ucloud/errors";
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

/** Pulumi shows the message of a RunError alone; of any other error, a stack too. */
export function showPlainly(error: unknown): unknown {
  return error instanceof RedisBackupError ? new pulumi.RunError(error.message) : error;
}
