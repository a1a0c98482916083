/**
 * Reads profiles from the files that the UCloud CLI writes, and that UCloud's SDKs and Terraform provider
 * read: `~/.ucloud/config.json` and `~/.ucloud/credential.json`. Each is a JSON array with an object for each
 * profile.
 */

import { join } from "node:path";
import { isJsonObject, readField, readInteger, readText, type JsonObject } from "./jsonFields";

/** The values of a profile, and what is wrong with it. */
export interface Profile {
  /** Its name in messages. */
  readonly label: string;
  /** Whether the profile was named but is in neither of the files. */
  readonly isMissing: boolean;
  readonly publicKey: string | undefined;
  readonly privateKey: string | undefined;
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  readonly baseUrl: string | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Why values may be missing, such as a file that is no JSON. Never repeats a file's contents. */
  readonly problems: readonly string[];
}

/** Which profile to read, and from which files. */
export interface ProfileLocation {
  /** @default the config file's entry with `active: true`, else the one called `default` */
  readonly profile: string | undefined;
  /** @default `~/.ucloud/config.json` */
  readonly sharedConfigFile: string | undefined;
  /** @default `~/.ucloud/credential.json` */
  readonly sharedCredentialsFile: string | undefined;
  /** The folder that `~` means. */
  readonly home: string;
  /** A file's text, or undefined if it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * Reads a profile. A named profile or file that is missing is a problem; a default file that is missing is
 * none.
 */
export function readProfile(location: ProfileLocation): Profile {
  const { profile, sharedConfigFile, sharedCredentialsFile } = location;
  const configs = readEntries(location, {
    setting: "sharedConfigFile",
    named: sharedConfigFile,
    fallback: "~/.ucloud/config.json",
  });
  const credentials = readEntries(location, {
    setting: "sharedCredentialsFile",
    named: sharedCredentialsFile,
    fallback: "~/.ucloud/credential.json",
  });
  const active = configs.entries.find((entry) => readField(entry, "active") === true);
  const name = profile ?? (active && readText(active, "profile")) ?? "default";
  const isNamed = (entry: JsonObject): boolean => readText(entry, "profile") === name;
  const config = configs.entries.find(isNamed) ?? (profile === undefined ? active : undefined);
  const credential = credentials.entries.find(isNamed);
  const isMissing = profile !== undefined && config === undefined && credential === undefined;
  const label = describeProfile(name);
  return {
    label,
    isMissing,
    publicKey: readText(credential ?? {}, "public_key"),
    privateKey: readText(credential ?? {}, "private_key"),
    region: readText(config ?? {}, "region"),
    projectId: readText(config ?? {}, "project_id"),
    baseUrl: readText(config ?? {}, "base_url"),
    timeoutSeconds: readInteger(config ?? {}, "timeout_sec"),
    problems: [
      ...configs.problems,
      ...credentials.problems,
      ...(isMissing ? [`${label} is in neither of the shared files`] : []),
    ],
  };
}

/** Names the profile, unless the name may be a key that was pasted into the wrong setting. */
function describeProfile(name: string): string {
  return /^[\p{L}\p{N} _.@-]{1,16}$/u.test(name) ? `the profile "${name}"` : "the profile that is named";
}

function readEntries(
  { home, readFile }: ProfileLocation,
  { setting, named, fallback }: { setting: string; named: string | undefined; fallback: string },
): { entries: readonly JsonObject[]; problems: readonly string[] } {
  const path = named ?? fallback;
  const what = named === undefined ? path : `the file that \`${setting}\` names`;
  const text = readFile(path.replace(/^~(?=[\\/]|$)/, () => join(home)));
  if (text === undefined)
    return { entries: [], problems: named === undefined ? [] : [`${what} cannot be read`] };
  const list = parseList(text);
  if (list === undefined) return { entries: [], problems: [`${what} is not a JSON array of profiles`] };
  return { entries: list.filter(isJsonObject), problems: [] };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
