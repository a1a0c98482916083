/** What reads and writes have in common: how a request is signed, what it is sent as, and how its error reads. */

import { isDefaultBaseUrl } from "./baseUrl";
import type { ClientOptions, Credentials } from "./client";
import type { RedisBackupError } from "./errors";
import { createRequestError, type Failure } from "./failures";
import { createRedactor } from "./redaction";
import { MAX_ANSWER_BYTES } from "./response";
import { type EncodedParameter, encodeParameters, type RequestParameters, signParameters } from "./signature";

/** A request that is ready to be sent. */
export interface SignedRequest {
  readonly encoded: readonly EncodedParameter[];
  readonly signature: string;
}

/** The keys, as texts that must not be shown. */
export function listKeys({ privateKey, securityToken, publicKey }: Credentials): (string | undefined)[] {
  return [privateKey, securityToken, publicKey];
}

/** Signs a request. */
export function signRequest(
  { publicKey, privateKey, securityToken }: Credentials,
  action: string,
  parameters: RequestParameters,
): SignedRequest {
  const encoded = encodeParameters({
    ...parameters,
    Action: action,
    PublicKey: publicKey,
    SecurityToken: securityToken,
  });
  return { encoded, signature: signParameters(encoded, privateKey) };
}

/** The options of node-fetch that send a request, without agent and signal. Redirects are not followed. */
export function createMessage(
  { encoded, signature }: SignedRequest,
  version: string,
): {
  readonly method: "POST";
  readonly body: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly redirect: "manual";
  readonly size: number;
} {
  return {
    method: "POST",
    body: new URLSearchParams([...encoded, ["Signature", signature]] as [string, string][]),
    headers: { "User-Agent": `pulumi-ucloud-redis/${version}`, Accept: "application/json" },
    redirect: "manual",
    size: MAX_ANSWER_BYTES,
  };
}

/**
 * Creates the error of a call. The keys are removed from it.
 *
 * @param call.secrets what else must not be in it, such as the signature
 * @param call.verdict what became of the call, if it did not fail
 */
export function createCallError(
  { credentials, origins, baseUrl }: Pick<ClientOptions, "credentials" | "origins" | "baseUrl">,
  call: {
    action: string;
    parameters: RequestParameters;
    failure: Failure;
    attempts: number;
    secrets: readonly string[];
    verdict?: string;
  },
): RedisBackupError {
  const { secrets, verdict, ...rest } = call;
  const checkUrl = `If that does not help, check ${origins?.baseUrl ?? "`baseUrl`"}.`;
  return createRequestError({
    ...rest,
    redact: createRedactor([...listKeys(credentials), ...secrets]),
    // A hint how to make it succeed belongs to a call that failed.
    ...(verdict === undefined
      ? { hints: { keys: origins?.keys, baseUrl: isDefaultBaseUrl(baseUrl) ? undefined : checkUrl } }
      : { verdict }),
  });
}
