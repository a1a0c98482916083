/** The built plugin as the engine starts it: an own process, spoken to over gRPC. Run `npm run build` first. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PluginClient } from "./pluginClient";

const BIN = path.join(__dirname, "..", "..", "bin");
const isWindows = process.platform === "win32";

/** What starts the plugin. */
export const EXECUTABLE = path.join(BIN, `pulumi-resource-ucloud-redis${isWindows ? ".cmd" : ""}`);
const BUNDLE = path.join(BIN, "pulumi-resource-ucloud-redis.cjs");

/** How a plugin is started. */
export interface PluginOptions {
  /** The command line: flags, then the engine's address. @default none, as when it is started by hand */
  readonly args?: readonly string[];
  /** Environment variables besides `PATH` and the home folder; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the home folder, by their paths in it, such as `.ucloud/config.json`. @default an empty home */
  readonly homeFiles?: Readonly<Record<string, string>>;
  /** What its standard input is: open to nobody, or at its end from the start. @default "open" */
  readonly stdin?: "open" | "closed";
  /** What starts it. @default {@link EXECUTABLE} */
  readonly executable?: string;
  /** What the provider is configured with at once. @default it is not configured */
  readonly settings?: object;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A plugin that serves. */
export interface PluginProcess extends PluginClient {
  readonly pid: number;
  readonly port: number;
  /** Everything it wrote so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Resolves when it has ended, whyever. */
  readonly exited: Promise<Exit>;
  /** Its home folder, which goes with it. */
  readonly home: string;
  /** Ends it, unless it has ended, and waits for that. May be called twice. */
  stop(): Promise<void>;
}

/** Fails with what to do about it unless the plugin was built. */
export function requireBuild(): void {
  assert.ok(fs.existsSync(BUNDLE), `${BUNDLE} is missing; run \`npm run build\` before the tests`);
}

/** An environment in which nothing of this machine's settings is left. */
export function createCleanEnv(home: string, env: PluginOptions["env"] = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: home, USERPROFILE: home, ...env };
}

/**
 * Starts the plugin and waits for its port. Stop it after the test.
 *
 * @throws when the build is missing, or the plugin ends or writes anything but a port
 */
export async function startPlugin(options: PluginOptions = {}): Promise<PluginProcess> {
  requireBuild();
  const home = createHome(options.homeFiles);
  const child = spawn(options.executable ?? EXECUTABLE, options.args ?? [], {
    env: createCleanEnv(home, options.env),
    cwd: home,
    stdio: [options.stdin === "closed" ? "ignore" : "pipe", "pipe", "pipe"],
    shell: isWindows,
  });
  const { stdout, stderr } = child;
  assert.ok(stdout && stderr);
  const output = { stdout: "", stderr: "" };
  stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const removeHome = (): void => fs.rmSync(home, { recursive: true, force: true });

  let port: number;
  try {
    port = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      stdout.setEncoding("utf8").on("data", (text: string) => {
        output.stdout += text;
        if (/^\d+\r?\n/.test(output.stdout)) resolve(Number.parseInt(output.stdout));
        else if (output.stdout.includes("\n")) reject(new Error(`not a port: ${output.stdout}`));
      });
      void exited.then(({ code, signal }) => {
        reject(new Error(`the plugin ended (${signal ?? code ?? ""}): ${output.stdout}${output.stderr}`));
      });
    });
  } catch (error) {
    child.kill("SIGKILL");
    removeHome();
    throw error;
  }

  const client = new PluginClient(port);
  const plugin = Object.assign(client, {
    pid: child.pid ?? 0,
    port,
    output,
    exited,
    home,
    async stop() {
      client.close();
      child.kill("SIGKILL");
      await exited;
      removeHome();
    },
  });
  if (options.settings !== undefined) {
    await plugin.configure(options.settings).catch(async (error: unknown) => {
      await plugin.stop();
      throw error;
    });
  }
  return plugin;
}

function createHome(files: PluginOptions["homeFiles"] = {}): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "plugin home-"));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(home, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  return home;
}
