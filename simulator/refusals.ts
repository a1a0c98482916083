/** The RetCodes that the simulator returns without a fault. `docs/api.md` explains them. */
export const RetCode = {
  ok: 0,
  throttled: 153,
  noAction: 160,
  unknownAction: 161,
  noSignature: 170,
  wrongSignature: 171,
  unknownUser: 172,
  unknownToken: 174,
  missingParameter: 220,
  badParameter: 230,
  unknownProject: 292,
  groupNotCreated: 20000,
  groupNotDeleted: 20002,
  groupNotFound: 20003,
  groupNotResized: 20011,
  spaceNotCreated: 20100,
  spaceNotResized: 20101,
  spaceNotDeleted: 20103,
  /** It must be renewed before it can be deleted. */
  isExpired: 20104,
  backupNotCreated: 20200,
  spaceNotFound: 20202,
  /** No room, for example: later it may work. */
  createLater: 20203,
  notUpdated: 20204,
  notRestored: 20207,
  tooManyBackups: 20208,
} as const;

/** Ends a request with a RetCode. */
export class Refusal extends Error {
  constructor(
    readonly retCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Returns the refusal of a request that lacks a parameter. */
export function missing(name: string): Refusal {
  return new Refusal(RetCode.missingParameter, `Missing params [${name}]`);
}

/** Returns the refusal of a parameter's value, or of a parameter that the action does not have. */
export function bad(name: string): Refusal {
  return new Refusal(RetCode.badParameter, `Params [${name}] not available`);
}
