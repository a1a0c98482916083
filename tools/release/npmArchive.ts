import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { writeArchive } from "./archive";
import { runNpm } from "./npm";
import type { PackageOptions } from "./packageOptions";

/**
 * Packs a built copy of the source as npm does, and packs the result again, so that its bytes do not depend on npm's version
 * and on the machine.
 */
export async function makeNpmArchive(options: PackageOptions): Promise<void> {
  const folder = fs.mkdtempSync(path.join(options.scratch, "npm-"));
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const packed = JSON.parse(await runNpm(args, { cwd: options.source })) as { filename: string }[];
  const name = packed[0]?.filename ?? "";
  const unpacked = path.join(folder, "unpacked");
  fs.mkdirSync(unpacked);
  await extract({ cwd: unpacked, file: path.join(folder, name), strip: 1 });
  const file = path.join(options.out, name);
  await writeArchive(file, { folder: unpacked, prefix: "package", date: options.date });
  fs.rmSync(folder, { recursive: true });
}
