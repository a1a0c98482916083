import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "./cacheFolder";
import { addDynamicHost, dynamicHostScript } from "./dynamicHost";
import {
  buildGoPrograms,
  goDigest,
  goModuleVersion,
  hostsModule,
  programSuffix,
  toolsModule,
} from "./goBuild";

const cliModule = "github.com/pulumi/pulumi/pkg/v3";
const yamlModule = "github.com/pulumi/pulumi-yaml";
const sdkModule = "github.com/pulumi/pulumi/sdk/v3";
const versionVariable = `${sdkModule}/go/common/version.Version`;

/** The CLI, and the language hosts that this project's programs need, by their file names. */
export const programs = {
  cli: `pulumi${programSuffix}`,
  yamlHost: `pulumi-language-yaml${programSuffix}`,
  nodeHost: `pulumi-language-nodejs${programSuffix}`,
} as const;

/** The CLI's version that tools/go.mod pins, with its leading `v`. */
export const cliVersion = goModuleVersion(cliModule);

/** The folder in the cache for the engine that {@link assembleEngine} makes; its name covers all that goes into it. */
export const engineFolderName = `engine-${cliVersion}-${goDigest(hostsModule, goDigest(toolsModule), dynamicHostScript)}`;

/** Builds something into an existing folder, and reports progress. */
export type Build = (folder: string, log: (line: string) => void) => Promise<void>;

/** How to make an engine of what was built. */
export interface Assembly {
  /** An empty folder, which gets the programs in `bin`. */
  readonly folder: string;
  /** Where what was built is kept. */
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
 * Builds the CLI and the hosts unless the cache has them, and puts them together. They are kept apart, as the CLI takes
 * minutes to build: a change of the hosts' module must not build it again.
 */
export async function assembleEngine({
  folder,
  cacheFolder,
  log,
  buildCli,
  buildHosts,
}: Assembly): Promise<void> {
  const build = (name: string, what: string, duration: string, run: Build): Promise<string> =>
    ensureCacheFolder({
      folder: path.join(cacheFolder, name),
      fill: async (unfinished) => {
        log(`building ${what} from Go modules, once; this takes about ${duration} on two cores`);
        fs.mkdirSync(path.join(unfinished, "bin"));
        await run(path.join(unfinished, "bin"), log);
      },
      onWait: () => log(`waiting for another process that is building ${what}`),
    });
  const cli = await build(
    `built-${cliVersion}-${goDigest(toolsModule)}`,
    "the Pulumi CLI",
    "5 minutes",
    buildCli,
  );
  const hosts = await build(
    `hosts-${goModuleVersion(sdkModule, hostsModule)}-${goDigest(hostsModule)}`,
    "the Node.js language host",
    "a minute",
    buildHosts,
  );
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  for (const name of [programs.cli, programs.yamlHost]) link(path.join(cli, "bin", name), bin);
  link(path.join(hosts, "bin", programs.nodeHost), bin);
  addDynamicHost(bin);
}

/** A second name for a file, which costs no space; a copy where the file system knows no such thing. */
function link(file: string, folder: string): void {
  const target = path.join(folder, path.basename(file));
  try {
    fs.linkSync(file, target);
  } catch {
    fs.copyFileSync(file, target);
  }
}
