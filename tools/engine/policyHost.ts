import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { ensureCacheFolder } from "../cacheFolder";
import type { Engine } from "./engine";
import { programs } from "./engineBuild";
import { cacheRoot } from "../repository";

/** The program that a CLI without a Node.js host starts for a policy pack of Node.js. */
const LAUNCHER = "pulumi-analyzer-policy-nodejs";

const UNIX = `#!/bin/sh
# The working directory is the policy pack's. The arguments are the engine's address and the pack.
exec node -e 'require(require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [process.cwd()] }))' policy "$@"
`;

/** A CLI that runs policy packs, and the environment variables that it needs for that. */
export interface PolicyEngine {
  readonly engine: Engine;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns a CLI that runs policy packs written for Node.js: the given one, unless it was built here. The
 * Node.js host that can be built refuses to run them, as it is too old. Where there is no Node.js host at all,
 * the CLI starts a program on PATH for them. So the result is a folder with the CLI, its YAML host and that
 * program. Its stacks must be YAML.
 */
export async function ensurePolicyEngine(engine: Engine): Promise<PolicyEngine> {
  if (engine.source !== "built") return { engine, env: {} };
  const digest = createHash("sha256").update(UNIX).update(engine.root).digest("hex").slice(0, 12);
  const root = await ensureCacheFolder({
    folder: path.join(cacheRoot, "pulumi", `policy-${digest}`),
    fill(unfinished) {
      const bin = path.join(unfinished, "bin");
      fs.mkdirSync(bin);
      for (const name of [programs.cli, programs.yamlHost]) {
        fs.linkSync(path.join(engine.root, "bin", name), path.join(bin, name));
      }
      fs.writeFileSync(path.join(bin, LAUNCHER), UNIX, { mode: 0o755 });
      return Promise.resolve();
    },
  });
  const bin = path.join(root, "bin");
  return {
    engine: { ...engine, root, command: path.join(bin, programs.cli) },
    env: { PATH: bin + path.delimiter + (process.env.PATH ?? "") },
  };
}
