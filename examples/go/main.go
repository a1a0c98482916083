// Pins the newest usable backup of a Redis group, lists all of them, and restores the pinned one.
package main

import (
	"github.com/pulumi-ucloud-redis/pulumi-ucloud-redis/sdk/go/ucloudredis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		conf := config.New(ctx, "")
		groupID := pulumi.String(conf.Require("groupId"))

		// The newest usable backup. The pin keeps it, however many newer ones appear.
		pin, err := ucloudredis.NewURedisBackupPin(ctx, "orders", &ucloudredis.URedisBackupPinArgs{
			GroupId: groupID,
			MaxAge:  pulumi.String("26h"),
		})
		if err != nil {
			return err
		}

		// All backups, as they are at each run.
		found := ucloudredis.GetURedisBackupsOutput(ctx, ucloudredis.GetURedisBackupsOutputArgs{GroupId: groupID})

		// A new group, made from the pinned backup. The old one is not touched.
		orders, err := ucloudredis.NewRestoredURedisGroup(ctx, "orders", &ucloudredis.RestoredURedisGroupArgs{
			Source: &ucloudredis.URedisRestoreSourceArgs{
				GroupId:  groupID,
				BackupId: pin.BackupId,
			},
			Password: conf.RequireSecret("redisPassword"),
		}, pulumi.Protect(true))
		if err != nil {
			return err
		}

		ctx.Export("pinned", pin.BackupId)
		ctx.Export("newestUsable", found.Latest().BackupId())
		ctx.Export("skipped", found.Skipped().ApplyT(func(backups []ucloudredis.SkippedBackup) []string {
			ids := make([]string, len(backups))
			for i, backup := range backups {
				ids[i] = backup.BackupId
			}
			return ids
		}))
		ctx.Export("address", orders.Address)
		ctx.Export("restored", orders.Backup.BackupId())
		return nil
	})
}
