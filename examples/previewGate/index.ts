import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";

const config = new pulumi.Config();

export = async () => {
  const report = ucloudRedis.getRedisBackupReport({
    regions: config.getObject<string[]>("regions") ?? [], // an empty list is refused
    maxAge: config.get("maxAge") ?? "26h",
    excludeIds: config.getObject<string[]>("excludeIds") ?? [],
  });
  const { healthy, fresh } = await report.catch((error: unknown) => {
    // The text from its code on. Of another error, Pulumi would show the stack, too.
    const failure = new pulumi.RunError(String(error).replace(/^.*?(?=\[\w+\] )/s, ""));
    // Pulumi formats the stack of a RunError without showing it. With Node.js 20, that takes half a minute here.
    delete failure.stack;
    throw failure;
  });
  return { healthy, fresh };
};
