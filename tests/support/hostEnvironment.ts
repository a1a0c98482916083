import type { HostEnvironment } from "../../provider/ucloud/settingSources";

/** Surroundings in memory. */
export interface FakeHostEnvironment extends HostEnvironment {
  /** Which files were asked for. */
  readonly read: string[];
}

/** Surroundings with these environment variables and files. Contents that are no text are written as JSON. */
export function createHostEnvironment({
  env = {},
  files = {},
  home = "/home/me",
}: {
  env?: Record<string, string>;
  files?: Record<string, unknown>;
  home?: string;
} = {}): FakeHostEnvironment {
  const read: string[] = [];
  return {
    env,
    home,
    read,
    readFile: (path) => {
      read.push(path);
      if (!Object.hasOwn(files, path)) return undefined;
      const content = files[path];
      return typeof content === "string" ? content : JSON.stringify(content);
    },
  };
}

/** Where the shared files are if nobody says otherwise. */
export const CONFIG_FILE = "/home/me/.ucloud/config.json";
export const CREDENTIALS_FILE = "/home/me/.ucloud/credential.json";
