import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../tools/repository";

const leftOut =
  /(^|[\\/])(node_modules|dist|\.cache|\.git|__pycache__)$|^bin[\\/](.*\.(cjs|map)|THIRD_PARTY_NOTICES)$|\.(tgz|log)$|^Pulumi\.\w+\.yaml$/;

/** Every file below `folder` that Git would keep, by its path from the repository's root, with slashes. */
export function listCommittedFiles(folder = ""): string[] {
  return fs.readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (leftOut.test(name)) return [];
    if (entry.isDirectory()) return listCommittedFiles(name);
    return entry.isFile() ? [name.replaceAll("\\", "/")] : [];
  });
}
