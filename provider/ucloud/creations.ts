import type { CreateGroup, CreateSpace } from "./databases";
import type { RequestParameters } from "./signature";
import { createScope, encodePassword, type Write, writeSwitch } from "./writeParameters";

/**
 * The write that creates a database from a backup. The size is always among its parameters, because the API's
 * own default is 1 GB.
 */
export function createCreation(request: CreateGroup | CreateSpace): Write {
  const { password } = request;
  return request.kind === "uredis"
    ? { action: "CreateURedisGroup", parameters: createGroupParameters(request), password }
    : { action: "CreateUMemSpace", parameters: createSpaceParameters(request), password };
}

function createGroupParameters(group: CreateGroup): RequestParameters {
  return {
    ...createCommonParameters(group),
    HighAvailability: writeSwitch(group.highAvailability),
    AutoBackup: writeSwitch(group.autoBackup),
    BackupTime: group.backupHour,
    ConfigId: group.configId,
  };
}

function createSpaceParameters(space: CreateSpace): RequestParameters {
  return {
    ...createCommonParameters(space),
    Protocol: "redis",
    Type: "double",
    // The space that was backed up, not the new one.
    SpaceId: space.sourceSpaceId,
    BlockCnt: space.blockCount,
    ProxySize: space.proxySize,
    ProxyPort: space.proxyPort,
    ClusterMode: space.clusterMode,
  };
}

function createCommonParameters(request: CreateGroup | CreateSpace): RequestParameters {
  const { password = "" } = request;
  return {
    ...createScope(request),
    Zone: request.zone,
    SlaveZone: request.slaveZone,
    Name: request.name,
    BackupId: request.backupId,
    Size: request.size,
    Version: request.version,
    VPCId: request.vpcId,
    SubnetId: request.subnetId,
    Port: request.port,
    HighPerformance: request.highPerformance,
    ChargeType: request.chargeType,
    Quantity: request.quantity,
    Tag: request.tag,
    Password: password === "" ? undefined : encodePassword(password),
  };
}
