/**
 * The built plugin as the engine starts it: a process of its own, called over gRPC. Run `npm run build`
 * first.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { EXECUTABLE, type SpawnedPlugin, type SpawnOptions, spawnPlugin } from "../../tools/pluginProcess";
import { PluginClient } from "./pluginClient";

export { EXECUTABLE, type Exit } from "../../tools/pluginProcess";

const BUNDLE = path.join(path.dirname(EXECUTABLE), "pulumi-resource-ucloud-redis.cjs");

/** How a plugin is started. */
export interface PluginOptions extends Pick<SpawnOptions, "args" | "stdin" | "executable"> {
  /** Environment variables besides `PATH` and the home folder; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the home folder, by their paths in it, such as `.ucloud/config.json`. @default an empty home */
  readonly homeFiles?: Readonly<Record<string, string>>;
  /** The settings for an immediate Configure. @default the provider is not configured */
  readonly settings?: object;
}

/** A running plugin. */
export interface PluginProcess extends PluginClient, SpawnedPlugin {
  /** Its home folder, which is removed with it. */
  readonly home: string;
}

/** Fails with instructions unless the plugin was built. */
export function requireBuild(): void {
  assert.ok(fs.existsSync(BUNDLE), `${BUNDLE} is missing; run \`npm run build\` before the tests`);
}

/** An environment without any of this machine's settings. */
export function createCleanEnv(home: string, env: PluginOptions["env"] = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: home, USERPROFILE: home, ...env };
}

/**
 * Starts the plugin and waits for its port. Stop it after the test.
 *
 * @throws if the build is missing, or the plugin exits or prints anything but a port
 */
export async function startPlugin(options: PluginOptions = {}): Promise<PluginProcess> {
  requireBuild();
  const { args, stdin, executable, settings } = options;
  const home = createHome(options.homeFiles);
  const removeHome = (): void => fs.rmSync(home, { recursive: true, force: true });
  const env = createCleanEnv(home, options.env);
  const spawned = await spawnPlugin({ args, stdin, executable, env, cwd: home }).catch((error: unknown) => {
    removeHome();
    throw error;
  });
  const client = new PluginClient(spawned.port);
  const plugin = Object.assign(client, spawned, {
    home,
    async stop() {
      client.close();
      await spawned.stop();
      removeHome();
    },
  });
  if (settings !== undefined) {
    await plugin.configure(settings).catch(async (error: unknown) => {
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
