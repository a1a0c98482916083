import { demo, type Simulator } from "../../simulator/index";

/** The part of a simulator that settings need, so that it may run in another process. */
export type Target = Pick<Simulator, "url" | "publicKey" | "privateKey">;

/** The settings for a simulator, as in a stack's config: every value is a string. */
export function createSettings({ url, publicKey, privateKey }: Target, more: object = {}): object {
  return { baseUrl: url, publicKey, privateKey, region: demo.region, maxRetries: "0", ...more };
}
