import type { ErrorCode } from "./errors";

/** How an error is classified: the code to show, whether a retry may help, and what the user can do. */
export interface ErrorClass {
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  /**
   * Whether the API or the way to it was in trouble, as `RedisBackupError.isOutage` says. @default false
   */
  readonly isOutage?: boolean;
  readonly advice: string;
  /**
   * The setting that may be wrong, so that the error adds a hint about it: `keys` where these do not belong
   * together or to any account, `baseUrl` where another server than the API may have answered. @default no
   * setting
   */
  readonly suspect?: "keys" | "baseUrl";
}

const WAIT = "The API is in trouble; try again in a few minutes.";
const SLOW_DOWN = "The account sends too many requests; try again in a minute, or lower `maxConcurrency`.";
const CHECK_KEYS =
  "Check `publicKey` and `privateKey`: they must belong together and to the brand that `baseUrl` names.";
const CHECK_TOKEN = "Check `securityToken`: it may have expired, or belong to other keys.";
const CHECK_ARGUMENTS = "Check the arguments of the call: region, zone and ids must belong together.";
const ASK_ADMIN = "Ask the account's administrator for the right to this action.";
const ASK_SUPPORT = "Give the request uuid to the cloud's support.";
const TRY_LATER = "The API says to try later; try again in a few minutes.";
const CHECK_BETWEEN =
  "The API refuses with a RetCode, so this may come from a proxy or gateway before it; check `baseUrl` and `HTTPS_PROXY`.";

const unavailable: ErrorClass = { code: "Unavailable", isRetryable: true, advice: WAIT };
/** Not for UMem's own codes: there, the API was reached, and could not do one operation. */
const outage: ErrorClass = { ...unavailable, isOutage: true };
const throttled: ErrorClass = { code: "Throttled", isRetryable: true, advice: SLOW_DOWN };
const unauthorized: ErrorClass = { code: "Unauthorized", isRetryable: false, advice: CHECK_KEYS };
const forbidden: ErrorClass = { code: "Forbidden", isRetryable: false, advice: ASK_ADMIN };
const rejected: ErrorClass = { code: "ApiError", isRetryable: false, advice: CHECK_ARGUMENTS };

/** The error class of an operation that the API refused, with advice of its own. */
function refuse(advice: string): ErrorClass {
  return { code: "ApiError", isRetryable: false, advice };
}

/**
 * The documented RetCodes, classified for reads. 20000 to 20208 are UMem's own, one per operation. Reads repeat
 * those that mean "could not read, try later"; what a code means for a write is in writeRetCodes.ts.
 */
const errorClasses: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [110, outage],
  [130, outage],
  [150, outage],
  [153, throttled],
  [170, unauthorized],
  [171, { ...unauthorized, suspect: "keys" }],
  [172, { ...unauthorized, suspect: "keys" }],
  [174, { ...unauthorized, advice: CHECK_TOKEN }],
  [220, rejected],
  [230, rejected],
  [
    292,
    { code: "NotFound", isRetryable: false, advice: "Check `projectId`: the API knows no such project." },
  ],
  [
    293,
    { ...forbidden, advice: "The account has no right to this zone; check `zone` and the project's rights." },
  ],
  [
    294,
    {
      ...forbidden,
      advice: "The account does not allow this machine's IP address; add it to the API key's list.",
    },
  ],
  [295, { ...forbidden, advice: "The account is under a security lock; unlock it in the console." }],
  [299, forbidden],
  [20000, refuse(ASK_SUPPORT)],
  [20001, refuse(ASK_SUPPORT)],
  [20002, refuse(TRY_LATER)],
  [20003, unavailable],
  [20004, forbidden],
  [20010, refuse(ASK_SUPPORT)],
  [20011, refuse("The resize failed; check in the console that the database has not expired.")],
  [
    20012,
    refuse("The account may not pay by the hour; choose another `chargeType`, or ask the cloud's sales."),
  ],
  [20013, refuse("The account's balance is too low; pay in, or choose another `chargeType` or `size`.")],
  [20015, refuse("The account has no right to trials; choose another `chargeType`.")],
  [20016, unavailable],
  [20100, refuse(ASK_SUPPORT)],
  [20101, refuse(`The resize failed. ${ASK_SUPPORT}`)],
  [20102, unavailable],
  [20103, refuse(TRY_LATER)],
  [20104, refuse("The database has expired: renew it in the console before it is deleted.")],
  [20200, refuse(TRY_LATER)],
  [20201, refuse(TRY_LATER)],
  [20202, unavailable],
  [20203, refuse(TRY_LATER)],
  [20204, refuse(`The update failed. ${ASK_SUPPORT}`)],
  [20205, refuse(TRY_LATER)],
  [20206, unavailable],
  [20207, refuse(`The restore failed. ${ASK_SUPPORT}`)],
  [
    20208,
    refuse(
      "There are as many backups by hand as the account may keep (3 are free); delete one in the console.",
    ),
  ],
]);

/** The error class of a RetCode that UCloud does not document. */
export const UNKNOWN_RET_CODE: ErrorClass = {
  code: "ApiError",
  isRetryable: false,
  advice: "If the message does not help, give the request uuid to the cloud's support.",
};

/** The error class of a RetCode other than 0, if it is a documented one. */
export function explainRetCode(retCode: number): ErrorClass | undefined {
  return errorClasses.get(retCode);
}

/** The error class of an HTTP status other than 200, where the body held no documented RetCode. */
export function explainStatus(status: number): ErrorClass {
  if (status === 429) return throttled;
  if (status === 502 || status === 503 || status === 504) return outage;
  if (status >= 500) return { ...outage, isRetryable: false, suspect: "baseUrl" };
  if (status === 401) return { ...unauthorized, advice: CHECK_BETWEEN };
  if (status === 403) return { ...forbidden, advice: CHECK_BETWEEN };
  if (status === 407) {
    return {
      code: "Unavailable",
      isRetryable: false,
      advice: "The proxy wants a login; check `HTTPS_PROXY`.",
    };
  }
  if (status === 404)
    return { code: "NotFound", isRetryable: false, advice: "Check `baseUrl`: no API answers there." };
  return {
    code: "ApiError",
    isRetryable: false,
    advice: "Check `baseUrl` and what stands between here and the API.",
  };
}
