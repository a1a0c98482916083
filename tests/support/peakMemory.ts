import fs from "node:fs";

/** Returns the peak of a process's resident memory in bytes; undefined on systems other than Linux. */
export function readPeakMemory(pid: number): number | undefined {
  return readStatus(pid, "VmHWM");
}

/** Returns a process's resident memory in bytes; undefined on systems other than Linux. */
export function readResidentMemory(pid: number): number | undefined {
  return readStatus(pid, "VmRSS");
}

function readStatus(pid: number, name: string): number | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
