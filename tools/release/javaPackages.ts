import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../childProcess";
import type { PackageOptions } from "./packageOptions";

const maven = process.platform === "win32" ? "mvn.cmd" : "mvn";

/**
 * What Maven runs, with versions: those that come with Maven differ by its version, and the old ones write the time of
 * the build.
 */
const GOALS = [
  "maven-resources-plugin:3.3.1:resources",
  "maven-compiler-plugin:3.14.0:compile",
  "maven-jar-plugin:3.4.2:jar",
  "maven-source-plugin:3.3.1:jar-no-fork",
].map((goal) => `org.apache.maven.plugins:${goal}`);

/**
 * Makes the jar of the Java SDK, that of its sources, and its pom, with Maven. The bytes of classes may differ between
 * versions of the JDK.
 *
 * @throws with what Maven wrote, if it fails
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
  const { code, stdout, stderr } = await runCommand(maven, ["-B", "-q", time, ...GOALS], { cwd: project });
  if (code !== 0) throw new Error(`${maven} failed:\n${stdout}\n${stderr}`);
  for (const suffix of [".jar", "-sources.jar"]) {
    const name = `ucloudredis-${version}${suffix}`;
    fs.copyFileSync(path.join(project, "target", name), path.join(out, name));
  }
  fs.copyFileSync(path.join(project, "pom.xml"), path.join(out, `ucloudredis-${version}.pom`));
}
