import fs from "node:fs";
import path from "node:path";

const isWindows = process.platform === "win32";

const UNIX = `#!/bin/sh
# Serves dynamic resources, as the launcher of the same name in Pulumi's own distribution does.
exec node -e 'require(require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd(), ...(process.env.NODE_PATH || "").split(":")] }))' dynamic "$@"
`;
const WINDOWS = `@echo off
node -e "require(require.resolve('@pulumi/pulumi/cmd/dynamic-provider', { paths: [process.cwd(), ...(process.env.NODE_PATH || '').split(';')] }))" dynamic %*
`;

/** The file name of the launcher for dynamic resources. */
export const dynamicHost = `pulumi-resource-pulumi-nodejs${isWindows ? ".cmd" : ""}`;

/** The text of that launcher. */
export const dynamicHostScript = isWindows ? WINDOWS : UNIX;

/**
 * Writes the launcher for dynamic resources beside a CLI that was built here. It belongs to Pulumi's
 * distribution, but is no Go program. It starts code of the project's own `@pulumi/pulumi`.
 */
export function addDynamicHost(binFolder: string): void {
  fs.writeFileSync(path.join(binFolder, dynamicHost), dynamicHostScript, { mode: 0o755 });
}
