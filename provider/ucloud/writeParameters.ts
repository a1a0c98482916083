import type { DatabaseScope } from "./databases";
import type { RequestParameters } from "./signature";

/** A write: its action, parameters, and the password among them. */
export interface Write {
  readonly action: string;
  readonly parameters: RequestParameters;
  readonly password?: string | undefined;
}

/** Where a call goes. */
export function createScope({ region, projectId }: DatabaseScope): RequestParameters {
  return { Region: region, ProjectId: projectId };
}

/** A password as the API takes it. */
export function encodePassword(password: string): string {
  return Buffer.from(password, "utf8").toString("base64");
}

/** A boolean as most write actions take it. */
export function writeSwitch(isOn: boolean): string {
  return isOn ? "enable" : "disable";
}
