// Pins the newest usable backup of a Redis group, lists all of them, and restores the pinned one.
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Pulumi;
using PulumiUCloudRedis.UCloudRedis;
using PulumiUCloudRedis.UCloudRedis.Inputs;

return await Deployment.RunAsync(() =>
{
    var config = new Pulumi.Config();
    var groupId = config.Require("groupId");

    // The newest usable backup. The pin keeps it, however many newer ones appear.
    var pin = new URedisBackupPin("orders", new URedisBackupPinArgs
    {
        GroupId = groupId,
        MaxAge = "26h",
    });

    // All backups, as they are at each run.
    var found = GetURedisBackups.Invoke(new GetURedisBackupsInvokeArgs { GroupId = groupId });

    // A new group, made from the pinned backup. The old one is not touched.
    var orders = new RestoredURedisGroup("orders", new RestoredURedisGroupArgs
    {
        Source = new URedisRestoreSourceArgs
        {
            GroupId = groupId,
            BackupId = pin.BackupId,
        },
        Password = config.RequireSecret("redisPassword"),
    }, new CustomResourceOptions { Protect = true });

    return new Dictionary<string, object?>
    {
        ["pinned"] = pin.BackupId,
        ["newestUsable"] = found.Apply(list => list.Latest?.BackupId),
        ["skipped"] = found.Apply(list => list.Skipped.Select(backup => backup.BackupId).ToImmutableArray()),
        ["address"] = orders.Address,
        ["restored"] = orders.Backup.Apply(backup => backup?.BackupId),
    };
});
