/**
 * The settings of the lookups: what was given (provider arguments or stack config), else environment variables, else
 * the profile in the shared files, else defaults. Resolved once, where a client is built. No message ever repeats a
 * setting's value, since a key may have been pasted into the wrong one.
 */

import { DEFAULT_BASE_URL, findBaseUrlProblem, warnOfPlainHttp } from "./baseUrl";
import type { Credentials } from "./client";
import { InvalidInputError, RedisBackupError } from "./errors";
import { type Profile, readProfile } from "./profiles";
import {
  type FoundText,
  getProcessSurroundings,
  Rank,
  SettingReader,
  type Surroundings,
} from "./settingSources";

/** The settings as they are used, defaults filled in. */
export interface Settings {
  /** Undefined where a key is missing: previews that look nothing up need none. */
  readonly credentials: Credentials | undefined;
  /** Which of the two keys are missing. */
  readonly missingKeys: readonly string[];
  readonly region: string | undefined;
  readonly projectId: string | undefined;
  readonly baseUrl: string;
  readonly maxRetries: number;
  readonly timeoutSeconds: number;
  readonly maxConcurrency: number;
  /** What is wrong with the profile and its files. Of interest where something is missing. */
  readonly profileProblems: readonly string[];
  /** What the user should know in any case, such as a base URL without TLS. */
  readonly warnings: readonly string[];
}

/**
 * Resolves `given`, whose values are strings, or numbers where a number is wanted. Null and undefined count as absent.
 *
 * @throws InvalidInputError `InvalidConfig`, one failure for each unknown or malformed setting
 */
export function resolveSettings(
  given: Readonly<Record<string, unknown>>,
  surroundings: Surroundings = getProcessSurroundings(),
): Settings {
  const reader = new SettingReader(given, surroundings.env);
  const named = {
    profile: reader.findText("profile"),
    sharedConfigFile: reader.findText("sharedConfigFile"),
    sharedCredentialsFile: reader.findText("sharedCredentialsFile"),
  };
  const profile = readProfile({
    profile: named.profile.text,
    sharedConfigFile: named.sharedConfigFile.text,
    sharedCredentialsFile: named.sharedCredentialsFile.text,
    home: surroundings.home,
    readFile: surroundings.readFile,
  });
  const baseUrl = reader.findText("baseUrl", profile.baseUrl).text ?? DEFAULT_BASE_URL;
  const baseUrlProblem = findBaseUrlProblem(baseUrl);
  if (baseUrlProblem !== undefined) reader.fail("baseUrl", baseUrlProblem);
  const plainHttp = baseUrlProblem === undefined ? warnOfPlainHttp(baseUrl) : undefined;
  const keys = {
    publicKey: reader.findText("publicKey", profile.publicKey),
    privateKey: reader.findText("privateKey", profile.privateKey),
    securityToken: reader.findText("securityToken"),
  };
  const isProfileGiven = Object.values(named).some(({ rank }) => rank === Rank.Given);

  const settings: Settings = {
    credentials: joinCredentials(keys),
    missingKeys: (["publicKey", "privateKey"] as const).filter((name) => keys[name].text === undefined),
    region: reader.findText("region", profile.region).text,
    projectId: reader.findText("projectId", profile.projectId).text,
    baseUrl,
    maxRetries: reader.findNumber("maxRetries", { min: 0, max: 10, isWhole: true }, 3),
    timeoutSeconds: reader.findNumber(
      "timeoutSeconds",
      { min: 0, isAboveMin: true, max: 600, isWhole: false },
      30,
      profile.timeoutSeconds,
    ),
    maxConcurrency: reader.findNumber("maxConcurrency", { min: 1, max: 64, isWhole: true }, 8),
    profileProblems: profile.problems,
    warnings: [
      ...(plainHttp === undefined ? [] : [plainHttp]),
      ...(isProfileGiven ? warnOfUnusedProfile(profile, keys) : []),
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

/** Whoever names a profile in the stack expects its account to be asked. The environment comes before it. */
function warnOfUnusedProfile(
  profile: Profile,
  keys: Record<"publicKey" | "privateKey", FoundText>,
): string[] {
  const isEnvironment = [keys.publicKey, keys.privateKey].some(({ rank }) => rank === Rank.Environment);
  if (isEnvironment && (profile.publicKey ?? profile.privateKey) !== undefined) {
    return [
      "Keys from the environment (UCLOUD_PUBLIC_KEY, UCLOUD_PRIVATE_KEY) are used, not those of the profile that is set.",
    ];
  }
  return profile.problems.map((problem) => `Note that ${problem}.`);
}

function joinCredentials(found: Record<keyof Credentials, FoundText>): Credentials | undefined {
  const { publicKey, privateKey, securityToken } = found;
  if (publicKey.text === undefined || privateKey.text === undefined) return undefined;
  const keys = { publicKey: publicKey.text, privateKey: privateKey.text };
  // A token left over in the environment does not belong to keys that were given.
  const isOfTheseKeys = [publicKey, privateKey].some(({ rank }) => securityToken.rank <= rank);
  return isOfTheseKeys && securityToken.text !== undefined
    ? { ...keys, securityToken: securityToken.text }
    : keys;
}
