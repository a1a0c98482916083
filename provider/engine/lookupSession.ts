/**
 * What both hosts do around each lookup: from the settings to the context that a lookup needs, and its
 * messages to Pulumi's output.
 */

import type { LookupContext } from "../backups/lookup";
import type { Waiting } from "../backups/waiting";
import { type Clock, systemClock } from "../ucloud/clock";
import type { Settings } from "../ucloud/settings";
import type { Connection, Connections } from "./connections";
import type { LookupLines } from "./lookupLines";
import { createProgress } from "./progress";
import { RunningSessions } from "./runningSessions";
import { takeStartTurn } from "./startTurns";
import { followWork } from "./workWatch";
import { createWorkLog } from "./workLog";

/** Shows messages in Pulumi's output. */
export interface EngineLog {
  /**
   * Resolves when the engine has the message or cannot be reached. Without `urn`, the message is about the
   * stack.
   */
  warn(text: string, urn?: string): Promise<void>;
  /** Like `warn`, for messages that need no action. */
  info(text: string, urn?: string): Promise<void>;
  /** Replaces the line that Pulumi shows while something is under way. @default nothing is shown */
  progress?(text: string, urn?: string): Promise<void>;
  /** Like `info`, for messages that Pulumi shows with `--debug` only. @default they are dropped */
  debug?(text: string, urn?: string): Promise<void>;
  /** Makes ready for messages, which is called while there is nothing else to do. @default the first message does it */
  prepare?(): Promise<void>;
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
  /** Whether `waitForRunning` waits, or says what the update will wait for. @default it has no effect */
  readonly waits?: Waiting["mode"] | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
  /** Shows what the lookup found. @default nothing says it */
  readonly lines?: LookupLines | undefined;
}

/** What {@link runSession} gives to a task. */
export interface SessionTools {
  readonly context: LookupContext;
  /** Opens the connection for the session's settings, and shows their messages if it is new. */
  readonly open: () => Connection;
}

/** Runs a task with the context of this session, as {@link runSession} does. */
export function runLookup<Result>(
  session: LookupSession,
  task: (context: LookupContext) => Result | Promise<Result>,
): Promise<Result> {
  return runSession(session, ({ context }) => task(context));
}

/**
 * Runs a task of this session. The first task that opens a connection also shows the notices and warnings of
 * its settings. Returns, or fails, after these and its warnings are shown. The lines that say what was found are sent by
 * then, and the last session that is running waits until all of them are shown, too: the engine may stop the process
 * as soon as it has the outcomes of all calls.
 */
export async function runSession<Result>(
  session: LookupSession,
  task: (tools: SessionTools) => Result | Promise<Result>,
): Promise<Result> {
  const { log, urn, clock = systemClock } = session;
  const running = log && RunningSessions.of(log);
  running?.begin();
  const shown: Promise<void>[] = [];
  const addLine = (line: Promise<void> | undefined): void => {
    if (line !== undefined) running?.add(line);
  };
  try {
    if (session.connections.isBusy) await takeStartTurn();
    const tools = createTools(session, { shown, addLine });
    return await followWork(createWorkLog({ log, urn, clock, addLine }), () => task(tools));
  } finally {
    await Promise.all(shown);
    await running?.end();
  }
}

function createTools(
  session: LookupSession,
  {
    shown,
    addLine,
  }: { readonly shown: Promise<void>[]; readonly addLine: (line: Promise<void> | undefined) => void },
): SessionTools {
  const { settings, connections, log, urn, now = () => new Date(), waits, clock = systemClock } = session;
  const warn = (text: string): void => void shown.push(log?.warn(text, urn) ?? Promise.resolve());
  const inform = (text: string): void => void shown.push(log?.info(text, urn) ?? Promise.resolve());
  const open = (): Connection => {
    const { isNew, ...connection } = connections.open(settings);
    if (isNew) {
      // While the first request is on its way. To connect takes longer than to send a message.
      setImmediate(() => void log?.prepare?.().catch(() => undefined));
      settings.notices.forEach(inform);
      settings.warnings.forEach(warn);
    }
    return connection;
  };
  const { region, projectId, umemRows } = settings;
  const context: LookupContext = {
    region,
    projectId,
    umemRows,
    openApi: ({ isBrief = false } = {}) => (isBrief ? open().briefApi : open().api),
    now,
    warn,
    inform,
    tell: (text) => addLine(session.lines?.show(text, { log, urn })),
    waiting: waits && {
      mode: waits,
      clock,
      signal: connections.signal,
      reportProgress: createProgress({ log, urn, clock }),
      onWait: connections.watch.onWait,
    },
  };
  return { context, open };
}
