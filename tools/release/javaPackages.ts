import fs from "node:fs";
import path from "node:path";
import { runInstallStep } from "../toolchains/installStep";
import type { PackageOptions } from "./packageOptions";

const maven = process.platform === "win32" ? "mvn.cmd" : "mvn";

/** The versions of plugins that pom.xml does not name are named here: those that come with Maven differ by its version. */
const GOALS = [
  "resources:resources",
  "compiler:compile",
  "jar:jar",
  "org.apache.maven.plugins:maven-source-plugin:3.3.1:jar-no-fork",
];

/**
 * Makes the jar of the Java SDK, that of its sources, and its pom, with Maven. The bytes of classes may differ between
 * versions of the JDK.
 *
 * @throws if Maven fails
 */
export async function makeJavaPackages({
  source,
  date,
  version,
  scratch,
  out,
}: PackageOptions): Promise<void> {
  const project = path.join(scratch, "java");
  fs.cpSync(path.join(source, "sdk", "java"), project, { recursive: true });
  const time = `-Dproject.build.outputTimestamp=${date.toISOString().replace(/\.\d+/, "")}`;
  const args = ["-B", "-q", "--strict-checksums", time, ...GOALS];
  await runInstallStep({ what: "the Java SDK", command: maven, args, cwd: project });
  for (const suffix of [".jar", "-sources.jar"]) {
    const name = `ucloudredis-${version}${suffix}`;
    fs.copyFileSync(path.join(project, "target", name), path.join(out, name));
  }
  fs.copyFileSync(path.join(project, "pom.xml"), path.join(out, `ucloudredis-${version}.pom`));
}
