import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Simulator } from "./options";

/** What a line on standard input makes of a simulator. */
type Backups = Pick<Simulator, "fleet" | "databases" | "takeBackup">;

/**
 * Carries out `backup [ID]`: takes an automatic backup of this database, or of the first group. Returns the
 * line to print. Never throws.
 */
export function runLine(simulator: Backups, line: string): string {
  const [command, id, ...rest] = line.trim().split(/\s+/);
  if (command !== "backup" || rest.length > 0) return `Type: backup [ID], not "${line.trim()}"`;
  return backUp(simulator, id);
}

/** Takes an automatic backup of this database, or of the first group. Returns the line to print. */
export function backUp(simulator: Backups, id = simulator.databases[0]?.id ?? ""): string {
  try {
    return `backup ${simulator.takeBackup(id)} of ${id} is running`;
  } catch (error) {
    return `no backup of ${id}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Reads lines until a pipe or terminal is closed, and then calls `onEnd`. The end of anything else, such as
 * /dev/null, means only that nobody will type. Returns a function that stops reading.
 */
export function readLines(
  input: NodeJS.ReadStream,
  { onLine, onEnd }: { readonly onLine: (line: string) => void; readonly onEnd: () => void },
): () => void {
  if (!canRead(input)) return () => undefined;
  const isHeld = input.isTTY || isPipe(input);
  // A closed or unreadable standard input is no error of the simulator.
  input.on("error", () => undefined);
  const lines = createInterface({ input, terminal: false });
  let isStopped = false;
  lines.on("line", (line) => {
    if (line.trim() !== "") onLine(line);
  });
  lines.on("close", () => {
    if (isHeld && !isStopped) onEnd();
  });
  return () => {
    isStopped = true;
    lines.close();
    input.destroy();
  };
}

/** Node.js reads pipes and sockets with the class of sockets, and files and devices with that of files. */
function isPipe(input: NodeJS.ReadStream): boolean {
  return "connecting" in input;
}

/**
 * Whether this process may read its terminal. The system stops a background job (`command &`) that reads it.
 */
function canRead(input: NodeJS.ReadStream): boolean {
  if (!input.isTTY) return true;
  try {
    // After the command's name in parentheses: state, parent, process group, session, terminal, foreground group.
    const text = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , foreground] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    // Not Linux.
    return true;
  }
}
