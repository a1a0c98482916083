import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { addDynamicHost, dynamicHostScript } from "./dynamicHost";
import {
  buildGoPrograms,
  goDigest,
  goModuleVersion,
  hostsModule,
  programSuffix,
  toolsModule,
} from "../toolchains/goBuild";

const cliModule = "github.com/pulumi/pulumi/pkg/v3";
const yamlModule = "github.com/pulumi/pulumi-yaml";
const sdkModule = "github.com/pulumi/pulumi/sdk/v3";
const versionVariable = `${sdkModule}/go/common/version.Version`;

/** The file names of the CLI and of the language hosts that this project's programs need. */
export const programs = {
  cli: `pulumi${programSuffix}`,
  yamlHost: `pulumi-language-yaml${programSuffix}`,
  nodeHost: `pulumi-language-nodejs${programSuffix}`,
} as const;

/** The CLI's version that tools/go.mod pins, with its leading `v`. */
export const cliVersion = goModuleVersion(cliModule);

/**
 * The cache folder of the engine that {@link assembleEngine} makes. The name holds a digest of all that it is
 * made from.
 */
export const engineFolderName = `engine-${cliVersion}-${goDigest(hostsModule, goDigest(toolsModule), dynamicHostScript)}`;

/** Builds programs into an existing folder, and reports progress. */
export type Build = (folder: string, log: (line: string) => void) => Promise<void>;

/** How to make an engine from programs that were built. */
export interface Assembly {
  /** An empty folder, for the programs in its `bin`. */
  readonly folder: string;
  /** Where the builds are kept. */
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
  readonly buildCli: Build;
  readonly buildHosts: Build;
}

/** Builds the CLI and its YAML language host. */
export const buildCli: Build = (folder, log) =>
  buildGoPrograms({
    packages: [`${cliModule}/cmd/pulumi`, `${yamlModule}/cmd/pulumi-language-yaml`],
    folder,
    title: "building the Pulumi CLI from Go modules",
    variables: {
      [versionVariable]: cliVersion,
      [`${yamlModule}/pkg/version.Version`]: goModuleVersion(yamlModule),
    },
    log,
  });

/** Builds the Node.js language host. */
export const buildHosts: Build = (folder, log) =>
  buildGoPrograms({
    module: hostsModule,
    packages: [`${sdkModule}/nodejs/cmd/pulumi-language-nodejs`],
    folder,
    title: "building the Node.js language host from Go modules",
    variables: { [versionVariable]: goModuleVersion(sdkModule, hostsModule) },
    log,
  });

/**
 * Builds the CLI and the hosts, unless the cache has them, and puts them together. The cache keeps them
 * apart: the CLI takes minutes to build, and a change of the hosts' module must not build it again.
 */
export async function assembleEngine({
  folder,
  cacheFolder,
  log,
  buildCli,
  buildHosts,
}: Assembly): Promise<void> {
  const build = (part: { folder: string; what: string; duration: string; run: Build }): Promise<string> =>
    ensureCacheFolder({
      folder: path.join(cacheFolder, part.folder),
      fill: async (unfinished) => {
        log(`building ${part.what} from Go modules, once; this takes about ${part.duration} on two cores`);
        fs.mkdirSync(path.join(unfinished, "bin"));
        await part.run(path.join(unfinished, "bin"), log);
      },
      onWait: () => log(`waiting for another process that is building ${part.what}`),
    });
  const cli = await build({
    folder: `built-${cliVersion}-${goDigest(toolsModule)}`,
    what: "the Pulumi CLI",
    duration: "5 minutes",
    run: buildCli,
  });
  const hosts = await build({
    folder: `hosts-${goModuleVersion(sdkModule, hostsModule)}-${goDigest(hostsModule)}`,
    what: "the Node.js language host",
    duration: "a minute",
    run: buildHosts,
  });
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  for (const name of [programs.cli, programs.yamlHost]) linkProgram(path.join(cli, "bin", name), bin);
  linkProgram(path.join(hosts, "bin", programs.nodeHost), bin);
  addDynamicHost(bin);
}

/**
 * Makes a hard link to a program in another folder, which costs no space; a copy if the file system has no
 * hard links.
 */
export function linkProgram(file: string, folder: string): void {
  const target = path.join(folder, path.basename(file));
  try {
    fs.linkSync(file, target);
  } catch {
    fs.copyFileSync(file, target);
  }
}
