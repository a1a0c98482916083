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

/** The file name of the launcher of dynamic resources. */
export const dynamicHost = `pulumi-resource-pulumi-nodejs${isWindows ? ".cmd" : ""}`;

/** What {@link addDynamicHost} writes. */
export const dynamicHostScript = isWindows ? WINDOWS : UNIX;

/**
 * Puts the launcher of dynamic resources beside a CLI that was built here: it is a part of Pulumi's distribution that
 * is no Go program. What it launches comes with the project's own `@pulumi/pulumi`.
 */
export function addDynamicHost(binFolder: string): void {
  fs.writeFileSync(path.join(binFolder, dynamicHost), dynamicHostScript, { mode: 0o755 });
}
