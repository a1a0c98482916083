/** How often to look whether the parent is still there, in milliseconds. */
const INTERVAL_MS = 250;

/** What tells whether the process that started this one is still there. */
export interface Parentage {
  /** The id of the parent process as it is now. */
  getParentId(): number;
  /** Whether a process of this id exists. */
  isAlive(id: number): boolean;
}

/**
 * Calls `onOrphaned` once the process that started this one is gone. An engine that is killed stops nobody, and its
 * plugins would stay for ever. Unix gives an orphan a new parent; Windows leaves it the old id. Standard input says
 * nothing: some hosts close it from the start.
 *
 * @returns what ends the watch
 */
export function watchParent(onOrphaned: () => void, parentage: Parentage = processParentage): () => void {
  const parentId = parentage.getParentId();
  const timer = setInterval(() => {
    if (parentage.getParentId() === parentId && parentage.isAlive(parentId)) return;
    clearInterval(timer);
    onOrphaned();
  }, INTERVAL_MS);
  timer.unref();
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
