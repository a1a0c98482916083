/** How often to look whether the parent is still there, in milliseconds. */
const INTERVAL_MS = 250;

/** What tells whether the process that started this one is still there. */
export interface Parentage {
  /** The id of the parent process as it is now. */
  getParentId(): number;
  /** Whether a process of this id exists. */
  isAlive(id: number): boolean;
}

/** What the launcher sets: its process id, which is also the plugin's, and the id of the process that started it. */
const STARTER_VARIABLE = "UCLOUD_REDIS_PLUGIN_PARENT";

/**
 * The id of the process that started this one, as the launcher read it before Node.js was loaded; undefined without that
 * launcher. Removes the variable from `env`: it says nothing about processes that this one starts.
 */
export function takeStarterId(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  const [launched, starter] = env[STARTER_VARIABLE]?.split(" ").map(Number) ?? [];
  Reflect.deleteProperty(env, STARTER_VARIABLE);
  // Where `node` is a program that starts another one, the launcher's parent is not this process's.
  return launched === pid ? starter : undefined;
}

/**
 * Calls `onOrphaned` once the process that started this one is gone. An engine that is killed stops nobody, and its
 * plugins would stay for ever. Unix gives an orphan a new parent; Windows leaves it the old id. Standard input says
 * nothing: some hosts close it from the start.
 *
 * @param starterId who started this process, where that is known: then a parent that is another one already is noticed
 * at once. @default the parent as it is now
 * @returns what ends the watch
 */
export function watchParent(
  onOrphaned: () => void,
  { starterId, parentage = processParentage }: { starterId?: number | undefined; parentage?: Parentage } = {},
): () => void {
  const parentId = starterId ?? parentage.getParentId();
  const look = (): void => {
    if (parentage.getParentId() === parentId && parentage.isAlive(parentId)) return;
    clearInterval(timer);
    onOrphaned();
  };
  const timer = setInterval(look, INTERVAL_MS);
  timer.unref();
  if (starterId !== undefined) look();
  return () => clearInterval(timer);
}

const processParentage: Parentage = {
  getParentId: () => process.ppid,
  isAlive: (id) => {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      // Not ours to signal, but there.
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};
