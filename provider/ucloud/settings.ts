/**
 * The settings of the lookups: what was given (provider arguments or stack config), else environment variables, else
 * the profile in the shared files, else defaults. Resolved once, where a client is built. No message ever repeats a
 * setting's value, since a key may have been pasted into the wrong one; only a profile's name is, where it is too short
 * for a key.
 */

import { DEFAULT_BASE_URL, findBaseUrlProblem, noticeOtherApi, warnOfPlainHttp } from "./baseUrl";
import type { Credentials, Origins } from "./client";
import { InvalidInputError, RedisBackupError } from "./errors";
import { type FoundKeys, joinKeys } from "./keys";
import { type Profile, readProfile } from "./profiles";
import {
  type FoundText,
  getHostEnvironment,
  Rank,
  SettingReader,
  type HostEnvironment,
} from "./settingSources";

/** What a row of `DescribeUMemBackup` is: a shard of a backup, a whole backup, or `auto` to find out from the rows. */
export type UMemRows = "auto" | "shards" | "backups";

/** The settings as they are used, defaults filled in. */
export interface Settings {
  /** Undefined where a key is missing: previews that look nothing up need none. */
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
  /** What is wrong with the profile and its files. Of interest where something is missing. */
  readonly profileProblems: readonly string[];
  /** What the user should know in any case, such as a base URL without TLS. */
  readonly warnings: readonly string[];
  /** What the user should know and need not act on, such as a base URL that is not the default. */
  readonly notices: readonly string[];
}

/**
 * Resolves `given`, whose values are strings, or numbers where a number is wanted. Null and undefined count as absent.
 *
 * @throws InvalidInputError `InvalidConfig`, one failure for each unknown or malformed setting
 */
export function resolveSettings(
  given: Readonly<Record<string, unknown>>,
  environment: HostEnvironment = getHostEnvironment(),
): Settings {
  const reader = new SettingReader(given, environment.env);
  const named = {
    profile: reader.findText("profile"),
    sharedConfigFile: reader.findText("sharedConfigFile"),
    sharedCredentialsFile: reader.findText("sharedCredentialsFile"),
  };
  const profile = readProfile({
    profile: named.profile.text,
    sharedConfigFile: named.sharedConfigFile.text,
    sharedCredentialsFile: named.sharedCredentialsFile.text,
    home: environment.home,
    readFile: environment.readFile,
  });
  if (profile.isMissing && named.profile.rank === Rank.Given) {
    reader.fail("profile", profile.problems.join("; "));
  }
  const { label } = profile;
  const foundUrl = reader.findText("baseUrl", { text: profile.baseUrl, label });
  const baseUrl = foundUrl.text ?? DEFAULT_BASE_URL;
  const urlOrigin =
    foundUrl.text === undefined ? "the default `baseUrl`" : `\`baseUrl\` from ${foundUrl.origin}`;
  const baseUrlProblem = findBaseUrlProblem(baseUrl);
  if (baseUrlProblem !== undefined) reader.fail("baseUrl", baseUrlProblem);
  const isUrl = baseUrlProblem === undefined;
  const foundKeys: FoundKeys = {
    publicKey: reader.findText("publicKey", { text: profile.publicKey, label }),
    privateKey: reader.findText("privateKey", { text: profile.privateKey, label }),
    securityToken: reader.findText("securityToken"),
  };
  const keys = joinKeys(foundKeys);

  const settings: Settings = {
    credentials: keys.credentials,
    missingKeys: keys.missingKeys,
    origins: { baseUrl: urlOrigin, keys: keys.origin },
    region: reader.findText("region", { text: profile.region, label }).text,
    projectId: reader.findText("projectId", { text: profile.projectId, label }).text,
    baseUrl,
    maxRetries: reader.findNumber("maxRetries", { min: 0, max: 10, isWhole: true }, 3),
    timeoutSeconds: reader.findNumber(
      "timeoutSeconds",
      { min: 0, isAboveMin: true, max: 600, isWhole: false },
      30,
      profile.timeoutSeconds,
    ),
    maxConcurrency: reader.findNumber("maxConcurrency", { min: 1, max: 64, isWhole: true }, 8),
    umemRows: reader.findWord("umemRows", ["auto", "shards", "backups"]),
    profileProblems: profile.problems,
    notices: isUrl ? compact([noticeOtherApi(baseUrl, urlOrigin)]) : [],
    warnings: [
      ...(isUrl ? compact([warnOfPlainHttp(baseUrl)]) : []),
      ...keys.warnings,
      ...warnOfUnusedProfile({ profile, keys: foundKeys, named: Object.values(named) }),
    ],
  };
  if (reader.failures.length > 0) throw new InvalidInputError("InvalidConfig", reader.failures);
  return settings;
}

/**
 * The credentials of the settings.
 *
 * @throws RedisBackupError `MissingCredentials`
 */
export function requireCredentials({ credentials, missingKeys, profileProblems }: Settings): Credentials {
  if (credentials !== undefined) return credentials;
  const hints = profileProblems.length === 0 ? "" : ` Note: ${profileProblems.join("; ")}.`;
  throw new RedisBackupError(
    "MissingCredentials",
    `Looking up backups needs an API key pair, and ${missingKeys.map((name) => `\`${name}\``).join(" and ")} ` +
      `${missingKeys.length === 1 ? "is" : "are"} missing. ` +
      "Run `pulumi config set ucloud-redis:publicKey …` and `pulumi config set --secret ucloud-redis:privateKey …`, " +
      "or set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY, or name a `profile` of ~/.ucloud/credential.json." +
      hints,
  );
}

/** Whoever names a profile expects its account to be asked. The environment comes before it. */
function warnOfUnusedProfile(options: {
  profile: Profile;
  keys: FoundKeys;
  named: readonly FoundText[];
}): string[] {
  const { profile, keys, named } = options;
  const isGiven = named.some(({ rank }) => rank === Rank.Given);
  const isEnvironment = [keys.publicKey, keys.privateKey].some(({ rank }) => rank === Rank.Environment);
  if (isGiven && isEnvironment && (profile.publicKey ?? profile.privateKey) !== undefined) {
    return [
      "Keys from the environment (UCLOUD_PUBLIC_KEY, UCLOUD_PRIVATE_KEY) are used, not those of the profile that is set.",
    ];
  }
  // A variable may have been set for other tools, which is why a lesser problem with its profile is no matter.
  return isGiven || profile.isMissing ? profile.problems.map((problem) => `Note that ${problem}.`) : [];
}

function compact(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined);
}
