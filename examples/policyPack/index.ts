import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

// Each of them fails the preview. To only be warned, give Pulumi a file with
// `{ "restore-has-max-age": "advisory" }` as --policy-pack-config.
new PolicyPack("ucloud-redis", { enforcementLevel: "mandatory", policies });
