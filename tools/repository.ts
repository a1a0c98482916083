import path from "node:path";

/** The repository's root folder. */
export const repositoryRoot = path.dirname(__dirname);

/** The git-ignored folder for everything these tools keep; deleting it costs only time. */
export const cacheRoot = path.join(repositoryRoot, ".cache");
