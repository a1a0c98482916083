import * as pulumi from "@pulumi/pulumi";
import { findBackup, readDatabases } from "./databases";

const config = new pulumi.Config();
const maxAge = config.get("maxAge");
if (maxAge === undefined)
  throw new pulumi.RunError("`maxAge` is missing: say how old a backup may be, such as `26h`.");
const databases = readDatabases(config.getObject("databases"));

// Asks about all of them at once, and fails once with all that is wrong. That is why it uses the promises of
// `getLatest…` and catches them: an output that fails stops the program at the first fault.
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
    const failure = new pulumi.RunError(
      [claim, ...faults.map(({ name, message }) => `- ${name}: ${message}`)].join("\n"),
    );
    // Pulumi shows no stack of a RunError, but formats it, and Node.js 20 takes half a minute for that one.
    delete failure.stack;
    throw failure;
  }
  return newest;
};

/** Pulumi puts the name of the function before the message, which begins with its code in brackets. */
function readMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(Math.max(0, text.search(/\[\w+\] /)));
}
