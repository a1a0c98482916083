import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type ConfigMap,
  LocalWorkspace,
  PulumiCommand,
  type PulumiFn,
  Stack,
} from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { type Engine, ensureEngine } from "./engine";
import { repositoryRoot } from "../repository";

/** A stack on the real engine, in a temporary folder. */
export interface EngineStack {
  readonly stack: Stack;
  /** The folder that holds its project, its state and everything else of it. */
  readonly folder: string;
  /** Removes the folder. */
  readonly remove: () => void;
}

/** Which project to run, and with which settings. */
export interface EngineStackOptions {
  /** @default the one that {@link ensureEngine} makes available */
  readonly engine?: Engine;
  /** The folder whose Pulumi.yaml describes the project. @default the repository's root */
  readonly projectFolder?: string;
  /** A Node.js program, which runs in this process. @default the YAML program in Pulumi.yaml */
  readonly program?: PulumiFn;
  /**
   * Instead of these two: writes a whole project below the stack's folder, and returns the project's folder.
   * It runs on the language host that its Pulumi.yaml names, as a user's project does.
   */
  readonly layOut?: (folder: string) => string;
  /** Stack config, with the namespace in each key. */
  readonly config: ConfigMap;
  /** Environment variables for the engine and the plugins. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Creates a stack with a local file backend. It writes nothing outside a temporary folder. Relative paths of
 * plugins in the project's Pulumi.yaml stay valid.
 */
export async function createEngineStack(options: EngineStackOptions): Promise<EngineStack> {
  const { projectFolder = repositoryRoot, program, layOut, config, env = {} } = options;
  const engine = options.engine ?? (await ensureEngine());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ucloud-redis-"));
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true });
  try {
    const pulumiCommand = await findCommand(engine.root);
    const state = path.join(folder, "state");
    fs.mkdirSync(state);
    if (layOut === undefined) fs.writeFileSync(path.join(folder, "Pulumi.yaml"), moveProject(projectFolder));
    const workspace = await LocalWorkspace.create({
      workDir: layOut?.(folder) ?? folder,
      pulumiHome: path.join(folder, "home"),
      pulumiCommand,
      ...(program === undefined ? {} : { program }),
      envVars: {
        PULUMI_BACKEND_URL: `file://${state.replaceAll("\\", "/")}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-this-temporary-stack",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...shieldEnvironment(),
        ...env,
      },
    });
    const stack = await Stack.create("demo", workspace);
    await stack.setAllConfig(config);
    return { stack, folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

const commands = new Map<string, Promise<PulumiCommand>>();

/** The CLI below `root`. Its version is asked for once, which takes a process. */
function findCommand(root: string): Promise<PulumiCommand> {
  const known = commands.get(root) ?? PulumiCommand.get({ root });
  commands.set(root, known);
  return known;
}

/** Variables that hide the user's account and proxy. The plugin ignores an empty variable. */
export function shieldEnvironment(): Record<string, string> {
  const own = Object.keys(process.env).filter((name) => name.startsWith("UCLOUD_"));
  return {
    ...Object.fromEntries(own.map((name) => [name, ""])),
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
}

interface ProjectFile {
  main?: string;
  plugins?: { providers?: { name: string; path: string }[] };
}

/** The text of a folder's Pulumi.yaml, changed so that it works in another folder. */
function moveProject(folder: string): string {
  const project = parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")) as ProjectFile;
  // The program is in this process, or in the project file itself.
  delete project.main;
  for (const provider of project.plugins?.providers ?? [])
    provider.path = path.resolve(folder, provider.path);
  return stringify(project);
}
