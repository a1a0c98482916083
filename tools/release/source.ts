import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { runCommand } from "../childProcess";

/** A state of the repository, of which a release is made. */
export interface Source {
  /** The repository's checkout. */
  readonly root: string;
  /** Git's id of a commit or tree. */
  readonly tree: string;
  /** The time of the checkout's last commit, which all files of a release get. */
  readonly date: Date;
}

/** The checkout's last commit. Changes that were not committed are not in it. */
export async function committedSource(root: string): Promise<Source> {
  const [tree = "", seconds] = (await git(root, ["log", "-1", "--format=%T %ct"])).split(" ");
  return { root, tree, date: new Date(Number(seconds) * 1000) };
}

/**
 * The checkout as it is, without the files that Git ignores. For tests, which check what is about to be committed.
 *
 * @param scratch a folder for Git's temporary index
 */
export async function currentSource(root: string, scratch: string): Promise<Source> {
  const index = path.join(scratch, "index");
  fs.copyFileSync(await git(root, ["rev-parse", "--path-format=absolute", "--git-path", "index"]), index);
  const env = { ...process.env, GIT_INDEX_FILE: index };
  await git(root, ["add", "--all"], env);
  const tree = await git(root, ["write-tree"], env);
  return { ...(await committedSource(root)), tree };
}

/** Whether the checkout has changes, also in files that Git does not know yet. */
export async function hasChanges(root: string): Promise<boolean> {
  return (await git(root, ["status", "--porcelain"])) !== "";
}

/**
 * Writes the files of a source into an empty folder, and links the checkout's packages and built programs, so that the
 * copy's own tools run there.
 */
export async function exportSource({ root, tree }: Source, folder: string): Promise<void> {
  const archive = path.join(folder, "source.tar");
  await git(root, ["archive", "--format=tar", `--output=${archive}`, tree]);
  await extract({ cwd: folder, file: archive });
  fs.rmSync(archive);
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  const cache = path.join(root, ".cache");
  fs.mkdirSync(path.join(folder, ".cache"));
  // Everything in the cache has a name with a digest of its inputs, except for the mark of the last build.
  for (const entry of fs.readdirSync(cache, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    fs.symlinkSync(path.join(cache, entry.name), path.join(folder, ".cache", entry.name), "junction");
  }
}

async function git(root: string, args: readonly string[], env = process.env): Promise<string> {
  const { code, stdout, stderr } = await runCommand("git", args, { cwd: root, env });
  if (code !== 0) throw new Error(`git ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}
