/** What the plugin does around each call about a resource that may write. */

import { createHash } from "node:crypto";
import type { Attempts } from "../restore/attempts";
import { SKIP_VARIABLE } from "../restore/finalBackup";
import type { DatabaseApi, RestoreContext } from "../restore/resource";
import { systemClock } from "../ucloud/clock";
import type { Settings } from "../ucloud/settings";
import type { HostEnvironment } from "../ucloud/settingSources";
import { createProgress } from "./progress";
import { type LookupSession, runSession } from "./lookupSession";

/** What a host brings to a call about one resource. */
export interface RestoreSession extends LookupSession {
  readonly urn: string;
  /** What this process has sent so far. */
  readonly attempts: Attempts;
  readonly environment: HostEnvironment;
  /** In seconds. @default each operation's own */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * Runs a task with the context of this session, as `runLookup` does. Once the task has opened the databases, it
 * keeps them: cancelling ends its reads and waits, and leaves what settles a write that was sent.
 */
export function runRestore<Result>(
  session: RestoreSession,
  task: (context: RestoreContext) => Result | Promise<Result>,
): Promise<Result> {
  const { settings, connections, urn, attempts, environment, timeoutSeconds, clock = systemClock } = session;
  return runSession(session, ({ context, open }) => {
    let databases: DatabaseApi | undefined;
    const { waiting } = context;
    const deadline = timeoutSeconds === undefined ? undefined : clock.elapsed() + timeoutSeconds * 1000;
    return task({
      ...context,
      waiting: waiting && { ...waiting, deadline },
      urn,
      openDatabases: () => (databases ??= open().openDatabases()),
      clock,
      signal: connections.signal,
      timeoutSeconds,
      reportProgress: createProgress({ log: session.log, urn, clock }),
      onWait: connections.watch.onWait,
      attempts,
      skipFinalBackup: readSkipFinalBackup(environment),
      account: fingerprint(settings),
    });
  });
}

function readSkipFinalBackup({ env }: HostEnvironment): ReadonlySet<string> {
  const ids = (env[SKIP_VARIABLE] ?? "").split(",").map((id) => id.trim());
  return new Set(ids.filter((id) => id !== ""));
}

/** Tells accounts apart without naming them; empty without keys. */
function fingerprint({ credentials }: Settings): string {
  if (credentials === undefined) return "";
  return createHash("sha256").update(credentials.publicKey).digest("hex").slice(0, 12);
}
