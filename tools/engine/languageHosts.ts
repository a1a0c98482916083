/**
 * The language hosts for Go, Python and Java, for the tests that run a program of each. They are kept apart
 * from the CLI and its other hosts, which `npm run demo` needs too: a newcomer must not wait for these.
 */
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { type Build, linkProgram } from "./engineBuild";
import {
  buildGoPrograms,
  findGoSources,
  goDigest,
  goModuleVersion,
  hostsModule,
  javaHostModule,
  programSuffix,
} from "../toolchains/goBuild";

const sdkModule = "github.com/pulumi/pulumi/sdk/v3";
const javaModule = "github.com/pulumi/pulumi-java";

/** The script beside Python's host that starts the program. It comes with Pulumi's SDK, and is not built. */
const pythonLauncher = "pulumi-language-python-exec";

/** The file names of the hosts for Go, Python and Java, and of what they need beside them. */
export const languageHosts = [
  `pulumi-language-go${programSuffix}`,
  `pulumi-language-python${programSuffix}`,
  process.platform === "win32" ? "pulumi-language-python-exec.cmd" : pythonLauncher,
  `pulumi-language-java${programSuffix}`,
];

/** A digest of all that {@link buildLanguageHosts} makes programs from. */
export const languageHostsDigest = goDigest(
  hostsModule,
  goDigest(javaHostModule),
  goModuleVersion(sdkModule),
);

/** Builds the hosts for Go, Python and Java. */
export const buildLanguageHosts: Build = async (folder, log) => {
  await buildGoPrograms({
    module: hostsModule,
    packages: [`${sdkModule}/go/pulumi-language-go`, `${sdkModule}/python/cmd/pulumi-language-python`],
    folder,
    title: "building the language hosts for Go and Python from Go modules",
    variables: { [`${sdkModule}/go/common/version.Version`]: goModuleVersion(sdkModule, hostsModule) },
    log,
  });
  await buildGoPrograms({
    module: javaHostModule,
    packages: [`${javaModule}/pkg/cmd/pulumi-language-java`],
    folder,
    title: "building the language host for Java from Go modules",
    variables: { [`${javaModule}/pkg/version.Version`]: goModuleVersion(javaModule, javaHostModule) },
    log,
  });
  // The CLI's version of the SDK, since the script must suit the `pulumi` package of today.
  const script = path.join(await findGoSources(sdkModule), "python", "cmd", pythonLauncher);
  fs.copyFileSync(script, path.join(folder, pythonLauncher));
  fs.chmodSync(path.join(folder, pythonLauncher), 0o755);
};

/** How to put hosts beside an engine's programs. */
export interface LanguageAssembly {
  /** An empty folder, for all programs in its `bin`. */
  readonly folder: string;
  /** The engine's root. */
  readonly engineRoot: string;
  /** Where the builds are kept. */
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
  readonly buildLanguageHosts: Build;
}

/**
 * Builds the hosts, unless the cache has them, and puts them and the engine's programs into one folder: a CLI
 * warns of each host that is elsewhere on PATH.
 */
export async function assembleLanguages(parts: LanguageAssembly): Promise<void> {
  const hosts = await ensureCacheFolder({
    folder: path.join(parts.cacheFolder, `languages-${languageHostsDigest}`),
    fill: async (unfinished) => {
      parts.log("building the language hosts for Go, Python and Java from Go modules, once; about 2 minutes");
      const bin = path.join(unfinished, "bin");
      fs.mkdirSync(bin);
      await parts.buildLanguageHosts(bin, parts.log);
    },
    onWait: () => parts.log("waiting for another process that is building the language hosts"),
  });
  const bin = path.join(parts.folder, "bin");
  fs.mkdirSync(bin);
  for (const root of [parts.engineRoot, hosts]) {
    for (const name of fs.readdirSync(path.join(root, "bin"))) {
      linkProgram(path.join(root, "bin", name), bin);
    }
  }
}
