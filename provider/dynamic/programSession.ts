import * as pulumi from "@pulumi/pulumi";
import type { LookupContext } from "../backups/lookup";
import { LookupLines } from "../engine/lookupLines";
import { type EngineLog, runLookup } from "../engine/lookupSession";
import { RedisBackupError } from "../ucloud/errors";
import type { Settings } from "../ucloud/settings";
import { connections, resolveStackSettings } from "./stackSettings";

const programLog: EngineLog = {
  warn: (text) => pulumi.log.warn(text),
  info: (text) => pulumi.log.info(text),
  progress: (text) => pulumi.log.info(text, undefined, undefined, true),
  debug: (text) => pulumi.log.debug(text),
};

/** A program's process serves one run. */
const lines = new LookupLines();

/** The notices that this process has shown. A program resolves its settings many times. */
const shownNotices = new Set<string>();

/**
 * Runs a lookup in the program's own process. In a preview, it waits for no running backup.
 *
 * @throws pulumi.RunError in place of a `RedisBackupError`
 */
export async function runInProgram<Result>(
  task: (context: LookupContext) => Promise<Result>,
): Promise<Result> {
  const settings = resolveProgramSettings();
  try {
    const waits = pulumi.runtime.isDryRun() ? "announce" : "wait";
    return await runLookup({ settings, connections, log: programLog, lines, waits }, task);
  } catch (error) {
    throw showPlainly(error);
  }
}

/**
 * Resolves the settings of the program's stack. Shows their notices once, and returns the settings without.
 *
 * @throws pulumi.RunError `[InvalidConfig]`, also for unknown settings in the stack's config
 */
export function resolveProgramSettings(): Settings {
  try {
    const settings = resolveStackSettings(pulumi.runtime.getConfig, Object.keys(pulumi.runtime.allConfig()));
    const notices = settings.notices.filter((notice) => !shownNotices.has(notice));
    for (const notice of notices) {
      shownNotices.add(notice);
      void programLog.info(notice);
    }
    return { ...settings, notices: [] };
  } catch (error) {
    throw showPlainly(error);
  }
}

/**
 * Pulumi shows only the message of a RunError, but also the stack of any other error. It formats the stack in
 * any case, which takes Node.js 20 half a minute if a frame is in a file directly in a folder such as
 * `node_modules/@pulumi`.
 */
function showPlainly(error: unknown): unknown {
  if (!(error instanceof RedisBackupError)) return error;
  const shown = new pulumi.RunError(error.message);
  delete shown.stack;
  return shown;
}
