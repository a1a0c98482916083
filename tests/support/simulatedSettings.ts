import { demo, type Simulator } from "../../simulator/index";

/** What a simulator has to tell about itself; one in another process will do. */
export type Target = Pick<Simulator, "url" | "publicKey" | "privateKey">;

/** The settings under which a simulator answers, as a stack's config would hold them: every value a string. */
export function createSettings({ url, publicKey, privateKey }: Target, more: object = {}): object {
  return { baseUrl: url, publicKey, privateKey, region: demo.region, maxRetries: "0", ...more };
}
