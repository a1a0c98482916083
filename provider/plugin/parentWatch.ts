const INTERVAL_MS = 250;

/** Information about the process that started this one. */
export interface Parentage {
  /** The id of the parent process as it is now. */
  getParentId(): number;
  /** Whether a process with this id exists. */
  isAlive(id: number): boolean;
}

/**
 * Set by the launcher: its own process id, which the plugin keeps if the launcher turns into it, and the id of
 * the process that started the launcher.
 */
const STARTER_VARIABLE = "UCLOUD_REDIS_PLUGIN_PARENT";

/**
 * The id of the process that started this one, as the launcher read it before Node.js was loaded, or
 * undefined without the launcher. Removes the variable from `env`, because it is wrong for processes that
 * this one starts.
 */
export function takeStarterId(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  const [launched, starter] = env[STARTER_VARIABLE]?.split(" ").map(Number) ?? [];
  Reflect.deleteProperty(env, STARTER_VARIABLE);
  // If `node` is a wrapper that starts the real Node.js, the launcher's parent is not this process's parent.
  return launched === pid ? starter : undefined;
}

/**
 * Calls `onOrphaned` when the process that started this one is gone. An engine that is killed does not stop
 * its plugins, and they would stay forever. Unix gives an orphan a new parent id; Windows keeps the old one.
 * The end of standard input is no sign: some hosts close it from the start.
 *
 * @param starterId the process that started this one, if known; a parent that has changed before this call is
 * then noticed immediately. @default the current parent
 * @returns a function that ends the watch
 */
export function watchParent(
  onOrphaned: () => void,
  { starterId, parentage = processParentage }: { starterId?: number | undefined; parentage?: Parentage } = {},
): () => void {
  const parentId = starterId ?? parentage.getParentId();
  const check = (): void => {
    if (parentage.getParentId() === parentId && parentage.isAlive(parentId)) return;
    clearInterval(timer);
    onOrphaned();
  };
  const timer = setInterval(check, INTERVAL_MS);
  timer.unref();
  if (starterId !== undefined) check();
  return () => clearInterval(timer);
}

const processParentage: Parentage = {
  getParentId: () => process.ppid,
  isAlive: (id) => {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      // EPERM: the process exists, but this one may not signal it.
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};
