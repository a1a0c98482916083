/**
 * What both hosts do around each lookup: from the settings to the context that a lookup needs, and its
 * messages to Pulumi's output.
 */

import type { LookupContext } from "../backups/lookup";
import type { Settings } from "../ucloud/settings";
import type { Connections } from "./connections";

/** Shows messages in Pulumi's output. */
export interface EngineLog {
  /**
   * Resolves when the engine has the message or cannot be reached. Without `urn`, the message is about the
   * stack.
   */
  warn(text: string, urn?: string): Promise<void>;
  /** Like `warn`, for messages that need no action. */
  info(text: string, urn?: string): Promise<void>;
}

/** What a host brings to a lookup. */
export interface LookupSession {
  readonly settings: Settings;
  readonly connections: Connections;
  /** @default messages are dropped */
  readonly log?: EngineLog | undefined;
  /** The resource that the messages are about. @default the stack */
  readonly urn?: string | undefined;
  /** @default the machine's clock */
  readonly now?: (() => Date) | undefined;
}

/**
 * Runs a task with the context of this session. The first task that opens a connection also shows the notices
 * and warnings of its settings. Returns, or fails, after all messages are shown: the engine may stop the
 * process as soon as it has the outcome.
 */
export async function runLookup<Result>(
  session: LookupSession,
  task: (context: LookupContext) => Result | Promise<Result>,
): Promise<Result> {
  const { settings, connections, log, urn, now = () => new Date() } = session;
  const shown: Promise<void>[] = [];
  const warn = (text: string): void => void shown.push(log?.warn(text, urn) ?? Promise.resolve());
  const inform = (text: string): void => void shown.push(log?.info(text, urn) ?? Promise.resolve());
  try {
    return await task({
      region: settings.region,
      projectId: settings.projectId,
      umemRows: settings.umemRows,
      openApi() {
        const { api, isNew } = connections.open(settings);
        if (isNew) {
          settings.notices.forEach(inform);
          settings.warnings.forEach(warn);
        }
        return api;
      },
      now,
      warn,
      inform,
    });
  } finally {
    await Promise.all(shown);
  }
}
