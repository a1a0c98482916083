import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { repositoryRoot } from "../../tools/repository";

/** A project in its own folder. */
export interface YamlProject {
  readonly folder: string;
  remove(): void;
}

/** Writes a YAML project that uses the built plugin. */
export function writeYamlProject(program: object): YamlProject {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "project-"));
  const plugins = { providers: [{ name: "ucloud-redis", path: path.join(repositoryRoot, "bin") }] };
  const project = { name: "faults", runtime: "yaml", plugins, ...program };
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), stringify(project, { aliasDuplicateObjects: false }));
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
