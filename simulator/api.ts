import type { Action, ActionRequest, ApiAnswer } from "./actions";
import { backupQueries, readOptional } from "./backupQueries";
import { databaseChanges } from "./databaseChanges";
import { databaseCreation } from "./databaseCreation";
import { databaseQueries } from "./databaseQueries";
import { linkQueries } from "./linkQueries";
import { offerQueries } from "./offerQueries";
import { bad, missing, Refusal, RetCode } from "./refusals";
import { computeSignature, type RequestParameters } from "./signature";

/** The only account whose requests are accepted. */
export interface Account {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly securityToken?: string | undefined;
}

/** What an answer depends on besides the request's parameters. */
export interface ApiContext extends Omit<ActionRequest, "parameters" | "region" | "projectId"> {
  readonly account: Account;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  ...backupQueries,
  ...linkQueries,
  ...databaseQueries,
  ...databaseCreation,
  ...databaseChanges,
  ...offerQueries,
};

/**
 * Answers one request as the cloud would: checks the action, the keys, the place and the parameters, in this
 * order.
 */
export async function answerRequest(parameters: RequestParameters, context: ApiContext): Promise<ApiAnswer> {
  try {
    const name = readOptional(parameters, "Action");
    if (name === undefined) throw new Refusal(RetCode.noAction, "Missing Action");
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new Refusal(RetCode.unknownAction, `Action [${name}] not found`);
    authenticate(parameters, context.account);
    const region = readRegion(parameters);
    const projectId = readProject(parameters, context);
    return await action({ ...context, parameters, region, projectId });
  } catch (error) {
    if (error instanceof Refusal) return { retCode: error.retCode, message: error.message };
    throw error;
  }
}

/** Whether an action of this name changes anything. */
export function isWrite(action: string | undefined): boolean {
  return (
    action !== undefined &&
    (Object.hasOwn(databaseCreation, action) || Object.hasOwn(databaseChanges, action))
  );
}

function authenticate(parameters: RequestParameters, account: Account): void {
  const signature = readOptional(parameters, "Signature");
  if (signature === undefined) throw new Refusal(RetCode.noSignature, "Missing Signature");
  if (parameters.PublicKey !== account.publicKey) throw new Refusal(RetCode.unknownUser, "User not found");
  if (parameters.SecurityToken !== account.securityToken) {
    throw new Refusal(RetCode.unknownToken, "Token not found");
  }
  if (signature !== computeSignature(parameters, account.privateKey)) {
    throw new Refusal(RetCode.wrongSignature, "Signature VerifyAC Error");
  }
}

function readRegion(parameters: RequestParameters): string {
  const region = readOptional(parameters, "Region");
  if (region === undefined) throw missing("Region");
  // A fleet does not say which regions exist, so any well-formed region is accepted. Without backups it is
  // empty.
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(region)) throw bad("Region");
  return region;
}

function readProject(parameters: RequestParameters, { cloud }: ApiContext): string {
  const projectId = readOptional(parameters, "ProjectId") ?? cloud.fleet.defaultProjectId;
  if (!cloud.index.knowsProject(projectId)) {
    throw new Refusal(RetCode.unknownProject, `Project [${projectId}] not found`);
  }
  return projectId;
}
