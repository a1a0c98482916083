/**
 * The processes of the simulator's real databases. Each one runs under a small shell that holds one end of a
 * pipe to the simulator. The operating system closes that pipe however the simulator ends, SIGKILL included.
 * The shell then kills its server and removes its folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/**
 * Makes the folder $1, and removes it when the pipe (descriptor 3) closes. The servers below the folder are
 * killed at that moment, too. One that still writes a file makes `rm` fail, so `rm` is repeated.
 */
const FOLDER_SCRIPT = `
trap '' HUP INT TERM
umask 077
mkdir "$1" || exit 1
echo made
exec 1>&- 2>&-
read -r line <&3
tries=0
until rm -rf "$1" || [ "$tries" -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
`;

/**
 * Runs the server $1 in the new folder $2, on a copy of the RDB file $3 if that is given. A server that finds
 * no file starts empty without a word, so a failed copy ends the script. Standard input is the server's
 * configuration. Only the server keeps standard output and error open, so that their end is the server's.
 */
const SERVER_SCRIPT = `
trap '' HUP INT TERM
umask 077
mkdir "$2" && cd "$2" || exit 1
if [ -n "$3" ] && ! cp "$3" dump.rdb; then
  rm -rf "$2"
  exit 1
fi
exec 4<&0 </dev/null
"$1" - <&4 3<&- 4<&- &
server=$!
exec 1>&- 2>&- 4<&-
read -r line <&3
kill -KILL "$server"
wait "$server"
cd / && rm -rf "$2"
`;

/** Something that lives until it is stopped or this process ends, whichever is first. */
export interface Guarded {
  /** Resolves when it is gone, with its folder. May be called twice. */
  readonly stop: () => Promise<void>;
}

/** A started `redis-server`. */
export interface ServerProcess extends Guarded {
  /** Resolves to `true` once it accepts connections, with all data loaded, or to `false` if it ended before. */
  readonly ready: Promise<boolean>;
  /** Its latest lines of log, without time and process. They hold no configuration. */
  readonly log: readonly string[];
  /** Resolves when the server has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
}

const LOG_LINES = 40;

/**
 * Makes a folder that only this user can enter. It goes when it is stopped, and when this process ends.
 *
 * @throws if the folder cannot be made
 */
export async function makeGuardedFolder(folder: string): Promise<Guarded> {
  const { output, stop, closed } = startShell(FOLDER_SCRIPT, [folder]);
  const lines: string[] = [];
  const made = new Promise<boolean>((resolve) => {
    createInterface(output).on("line", (line) => lines.push(line) && line === "made" && resolve(true));
    void closed.then(() => resolve(false));
  });
  if (!(await made)) throw new Error(`the folder for Redis servers cannot be made: ${lines.join(" ")}`);
  return { stop };
}

/** What a server needs. */
export interface ServerPlan {
  /** Absolute, like `rdbFile`. */
  readonly program: string;
  /** Does not exist yet. */
  readonly folder: string;
  /** The lines of its configuration. They reach it through a pipe, so that no file and no `ps` shows them. */
  readonly configuration: readonly string[];
  /** The file to load. @default none */
  readonly rdbFile?: string | undefined;
}

/** Starts a server; `ready` tells how that went. */
export function startServerProcess({ program, folder, configuration, rdbFile }: ServerPlan): ServerProcess {
  const { output, input, stop, closed } = startShell(SERVER_SCRIPT, [program, folder, rdbFile ?? ""]);
  const log: string[] = [];
  const lines = createInterface(output);
  const ended = new Promise<void>((resolve) => {
    lines.on("close", resolve);
  });
  const ready = new Promise<boolean>((resolve) => {
    lines.on("line", (line) => {
      log.push(line.replace(/^\d+:[A-Za-z-]+ .*? [.*#-] /, ""));
      if (log.length > LOG_LINES) log.shift();
      if (/ready to accept connections/i.test(line)) resolve(true);
    });
    void Promise.race([ended, closed]).then(() => resolve(false));
  });
  input.end(`${configuration.join("\n")}\n`);
  // The shell waits for the pipe only.
  void ended.then(stop);
  return { ready, log, ended, stop };
}

interface Shell extends Guarded {
  readonly input: Writable;
  /** Standard output; errors are in it, too. */
  readonly output: Readable;
  /** Resolves when the shell and everything that holds its output have ended, or if it did not start. */
  readonly closed: Promise<void>;
}

function startShell(script: string, args: readonly string[]): Shell {
  const child: ChildProcess = spawn("/bin/sh", ["-c", `exec 2>&1${script}`, "sh", ...args], {
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    // A process group of its own: Ctrl-C in a terminal must reach the simulator only.
    detached: true,
    // The simulator's environment can hold keys, and a server needs none of it.
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  const [input, output, , guard] = child.stdio as unknown as [Writable, Readable, null, Writable];
  const closed = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  // A shell that ended early breaks its pipes. `closed` tells that.
  for (const stream of [input, guard]) stream.on("error", () => undefined);
  const stop = (): Promise<void> => {
    guard.end();
    return closed;
  };
  return { input, output, stop, closed };
}
