/** Redis versions. The API writes `6.0`, users also `6`, backups perhaps `6.0.20`: only major and minor count. */

const VERSION = /^(\d{1,4})(?:\.(\d{1,4}))?(?:\.\d+)*$/;

/** Below 0 if `a` is the older one, 0 if both are the same by major and minor. `undefined` if one cannot be read. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) return undefined;
  return left.major - right.major || left.minor - right.minor;
}

/** Whether two texts name one version. Texts that cannot be read must be equal. */
export function isSameVersion(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? (a.trim() === b.trim() ? 0 : 1)) === 0;
}

/** Major and minor, such as `6.0` for `6` and for `6.0.20`. `undefined` if the text cannot be read. */
export function shortenVersion(text: string): string | undefined {
  const version = parseVersion(text);
  return version === undefined ? undefined : `${version.major}.${version.minor}`;
}

/** The newer of two versions, either of which may be unknown. */
export function pickNewerVersion(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (compareVersions(a, b) ?? 0) < 0 ? b : a;
}

function parseVersion(text: string): { major: number; minor: number } | undefined {
  const [, major, minor = "0"] = VERSION.exec(text.trim()) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
