"""Pins the newest usable backup of a Redis group, lists all of them, and restores the pinned one."""

import pulumi
import pulumi_ucloud_redis as ucloud_redis

config = pulumi.Config()
group_id = config.require("groupId")

# The newest usable backup. The pin keeps it, however many newer ones appear.
pin = ucloud_redis.URedisBackupPin("orders", group_id=group_id, max_age="26h")

# All backups, as they are at each run.
found = ucloud_redis.get_u_redis_backups_output(group_id=group_id)

# A new group, made from the pinned backup. The old one is not touched.
orders = ucloud_redis.RestoredURedisGroup(
    "orders",
    source=ucloud_redis.URedisRestoreSourceArgs(group_id=group_id, backup_id=pin.backup_id),
    password=config.require_secret("redisPassword"),
    opts=pulumi.ResourceOptions(protect=True),
)

pulumi.export("pinned", pin.backup_id)
pulumi.export("newestUsable", found.latest.apply(lambda backup: backup and backup.backup_id))
pulumi.export("skipped", found.skipped.apply(lambda skipped: [backup.backup_id for backup in skipped]))
pulumi.export("address", orders.address)
pulumi.export("restored", orders.backup.apply(lambda backup: backup and backup.backup_id))
