import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { hasCode, runCommand } from "../childProcess";
import { digestFiles } from "../fileTree";
import { runInstallStep } from "./installStep";
import { cacheRoot, repositoryRoot } from "../repository";

/** The folder of the Java SDK, with its pom.xml. */
export const javaSdkFolder = path.join(repositoryRoot, "sdk", "java");

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** The jars of the Java SDK, or one sentence on why there are none. */
export type EnsuredJavaSdk =
  | {
      /** For `java` and `javac`: the SDK and all that it depends on. */
      readonly classPath: string;
      /** The folder of these jars. */
      readonly jars: string;
    }
  | { readonly missing: string };

/**
 * Compiles the Java SDK with Maven by its own pom.xml, once for each state of its sources.
 *
 * @throws if Maven fails
 */
export async function ensureJavaSdk(): Promise<EnsuredJavaSdk> {
  const versions: string[] = [];
  for (const [command, what] of [
    ["javac", "javac is not installed (on Debian: apt install default-jdk-headless)"],
    ["mvn", "mvn is not installed (on Debian: apt install maven)"],
  ] as const) {
    const version = await readVersion(command);
    if (version === undefined) return { missing: what };
    versions.push(version);
  }
  const sources = digestFiles([path.join(javaSdkFolder, "src"), path.join(javaSdkFolder, "pom.xml")]);
  const digest = createHash("sha256")
    .update([...versions, sources, copyDependencies].join("\0"))
    .digest("hex");
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, "java", `sdk-${digest.slice(0, 12)}`),
    fill: compileSdk,
  });
  const jars = path.join(folder, "jars");
  return { jars, classPath: path.join(jars, "*") };
}

/** The class path's separator is not needed: Java reads `FOLDER/*` as all jars in it. */
async function compileSdk(folder: string): Promise<void> {
  const project = path.join(folder, "sdk");
  fs.mkdirSync(project);
  fs.copyFileSync(path.join(javaSdkFolder, "pom.xml"), path.join(project, "pom.xml"));
  fs.cpSync(path.join(javaSdkFolder, "src"), path.join(project, "src"), { recursive: true });
  const jars = path.join(folder, "jars");
  const goals = ["package", copyDependencies, `-DoutputDirectory=${jars}`];
  await runInstallStep({ what: "the Java SDK", command: "mvn", args: ["-B", "-q", ...goals], cwd: project });
  const target = path.join(project, "target");
  for (const name of fs.readdirSync(target).filter((each) => each.endsWith(".jar"))) {
    fs.renameSync(path.join(target, name), path.join(jars, name));
  }
  fs.rmSync(project, { recursive: true });
}

async function readVersion(command: string): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await runCommand(command, ["-version"], { timeoutMs: 60_000 });
    return code === 0 ? `${stdout}${stderr}` : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
