import type { HostEnvironment } from "../../provider/ucloud/settingSources";

/** A host environment in memory. */
export interface FakeHostEnvironment extends HostEnvironment {
  /** The paths of the files that were read. */
  readonly read: string[];
}

/**
 * Creates a host environment with these variables and files. File contents that are no string are written as
 * JSON.
 */
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

/** The default paths of the shared files. */
export const CONFIG_FILE = "/home/me/.ucloud/config.json";
export const CREDENTIALS_FILE = "/home/me/.ucloud/credential.json";
