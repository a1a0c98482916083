import { demo, type Simulator } from "../../simulator/index";

/** The part of a simulator that settings need, so that it may run in another process. */
export type Target = Pick<Simulator, "url" | "publicKey" | "privateKey">;

/** The settings for a simulator, as in a stack's config: every value is a string. */
export function createSettings({ url, publicKey, privateKey }: Target, more: object = {}): object {
  return { baseUrl: url, publicKey, privateKey, region: demo.region, maxRetries: "0", ...more };
}

/** The environment variables that name a simulator and its keys. */
export function createVariables({ url, publicKey, privateKey }: Target): Record<string, string> {
  return {
    UCLOUD_API_BASE_URL: url,
    UCLOUD_PUBLIC_KEY: publicKey,
    UCLOUD_PRIVATE_KEY: privateKey,
    UCLOUD_REGION: demo.region,
  };
}
