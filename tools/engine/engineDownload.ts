import path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import { watchParent } from "../../provider/plugin/parentWatch";
import { runCommand } from "../childProcess";
import { repositoryRoot } from "../repository";

const site = "https://get.pulumi.com/install.sh";
const probeMs = 5_000;
const installMs = 240_000;

/** Whether the vendor's site answers in time. @default within 5 seconds */
export async function isSiteReachable(url = site, timeoutMs = probeMs): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(timeoutMs) });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Installs the official Pulumi CLI into `folder` through the Automation API.
 *
 * @param options.timeoutMs @default 4 minutes, about as long as building takes
 * @throws if that fails or takes longer
 */
export async function downloadEngine(
  version: string,
  folder: string,
  { timeoutMs = installMs }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  // In another process, because the Automation API's installer has no timeout.
  const { code, stderr } = await runCommand(
    process.execPath,
    ["-r", "ts-node/register", __filename, version, folder],
    { cwd: repositoryRoot, timeoutMs, isGroup: true },
  );
  if (code === null) throw new Error(`the download took more than ${timeoutMs / 1000} s`);
  if (code !== 0) throw new Error(stderr.split("\n").slice(-5).join("\n"));
}

if (require.main === module) {
  const [version, folder] = process.argv.slice(2);
  if (!version || !folder) throw new Error(`usage: ${path.basename(__filename)} VERSION FOLDER`);
  // The installer starts processes of its own. They are in this process group, and end with it.
  if (process.platform !== "win32") watchParent(() => process.kill(0, "SIGKILL"));
  PulumiCommand.install({ version: new SemVer(version), root: folder }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
