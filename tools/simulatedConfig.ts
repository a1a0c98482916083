import type { ConfigMap } from "@pulumi/pulumi/automation";
import { demo, type Simulator } from "../simulator";

/** Stack config with which the provider asks a simulator, in the region and project of the demo's backups. */
export function createSimulatedConfig(
  simulator: Pick<Simulator, "url" | "publicKey" | "privateKey">,
): ConfigMap {
  return {
    "ucloud-redis:publicKey": { value: simulator.publicKey },
    "ucloud-redis:privateKey": { value: simulator.privateKey, secret: true },
    "ucloud-redis:baseUrl": { value: simulator.url },
    "ucloud-redis:region": { value: demo.region },
    "ucloud-redis:projectId": { value: demo.projectId },
  };
}
