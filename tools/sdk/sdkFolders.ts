import { type FileTree, readTree } from "../fileTree";

/** Where each language's SDK is, what of its folder is written by hand, and what the generator makes in vain. */
export interface SdkFolder {
  /** The folder that tools/sdkgen generates it into. */
  readonly language: "nodejs" | "python" | "go" | "dotnet" | "java";
  /** Its folder in the repository, with forward slashes. */
  readonly folder: string;
  /** Files in that folder which are written by hand: the generator neither writes nor removes them. */
  readonly written: readonly string[];
  /** Generated files that are left out. */
  readonly leftOut: readonly string[];
  /** Where the package has a copy of the licence. @default nowhere, as the registry's tools add it */
  readonly licence?: string;
}

/**
 * The SDKs. Git's files are left out, as the repository has its own ones. The READMEs of the generators say
 * nothing that helps.
 */
export const sdkFolders: readonly SdkFolder[] = [
  {
    // The repository's root is the package. Editors would apply tsconfig.json to the SDK's files.
    language: "nodejs",
    folder: "sdk/nodejs",
    written: [],
    leftOut: ["README.md", "tsconfig.json", ".gitignore", ".gitattributes"],
  },
  {
    language: "python",
    folder: "sdk/python",
    written: ["README.md"],
    leftOut: ["pulumi_ucloud_redis/README.md", ".gitignore", ".gitattributes"],
    licence: "LICENSE",
  },
  {
    language: "go",
    folder: "sdk/go/ucloudredis",
    written: ["README.md", "go.mod", "go.sum"],
    leftOut: [".gitattributes"],
  },
  {
    language: "dotnet",
    folder: "sdk/dotnet",
    written: ["README.md"],
    leftOut: ["README.md", "Config/README.md", ".gitignore", ".gitattributes"],
  },
  {
    language: "java",
    folder: "sdk/java",
    written: ["README.md", "pom.xml"],
    leftOut: ["README.md", ".gitattributes"],
    licence: "src/main/resources/META-INF/LICENSE",
  },
];

/** What compilers and package managers leave in the SDKs' folders. Git ignores it. */
const buildOutput = /(^|\/)(target|bin|obj|__pycache__|build|[^/]+\.egg-info)\//;

/** The files of an SDK's folder, without build output and those that are written by hand. */
export function readSdk(folder: string, written: readonly string[]): FileTree {
  const files = [...readTree(folder)];
  return new Map(files.filter(([name]) => !buildOutput.test(name) && !written.includes(name)));
}
