package restore;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.resources.CustomResourceOptions;
import io.github.pulumiucloudredis.ucloudredis.RestoredURedisGroup;
import io.github.pulumiucloudredis.ucloudredis.RestoredURedisGroupArgs;
import io.github.pulumiucloudredis.ucloudredis.URedisBackupPin;
import io.github.pulumiucloudredis.ucloudredis.URedisBackupPinArgs;
import io.github.pulumiucloudredis.ucloudredis.UcloudredisFunctions;
import io.github.pulumiucloudredis.ucloudredis.inputs.GetURedisBackupsArgs;
import io.github.pulumiucloudredis.ucloudredis.inputs.URedisRestoreSourceArgs;
import java.util.stream.Collectors;

/** Pins the newest usable backup of a Redis group, lists all of them, and restores the pinned one. */
public final class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    static void stack(Context ctx) {
        var config = ctx.config();
        var groupId = config.require("groupId");

        // The newest usable backup. The pin keeps it, however many newer ones appear.
        var pin = new URedisBackupPin("orders", URedisBackupPinArgs.builder()
            .groupId(groupId)
            .maxAge("26h")
            .build());

        // All backups, as they are at each run.
        var found = UcloudredisFunctions.getURedisBackups(GetURedisBackupsArgs.builder()
            .groupId(groupId)
            .build());

        // A new group, made from the pinned backup. The old one is not touched.
        var orders = new RestoredURedisGroup("orders", RestoredURedisGroupArgs.builder()
            .source(URedisRestoreSourceArgs.builder()
                .groupId(groupId)
                .backupId(pin.backupId())
                .build())
            .password(config.requireSecret("redisPassword"))
            .build(), CustomResourceOptions.builder()
            .protect(true)
            .build());

        ctx.export("pinned", pin.backupId());
        ctx.export("newestUsable", found.applyValue(list -> list.latest().map(backup -> backup.backupId())));
        ctx.export("skipped", found.applyValue(
            list -> list.skipped().stream().map(backup -> backup.backupId()).collect(Collectors.toList())));
        ctx.export("address", orders.address());
        ctx.export("restored", orders.backup().applyValue(backup -> backup.map(chosen -> chosen.backupId())));
    }
}
