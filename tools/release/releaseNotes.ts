import { PLATFORMS, type Platform } from "./platforms";
import { RUNTIME_VERSION } from "./runtimes";

/** What `npm run check` does with each platform's plugin. A release does not run it: its workflow does, before publishing. */
const TESTED: Readonly<Record<Platform, string>> = {
  "linux-amd64": "started without another Node.js; all tests run on Linux and amd64",
  "linux-arm64": "format and architecture; started under emulation where there is one",
  "darwin-amd64": "format and architecture only; never ran",
  "darwin-arm64": "format and architecture only; never ran",
  "windows-amd64": "format and architecture only; never ran",
  "windows-arm64": "format and architecture only; never ran",
};

/**
 * The section of a version in the changelog, without its heading.
 *
 * @param options.isTagged whether the version must have a section. Otherwise that of changes to come will do
 * @throws if there is no such section
 */
export function readChanges(
  changelog: string,
  { version, isTagged }: { readonly version: string; readonly isTagged: boolean },
): string {
  const sections = new Map(
    changelog.split(/^## \[/m).map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      return [
        heading.split("]")[0] ?? "",
        lines
          .filter((line) => !/^\[[^\]]+\]: /.test(line))
          .join("\n")
          .trim(),
      ];
    }),
  );
  const found = sections.get(version) ?? (isTagged ? undefined : sections.get("Unreleased"));
  if (found !== undefined) return found;
  throw new Error(`CHANGELOG.md has no section "## [${version}]"`);
}

/**
 * The text of a release: its changes, and how far it is tested.
 *
 * @param options.isCompared whether the programs were compared with the vendor's
 */
export function writeReleaseNotes(options: {
  readonly changes: string;
  readonly platforms: readonly Platform[];
  readonly isCompared: boolean;
}): string {
  const { changes, platforms, isCompared } = options;
  const rows = PLATFORMS.filter((each) => platforms.includes(each)).map(
    (each) => `| ${each} | ${TESTED[each]} |`,
  );
  return `${changes}

### How far each platform is tested

The plugin archives hold Node.js ${RUNTIME_VERSION}, so that no other one is needed. ${
    isCompared
      ? "Each program was compared with the one that the vendor of Node.js publishes."
      : "**The programs were not compared with those that the vendor of Node.js publishes**, since its site could not be reached."
  } On Linux they need glibc 2.28.

\`npm run check\` tests them as below. The release workflow publishes nothing without it; making a release does not run it.

| Platform | Test |
| --- | --- |
${rows.join("\n")}

The .NET SDK was generated and its syntax parsed. It was never compiled and never ran.
`;
}
