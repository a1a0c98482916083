/** Every resource and function of the package, to be compiled against versions of `@pulumi/pulumi`. Never run. */
import * as pulumi from "@pulumi/pulumi";
import * as ucloudRedis from "pulumi-ucloud-redis";
import * as twin from "pulumi-ucloud-redis/dynamic";

const group = { groupId: "uredis-a", maxAge: "26h" };
const space = { zone: "cn-bj2-04", spaceId: "udredis-a" };

/** The functions and pins, which the plugin and the twin have. */
export function useBoth(host: typeof ucloudRedis | typeof twin): unknown[] {
  const newest: Promise<ucloudRedis.types.output.LatestURedisBackup> = host.getLatestURedisBackup(group);
  const id: pulumi.Output<string> = host.getLatestURedisBackupOutput(group).backupId;
  const pin = new host.URedisBackupPin("a", { ...group, triggers: { restore: "1" } });
  const backupId: pulumi.Output<string> = pin.backupId;
  return [
    [newest, backupId, new host.UMemBackupPin("b", { ...space, onStale: "warn" }, { dependsOn: [pin] })],
    [
      host.getLatestUMemBackup(space).then(({ blocks }) => blocks),
      host.getLatestUMemBackupOutput(space).skipped,
    ],
    [host.getURedisBackups({ groupId: "a" }), host.getURedisBackupsOutput({ groupId: id }).backups],
    [host.getUMemBackups(space), host.getUMemBackupsOutput({ ...space, zone: id }).backups],
    [host.getRedisBackupReport({ regions: ["cn-bj2"] }), host.getRedisBackupReportOutput({ maxAge: "26h" })],
    [host.getURedisBackupUrl({ backupId: "b" }), host.getURedisBackupUrlOutput({ backupId: id })],
    [
      host.getUMemBackupUrls({ ...space, backupId: "b" }),
      host.getUMemBackupUrlsOutput({ ...space, backupId: id }),
    ],
  ];
}

/** What only the plugin has. */
export function usePlugin(): pulumi.Output<string | undefined> {
  const provider = new ucloudRedis.Provider("other", { region: "cn-sh2", privateKey: pulumi.secret("key") });
  const options: pulumi.CustomResourceOptions = { provider, protect: true };
  const restored = new ucloudRedis.RestoredURedisGroup("c", { source: group, finalBackup: true }, options);
  const password = pulumi.secret("Correct_7");
  const { address } = new ucloudRedis.RestoredUMemSpace("d", { source: space, password }, options);
  const { usable } = new ucloudRedis.URedisBackup("e", { groupId: restored.groupId }, options);
  const { blocks } = new ucloudRedis.UMemBackup("f", space, options);
  const all = pulumi.all([restored.backup, address, usable, blocks]);
  return all.apply(([backup]) => backup?.backupId);
}
