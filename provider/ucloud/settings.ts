/**
 * The settings of the lookups: what was given (provider arguments or stack config), else environment variables, else
 * the profile in the shared files, else defaults. Resolved once, where a client is built. No message ever repeats a
 * setting's value, since a key may have been pasted into the wrong one.
 */

import { DEFAULT_BASE_URL, findBaseUrlProblem, warnOfPlainHttp } from "./baseUrl";
import type { Credentials } from "./client";
import { InvalidInputError, RedisBackupError } from "./errors";
import { readProfile } from "./profiles";
import { type FoundText, getProcessSurroundings, SettingReader, type Surroundings } from "./settingSources";

/** The settings as they are used, defaults filled in. */
export interface Settings {
  /** Undefined where a key is missing: previews that look nothing up need none. */
  readonly credentials: Credentials | undefined;
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
  const profile = readProfile({
    profile: reader.findText("profile").text,
    sharedConfigFile: reader.findText("sharedConfigFile").text,
    sharedCredentialsFile: reader.findText("sharedCredentialsFile").text,
    home: surroundings.home,
    readFile: surroundings.readFile,
  });
  const baseUrl = reader.findText("baseUrl", profile.baseUrl).text ?? DEFAULT_BASE_URL;
  const baseUrlProblem = findBaseUrlProblem(baseUrl);
  if (baseUrlProblem !== undefined) reader.fail("baseUrl", baseUrlProblem);
  const warning = baseUrlProblem === undefined ? warnOfPlainHttp(baseUrl) : undefined;

  const settings: Settings = {
    credentials: joinCredentials({
      publicKey: reader.findText("publicKey", profile.publicKey),
      privateKey: reader.findText("privateKey", profile.privateKey),
      securityToken: reader.findText("securityToken"),
    }),
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
    warnings: warning === undefined ? [] : [warning],
  };
  if (reader.failures.length > 0) throw new InvalidInputError("InvalidConfig", reader.failures);
  return settings;
}

/**
 * The credentials of the settings.
 *
 * @throws RedisBackupError `MissingCredentials`
 */
export function requireCredentials({ credentials, profileProblems }: Settings): Credentials {
  if (credentials !== undefined) return credentials;
  const hints = profileProblems.length === 0 ? "" : ` Note: ${profileProblems.join("; ")}.`;
  throw new RedisBackupError(
    "MissingCredentials",
    "Looking up backups needs an API key pair, and `publicKey` or `privateKey` is missing. " +
      "Run `pulumi config set ucloud-redis:publicKey …` and `pulumi config set --secret ucloud-redis:privateKey …`, " +
      "or set UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY, or name a `profile` of ~/.ucloud/credential.json." +
      hints,
  );
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
