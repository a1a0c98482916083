/**
 * The settings of the lookups. Each is taken from the first source that has it: given values (provider
 * arguments or stack config), environment variables, the profile in the shared files, defaults. They are
 * resolved once, where a client is built. No message about a malformed setting repeats its value, because a
 * key may have been pasted into the wrong setting. The only exception is a profile's name that is too short
 * to be a key.
 */

import { DEFAULT_BASE_URL, findBaseUrlProblem, noticeOtherApi, warnOfPlainHttp } from "./baseUrl";
import type { Credentials, Origins } from "./client";
import { InvalidInputError, RedisBackupError } from "./errors";
import { type FoundKeys, joinKeys } from "./keys";
import { type Profile, readProfile } from "./profiles";
import { getHostEnvironment, type HostEnvironment, Rank, SettingReader } from "./settingSources";

/**
 * What a row of `DescribeUMemBackup` is: a shard of a backup, a whole backup, or `auto` to infer it from the
 * rows.
 */
export type UMemRows = "auto" | "shards" | "backups";

/** The settings as they are used, with defaults filled in. */
export interface Settings {
  /** Undefined if a key is missing. Previews that look nothing up need no keys. */
  readonly credentials: Credentials | undefined;
  /** Which of the two keys are missing. */
  readonly missingKeys: readonly string[];
  readonly origins: Origins;
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  readonly baseUrl: string;
  readonly maxRetries: number;
  readonly timeoutSeconds: number;
  readonly maxConcurrency: number;
  readonly umemRows: UMemRows;
  /** What is wrong with the profile and its files, to explain why a setting is missing. */
  readonly profileProblems: readonly string[];
  /** What the user should act on, such as a base URL without TLS. */
  readonly warnings: readonly string[];
  /** What the user should know but need not act on, such as a base URL that is not the default. */
  readonly notices: readonly string[];
}

/**
 * Resolves the settings. The values of `given` are strings, or numbers for numeric settings. Null and
 * undefined count as absent.
 *
 * @throws InvalidInputError `InvalidConfig`, with one failure for each unknown or malformed setting
 */
export function resolveSettings(
  given: Readonly<Record<string, unknown>>,
  environment: HostEnvironment = getHostEnvironment(),
): Settings {
  const reader = new SettingReader(given, environment.env);
  const { profile, isGiven } = findProfile(reader, environment);
  const { label } = profile;
  const url = findBaseUrl(reader, profile);
  const foundKeys: FoundKeys = {
    publicKey: reader.findText("publicKey", { text: profile.publicKey, label }),
    privateKey: reader.findText("privateKey", { text: profile.privateKey, label }),
    securityToken: reader.findText("securityToken"),
  };
  const keys = joinKeys(foundKeys);

  const settings: Settings = {
    credentials: keys.credentials,
    missingKeys: keys.missingKeys,
    origins: { baseUrl: url.origin, keys: keys.origin },
    region: reader.findText("region", { text: profile.region, label }).text,
    projectId: reader.findText("projectId", { text: profile.projectId, label }).text,
    baseUrl: url.baseUrl,
    maxRetries: reader.findNumber("maxRetries", { min: 0, max: 10, isWhole: true, fallback: 3 }),
    timeoutSeconds: reader.findNumber("timeoutSeconds", {
      min: 0,
      isAboveMin: true,
      max: 600,
      isWhole: false,
      fallback: 30,
      fromProfile: profile.timeoutSeconds,
    }),
    maxConcurrency: reader.findNumber("maxConcurrency", { min: 1, max: 64, isWhole: true, fallback: 8 }),
    umemRows: reader.findWord("umemRows", ["auto", "shards", "backups"]),
    profileProblems: profile.problems,
    notices: url.notices,
    warnings: [...url.warnings, ...keys.warnings, ...warnOfProfile({ profile, isGiven, keys: foundKeys })],
  };
  if (reader.failures.length > 0) throw new InvalidInputError("InvalidConfig", reader.failures);
  return settings;
}

/** The profile, and whether its name or one of its files was given. A profile that was given has to exist. */
function findProfile(
  reader: SettingReader,
  { home, readFile }: HostEnvironment,
): { profile: Profile; isGiven: boolean } {
  const name = reader.findText("profile");
  const configFile = reader.findText("sharedConfigFile");
  const credentialsFile = reader.findText("sharedCredentialsFile");
  const profile = readProfile({
    profile: name.text,
    sharedConfigFile: configFile.text,
    sharedCredentialsFile: credentialsFile.text,
    home,
    readFile,
  });
  if (profile.isMissing && name.rank === Rank.Given) reader.fail("profile", profile.problems.join("; "));
  const isGiven = [name, configFile, credentialsFile].some(({ rank }) => rank === Rank.Given);
  return { profile, isGiven };
}

/** The base URL, where it came from, and what the user should know of it. */
function findBaseUrl(
  reader: SettingReader,
  { baseUrl: text, label }: Profile,
): { baseUrl: string; origin: string; warnings: string[]; notices: string[] } {
  const found = reader.findText("baseUrl", { text, label });
  const baseUrl = found.text ?? DEFAULT_BASE_URL;
  const origin = found.text === undefined ? "the default `baseUrl`" : `\`baseUrl\` from ${found.origin}`;
  const problem = findBaseUrlProblem(baseUrl);
  if (problem !== undefined) {
    reader.fail("baseUrl", problem);
    return { baseUrl, origin, warnings: [], notices: [] };
  }
  const warnings = compact([warnOfPlainHttp(baseUrl)]);
  return { baseUrl, origin, warnings, notices: compact([noticeOtherApi(baseUrl, origin)]) };
}

const PULUMI_KEY_ADVICE =
  "Run `pulumi config set ucloud-redis:publicKey …` and `pulumi config set --secret ucloud-redis:privateKey …`, " +
  "or set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY, or name a `profile` of ~/.ucloud/credential.json.";

/**
 * The credentials of the settings.
 *
 * @param advice how to give keys, for hosts that have other settings than Pulumi's
 * @throws RedisBackupError `MissingCredentials`
 */
export function requireCredentials(
  { credentials, missingKeys, profileProblems }: Settings,
  advice: string = PULUMI_KEY_ADVICE,
): Credentials {
  if (credentials !== undefined) return credentials;
  const hints = profileProblems.length === 0 ? "" : ` Note: ${profileProblems.join("; ")}.`;
  throw new RedisBackupError(
    "MissingCredentials",
    `Looking up backups needs an API key pair, and ${missingKeys.map((name) => `\`${name}\``).join(" and ")} ` +
      `${missingKeys.length === 1 ? "is" : "are"} missing. ${advice}${hints}`,
  );
}

/** Warns if a profile was given but keys of the environment take precedence, and of problems with the profile. */
function warnOfProfile(options: { profile: Profile; isGiven: boolean; keys: FoundKeys }): string[] {
  const { profile, isGiven, keys } = options;
  const isEnvironment = [keys.publicKey, keys.privateKey].some(({ rank }) => rank === Rank.Environment);
  if (isGiven && isEnvironment && (profile.publicKey ?? profile.privateKey) !== undefined) {
    return [
      "Keys from the environment (UCLOUD_PUBLIC_KEY, UCLOUD_PRIVATE_KEY) are used, not those of the profile that is set.",
    ];
  }
  // A variable may name a profile for other tools, so problems with that profile are not reported unless it
  // is missing.
  return isGiven || profile.isMissing ? profile.problems.map((problem) => `Note that ${problem}.`) : [];
}

function compact(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined);
}
