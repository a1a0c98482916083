/**
 * The resources that write, which only the plugin has. Here their constructors throw and give the reason, so
 * that a program that switches its import does not fail for a name that is missing.
 */

import * as pulumi from "@pulumi/pulumi";
import type { WritingResourceToken } from "../backups/arguments";
import type * as sdk from "../../sdk/nodejs/index";

/** Of the plugin only: see {@link sdk.RestoredURedisGroup}. */
export type RestoredURedisGroup = sdk.RestoredURedisGroup;
/** @throws pulumi.RunError always, as only the plugin has this resource */
export const RestoredURedisGroup = createRefusingClass(
  "ucloud-redis:index:RestoredURedisGroup",
) as typeof sdk.RestoredURedisGroup;

/** Of the plugin only: see {@link sdk.RestoredUMemSpace}. */
export type RestoredUMemSpace = sdk.RestoredUMemSpace;
/** @throws pulumi.RunError always, as only the plugin has this resource */
export const RestoredUMemSpace = createRefusingClass(
  "ucloud-redis:index:RestoredUMemSpace",
) as typeof sdk.RestoredUMemSpace;

/** Of the plugin only: see {@link sdk.URedisBackup}. */
export type URedisBackup = sdk.URedisBackup;
/** @throws pulumi.RunError always, as only the plugin has this resource */
export const URedisBackup = createRefusingClass("ucloud-redis:index:URedisBackup") as typeof sdk.URedisBackup;

/** Of the plugin only: see {@link sdk.UMemBackup}. */
export type UMemBackup = sdk.UMemBackup;
/** @throws pulumi.RunError always, as only the plugin has this resource */
export const UMemBackup = createRefusingClass("ucloud-redis:index:UMemBackup") as typeof sdk.UMemBackup;

/** A class with the interface of the generated SDK's class for this resource. */
function createRefusingClass(token: WritingResourceToken): unknown {
  const name = token.slice(token.lastIndexOf(":") + 1);
  const refuse = (): never => {
    throw new pulumi.RunError(
      `[InvalidArgument] ${name} needs the plugin, so import it from "pulumi-ucloud-redis": Pulumi does not cancel a ` +
        "dynamic resource, tell it its URN or a timeout, preview or import it, and without these a restore that is " +
        "interrupted could be lost or made twice.",
    );
  };
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- programs write `new RestoredURedisGroup`
  class PluginOnly {
    constructor() {
      refuse();
    }
  }
  return Object.assign(PluginOnly, { get: refuse, isInstance: () => false });
}
