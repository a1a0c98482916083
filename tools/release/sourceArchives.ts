import fs from "node:fs";
import path from "node:path";
import { sdkFolders } from "../sdk/sdkFolders";
import { writeArchive } from "./archive";
import type { PackageOptions } from "./packageOptions";

/** Makes the archives of the SDKs that are not packages: the Go module, and the sources of the .NET SDK. */
export async function makeSourceArchives({ source, version, date, out }: PackageOptions): Promise<void> {
  // The workflow commits this folder at sdk/go/ucloudredis and tags that commit: Go downloads modules from tags.
  await writeArchive(path.join(out, `ucloudredis-go-${version}.tar.gz`), {
    folder: path.join(source, "sdk", "go", "ucloudredis"),
    prefix: "ucloudredis",
    date,
  });
  // Nothing here builds the .NET SDK.
  await writeArchive(path.join(out, `PulumiUCloudRedis.UCloudRedis-${version}-sources.tar.gz`), {
    folder: path.join(source, "sdk", "dotnet"),
    prefix: "PulumiUCloudRedis.UCloudRedis",
    date,
  });
}

/** Adds the licence to the SDKs of a copy of the source that lack it, as each is a package. The repository's root has it. */
export function addLicences(source: string): void {
  for (const { language, folder, licence = "LICENSE" } of sdkFolders) {
    // The package for Node.js is the root.
    if (language === "nodejs") continue;
    const target = path.join(source, folder, licence);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(source, "LICENSE"), target);
  }
}
