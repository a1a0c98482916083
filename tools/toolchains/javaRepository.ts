import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureCacheFolder } from "../cacheFolder";
import { digestFiles } from "../fileTree";
import { runInstallStep } from "./installStep";
import { javaSdkFolder } from "./javaSdk";
import { cacheRoot, repositoryRoot } from "../repository";

/** The Java example, which the repository is for. */
const program = path.join(repositoryRoot, "examples", "java");

/**
 * Makes a Maven repository of its own with the Java SDK, as `mvn install` in `sdk/java` does, and with all that
 * Maven needs to run `examples/java` without a network. So nothing of a test gets into the user's.
 * Made once for each state of the SDK and of the project's pom.xml.
 *
 * @returns its folder, for `-Dmaven.repo.local`
 * @throws if Maven is missing or fails
 */
export function ensureJavaRepository(): Promise<string> {
  const sources = [path.join(javaSdkFolder, "src"), path.join(javaSdkFolder, "pom.xml")];
  const digest = createHash("sha256")
    .update(digestFiles([...sources, path.join(program, "pom.xml")]))
    .digest("hex");
  return ensureCacheFolder({
    folder: path.join(cacheRoot, "java", `repository-${digest.slice(0, 12)}`),
    fill: async (folder) => {
      const draft = fs.mkdtempSync(path.join(os.tmpdir(), "maven-"));
      try {
        await fillRepository(folder, draft);
      } finally {
        fs.rmSync(draft, { recursive: true, force: true });
      }
    },
  });
}

async function fillRepository(folder: string, draft: string): Promise<void> {
  // The goals of `mvn install` and of the Java host, without those of tests and their many packages.
  const runs = [
    [
      "the Java SDK",
      javaSdkFolder,
      ["resources:resources", "compiler:compile", "jar:jar", "install:install"],
    ],
    ["what a Java program needs", program, ["compile", "exec:help"]],
  ] as const;
  for (const [what, project, goals] of runs) {
    const cwd = fs.mkdtempSync(path.join(draft, "project-"));
    for (const name of ["pom.xml", "src"])
      fs.cpSync(path.join(project, name), path.join(cwd, name), { recursive: true });
    const args = ["-B", "-q", `-Dmaven.repo.local=${folder}`, ...goals];
    await runInstallStep({ what, command: "mvn", args, cwd });
  }
}
