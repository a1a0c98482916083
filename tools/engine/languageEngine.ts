import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { ensureCacheFolder } from "../cacheFolder";
import { type Engine, type EngineParts, type EngineSource, findEngine, isProgram, realParts } from "./engine";
import type { Build } from "./engineBuild";
import { assembleLanguages, buildLanguageHosts, languageHosts, languageHostsDigest } from "./languageHosts";

/** Everything that the choice of an engine for all languages depends on. Tests replace single parts. */
export interface LanguageEngineParts extends EngineParts {
  /** Builds the hosts for Go, Python and Java into a folder. */
  readonly buildLanguageHosts: Build;
}

const allSources: readonly EngineSource[] = ["path", "cache", "download", "build"];

/**
 * As `ensureEngine`, with the language hosts for Go, Python and Java beside the CLI, too. The official CLI has
 * them. For one that was built here they are built as well, which takes about 2 minutes. The CLI on PATH is
 * not used unless all of them are beside it.
 *
 * @throws if no source works; the message says what to install
 */
export async function ensureLanguageEngine(options: Partial<LanguageEngineParts> = {}): Promise<Engine> {
  const engine = await findLanguageEngine(allSources, options);
  if (engine) return engine;
  const { environment } = { ...realParts, ...options };
  throw new Error(
    `ENGINE_SOURCE=${environment.ENGINE_SOURCE} has no Pulumi CLI with hosts for all languages`,
  );
}

/**
 * As {@link ensureLanguageEngine}, but from some of the sources only. Nothing is built unless `build` is one
 * of them. Returns undefined if none has such an engine.
 */
export async function findLanguageEngine(
  sources: readonly EngineSource[],
  options: Partial<LanguageEngineParts> = {},
): Promise<Engine | undefined> {
  const parts: LanguageEngineParts = { ...realParts, buildLanguageHosts, ...options };
  const only = parts.environment.ENGINE_SOURCE;
  const builds = sources.includes("build") && (!only || only === "build");
  for (const source of sources) {
    const engine = await findEngine([source], parts);
    if (!engine) continue;
    const missing = listMissing(path.dirname(engine.command));
    if (missing.length === 0) return engine;
    if (source === "path") {
      parts.log(`not using ${engine.command} for all languages: not beside it: ${missing.join(", ")}`);
      continue;
    }
    const root = path.join(parts.cacheFolder, nameFolder(engine));
    if (builds) {
      await ensureCacheFolder({
        folder: root,
        fill: (folder) => assembleLanguages({ ...parts, folder, engineRoot: engine.root }),
        onWait: () => parts.log("waiting for another process that is putting the language hosts together"),
      });
    }
    if (fs.existsSync(root)) {
      return { ...engine, root, command: path.join(root, "bin", path.basename(engine.command)) };
    }
  }
  return undefined;
}

function listMissing(folder: string): readonly string[] {
  return languageHosts.filter((name) => !isProgram(path.join(folder, name)));
}

function nameFolder({ root, version }: Engine): string {
  const digest = createHash("sha256")
    .update(`${path.basename(root)} ${languageHostsDigest}`)
    .digest("hex");
  return `all-languages-v${version}-${digest.slice(0, 12)}`;
}
