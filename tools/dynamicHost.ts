import fs from "node:fs";
import path from "node:path";

const UNIX = `#!/bin/sh
# Serves dynamic resources, as the launcher of the same name in Pulumi's own distribution does.
exec node -e 'require(require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd(), ...(process.env.NODE_PATH || "").split(":")] }))' dynamic "$@"
`;
const WINDOWS = `@echo off
node -e "require(require.resolve('@pulumi/pulumi/cmd/dynamic-provider', { paths: [process.cwd(), ...(process.env.NODE_PATH || '').split(';')] }))" dynamic %*
`;

/**
 * Puts the launcher of dynamic resources beside a CLI that was built here: it is a part of Pulumi's distribution that
 * is no Go program. What it launches comes with the project's own `@pulumi/pulumi`.
 */
export function addDynamicHost(binFolder: string): void {
  const isWindows = process.platform === "win32";
  const file = path.join(binFolder, `pulumi-resource-pulumi-nodejs${isWindows ? ".cmd" : ""}`);
  if (fs.existsSync(file)) return;
  // Renamed into place, so that nobody starts half of it.
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, isWindows ? WINDOWS : UNIX, { mode: 0o755 });
  fs.renameSync(unfinished, file);
}
