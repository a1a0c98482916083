/** The platforms for which plugins are made. A platform's name is Pulumi's `OS-ARCH`, as in names of plugin archives. */
export const PLATFORMS = [
  "linux-amd64",
  "linux-arm64",
  "darwin-amd64",
  "darwin-arm64",
  "windows-amd64",
  "windows-arm64",
] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Whether its programs are `.exe` and `.cmd` files. */
export function isWindows(platform: Platform): boolean {
  return platform.startsWith("windows-");
}

/** The name of Node.js in a plugin archive, where the launcher looks for it: beside the launcher. */
export function nodeFile(platform: Platform): string {
  return isWindows(platform) ? "node.exe" : "node";
}
