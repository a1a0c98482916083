/** What to do if a file of the plugin is missing or cut, or cannot be read. Never names a path. */
export function explainLoadError(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const why = typeof code === "string" ? ` (${code})` : "";
  return `A file of the ucloud-redis plugin cannot be loaded${why}. Install the plugin again.`;
}
