import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

/** What to ask about a group or a space: the arguments of the function that finds its newest usable backup. */
type Database = ucloudRedis.GetLatestURedisBackupArgs | ucloudRedis.GetLatestUMemBackupArgs;

const config = new pulumi.Config();
const maxAge = config.require("maxAge");
const databases = Object.entries(config.requireObject<Record<string, Database>>("databases"));
if (databases.length === 0)
  throw new pulumi.RunError("`databases` lists none, so there is nothing to check.");

function findBackup(database: Database): Promise<{ createdAt?: string }> {
  return "spaceId" in database
    ? ucloudRedis.getLatestUMemBackup({ maxAge, ...database })
    : ucloudRedis.getLatestURedisBackup({ maxAge, ...database });
}

// Asks about all of them at once, and fails once with all that is wrong. That is why it uses the promises of
// `getLatest…` and catches them: an output that fails stops the program at the first fault.
export = async () => {
  const faults: string[] = [];
  const newest: Record<string, string | undefined> = {};
  await Promise.all(
    databases.map(async ([name, database]) => {
      try {
        newest[name] = (await findBackup(database)).createdAt;
      } catch (error) {
        faults.push(`- ${name}: ${readMessage(error)}`);
      }
    }),
  );
  if (faults.length > 0) {
    const claim = `${faults.length} of ${databases.length} databases have no backup to rely on:`;
    throw new pulumi.RunError([claim, ...faults.sort()].join("\n"));
  }
  return newest;
};

/** Pulumi puts the name of the function before the message, which begins with its code in brackets. */
function readMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(Math.max(0, text.indexOf("[")));
}
