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
  /** The environment in which Git finds the tree. */
  readonly env: NodeJS.ProcessEnv;
}

/** The checkout's last commit. Changes that were not committed are not in it. */
export async function committedSource(root: string): Promise<Source> {
  const [tree = "", seconds] = (await git(root, ["log", "-1", "--format=%T %ct"])).split(" ");
  return { root, tree, date: new Date(Number(seconds) * 1000), env: process.env };
}

/**
 * The checkout as it is, without the files that Git ignores. For tests, which check what is about to be committed.
 *
 * @param scratch an existing folder, in which Git keeps what is not committed. The repository is not written to
 */
export async function currentSource(root: string, scratch: string): Promise<Source> {
  const locate = (name: string): Promise<string> =>
    git(root, ["rev-parse", "--path-format=absolute", "--git-path", name]);
  const [index, objects] = [path.join(scratch, "index"), path.join(scratch, "objects")];
  fs.copyFileSync(await locate("index"), index);
  fs.mkdirSync(objects);
  const env = {
    ...process.env,
    GIT_INDEX_FILE: index,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: await locate("objects"),
  };
  await git(root, ["add", "--all"], env);
  const tree = await git(root, ["write-tree"], env);
  return { ...(await committedSource(root)), tree, env };
}

/** Git's ids of files and folders of a source: they are equal if their contents are. */
export async function identifyParts({ root, tree, env }: Source, parts: readonly string[]): Promise<string> {
  return git(root, ["ls-tree", tree, ...parts], env);
}

/** Whether the checkout has changes, also in files that Git does not know yet. */
export async function hasChanges(root: string): Promise<boolean> {
  return (await git(root, ["status", "--porcelain"])) !== "";
}

/**
 * Writes the files of a source into an empty folder, and links the checkout's packages and its SDK generator, so that the
 * copy's own tools run there.
 */
export async function exportSource({ root, tree, env }: Source, folder: string): Promise<void> {
  const archive = path.join(folder, "source.tar");
  await git(root, ["archive", "--format=tar", `--output=${archive}`, tree], env);
  await extract({ cwd: folder, file: archive });
  fs.rmSync(archive);
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  // Its folders are named after digests of what they were built from.
  const programs = path.join(root, ".cache", "sdkgen");
  fs.mkdirSync(programs, { recursive: true });
  fs.mkdirSync(path.join(folder, ".cache"));
  fs.symlinkSync(programs, path.join(folder, ".cache", "sdkgen"), "junction");
}

async function git(root: string, args: readonly string[], env = process.env): Promise<string> {
  const { code, stdout, stderr } = await runCommand("git", args, { cwd: root, env });
  if (code !== 0) throw new Error(`git ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}
