import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Terminal } from "../../provider/commands/terminal";
import type { Clock } from "../../provider/ucloud/clock";
import { createInstantClock } from "../support/fakeClock";

const HOSTILE = "a\u001B[31mred\u009B2J\u202Eevil\rb";

/** A clock whose first `sleeps` sleeps take no time, and whose others end only with their signal. */
function createClockWith(sleeps: number): Clock {
  const clock = createInstantClock();
  let left = sleeps;
  return {
    ...clock,
    sleep: (ms, signal) =>
      left-- > 0
        ? clock.sleep(ms, signal)
        : new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
  };
}

function createTerminal({ isTTY = true, columns = 80, sleeps = 0 } = {}): {
  terminal: Terminal;
  out: string[];
  errors: string[];
} {
  const out: string[] = [];
  const errors: string[] = [];
  const terminal = new Terminal({
    name: "command",
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => errors.push(text), isTTY, columns },
    clock: createClockWith(sleeps),
  });
  return { terminal, out, errors };
}

describe("a command's output", () => {
  it("cannot be garbled by what it shows", async () => {
    const { terminal, out, errors } = createTerminal();
    terminal.print(HOSTILE);
    terminal.complain(HOSTILE);
    await terminal.log.warn(HOSTILE);
    const masked = "a\uFFFD[31mred\uFFFD2J\uFFFDevil\uFFFDb\n";
    assert.deepEqual(out, [masked]);
    assert.deepEqual(errors, [`command: ${masked}`, `command: warning: ${masked}`]);
  });

  it("keeps the value of JSON, and writes what terminals obey as escapes", () => {
    const { terminal, out } = createTerminal();
    const value = { name: HOSTILE, tag: "\u{E0001}\u2028缓存" };
    terminal.printJson(value);
    assert.deepEqual(JSON.parse(out.join("")), value);
    assert.doesNotMatch(out.join(""), /[^\P{C}\n]|\u2028/u);
  });
});

describe("a command's progress", () => {
  /** What standard error got while a task ran, and after it. */
  async function watch(
    options: Parameters<typeof createTerminal>[0],
    during: (terminal: Terminal) => void = () => undefined,
  ): Promise<string[]> {
    const { terminal, errors } = createTerminal(options);
    terminal.reportProgress("Looking up\u001B[2J backups");
    await terminal.watch(async () => {
      // All sleeps of the clock that take no time are over after this.
      await setImmediate();
      during(terminal);
    });
    return errors;
  }

  it("is not shown while a task is quick", async () => assert.deepEqual(await watch({ sleeps: 0 }), []));

  it("is not shown if standard error is no terminal", async () =>
    assert.deepEqual(await watch({ sleeps: 2, isTTY: false }), []));

  it("is one line from the third second on, and is erased at the end", async () =>
    assert.deepEqual(await watch({ sleeps: 2 }), [
      "\r\u001B[KLooking up\uFFFD[2J backups (3 s)",
      "\r\u001B[KLooking up\uFFFD[2J backups (4 s)",
      "\r\u001B[K",
    ]));

  it("fits into one line of the terminal", async () =>
    assert.deepEqual(await watch({ sleeps: 1, columns: 16 }), ["\r\u001B[KLooking u (3 s)", "\r\u001B[K"]));

  it("is erased before a warning", async () =>
    assert.deepEqual(await watch({ sleeps: 1 }, (terminal) => void terminal.log.warn("old")), [
      "\r\u001B[KLooking up\uFFFD[2J backups (3 s)",
      "\r\u001B[K",
      "command: warning: old\n",
    ]));
});
