import { join } from "node:path";
import { isJsonObject, readField, readInteger, readText, type JsonObject } from "./jsonFields";

/**
 * The files that the UCloud CLI writes and its SDKs and Terraform provider read: `~/.ucloud/config.json` and
 * `~/.ucloud/credential.json`, each a JSON array of objects, one a profile.
 */

/** What a profile holds, and what is wrong with it. */
export interface Profile {
  /** How messages call it. */
  readonly label: string;
  /** Whether it was named, and neither of the files has it. */
  readonly isMissing: boolean;
  readonly publicKey: string | undefined;
  readonly privateKey: string | undefined;
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  readonly baseUrl: string | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Why it may lack what its user expects, such as a file that is no JSON. Never holds what is in the files. */
  readonly problems: readonly string[];
}

/** Which profile to read, and from where. */
export interface ProfileLocation {
  /** @default the config file's entry with `active: true`, else the one called `default` */
  readonly profile: string | undefined;
  /** @default `~/.ucloud/config.json` */
  readonly sharedConfigFile: string | undefined;
  /** @default `~/.ucloud/credential.json` */
  readonly sharedCredentialsFile: string | undefined;
  /** The folder that `~` stands for. */
  readonly home: string;
  /** A file's text, or undefined where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** Reads a profile. What was named and cannot be had is a problem; default files that do not exist are none. */
export function readProfile(location: ProfileLocation): Profile {
  const { profile, sharedConfigFile, sharedCredentialsFile } = location;
  const configs = readEntries(location, "sharedConfigFile", sharedConfigFile, "config.json");
  const credentials = readEntries(
    location,
    "sharedCredentialsFile",
    sharedCredentialsFile,
    "credential.json",
  );
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

/** Names the profile, unless its name may be a key that was pasted into the wrong setting. */
function describeProfile(name: string): string {
  return /^[\p{L}\p{N} _.@-]{1,16}$/u.test(name) ? `the profile "${name}"` : "the profile that is named";
}

function readEntries(
  { home, readFile }: ProfileLocation,
  setting: string,
  named: string | undefined,
  defaultName: string,
): { entries: readonly JsonObject[]; problems: readonly string[] } {
  const path = named ?? `~/.ucloud/${defaultName}`;
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
