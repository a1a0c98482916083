import * as pulumi from "@pulumi/pulumi";
import { findBackup, readDatabases } from "./databases";

const config = new pulumi.Config();
const maxAge = config.get("maxAge");
if (maxAge === undefined)
  throw new pulumi.RunError("`maxAge` is missing. Set how old a backup may be, such as `26h`.");
const databases = readDatabases(config.getObject("databases"));

// Looks all databases up concurrently, and fails once with all faults. So it catches the promises of `getLatest…`: an
// output that fails would stop the program at the first fault.
export = async () => {
  const faults: { name: string; message: string }[] = [];
  const newest: Record<string, string | undefined> = {};
  await Promise.all(
    databases.map(async ([name, entry]) => {
      try {
        newest[name] = (await findBackup(entry, maxAge)).createdAt;
      } catch (error) {
        faults.push({ name, message: readMessage(error) });
      }
    }),
  );
  if (faults.length > 0) {
    faults.sort((one, other) => one.name.localeCompare(other.name));
    const names = faults.map(({ name, message }) => `${name} ${/^\[\w+\]/.exec(message)?.[0] ?? "[Failed]"}`);
    const claim = `${faults.length} of ${databases.length} databases have no backup to rely on: ${names.join(", ")}`;
    const details = faults.map(({ name, message }) => `- ${name}: ${message.replace(/\n/g, "\n  ")}`);
    const failure = new pulumi.RunError([claim, ...details].join("\n"));
    // Pulumi formats the stack of a RunError without showing it. With Node.js 20, that takes half a minute here.
    delete failure.stack;
    throw failure;
  }
  return newest;
};

/** The message, which begins with its code in brackets. Pulumi puts the name of the function before it. */
function readMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(Math.max(0, text.search(/\[\w+\] /)));
}
