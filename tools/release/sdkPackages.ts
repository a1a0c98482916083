import fs from "node:fs";
import path from "node:path";
import { writeArchive } from "./archive";
import { makeJavaPackages } from "./javaPackages";
import type { PackageOptions } from "./packageOptions";
import { makePythonPackages } from "./pythonPackages";

/** Makes the packages of the SDKs, except for that of Node.js, which is in the npm package. */
export async function makeSdkPackages(options: PackageOptions): Promise<void> {
  addLicences(options.source);
  await makePythonPackages(options);
  await makeJavaPackages(options);
  const { source, version, date, out } = options;
  // The workflow commits this folder at sdk/go/ucloudredis and tags that commit: Go downloads modules from tags.
  await writeArchive(path.join(out, `ucloudredis-go-${version}.tar.gz`), {
    folder: path.join(source, "sdk", "go", "ucloudredis"),
    prefix: "ucloudredis",
    date,
  });
  // No .NET SDK builds this one, so there are only the sources.
  await writeArchive(path.join(out, `PulumiUCloudRedis.UCloudRedis-${version}-sources.tar.gz`), {
    folder: path.join(source, "sdk", "dotnet"),
    prefix: "PulumiUCloudRedis.UCloudRedis",
    date,
  });
}

/** Each package holds the licence: the repository has it once, at its root. */
function addLicences(source: string): void {
  for (const folder of ["python", "go/ucloudredis", "dotnet", "java/src/main/resources/META-INF"]) {
    const target = path.join(source, "sdk", folder);
    fs.mkdirSync(target, { recursive: true });
    fs.copyFileSync(path.join(source, "LICENSE"), path.join(target, "LICENSE"));
  }
}
