import path from "node:path";

/** The repository's root folder. */
export const repositoryRoot = path.dirname(__dirname);

/** The folder, ignored by Git, for everything that these tools keep. It may be deleted at any time. */
export const cacheRoot = path.join(repositoryRoot, ".cache");
