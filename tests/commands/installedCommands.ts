/** The programs of the package, installed in a project that has nothing but what the package needs. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { repositoryRoot } from "../../tools/repository";
import { installPackage } from "../support/installedPackage";

const PACKAGE = "pulumi-ucloud-redis";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Installs the packed package in `folder`, with its dependencies and its programs, as npm does. Nothing else
 * can be loaded: no `@pulumi/pulumi`, which is a peer, and no package for development.
 */
export async function installCommands(folder: string): Promise<void> {
  const { nodeModules: packed } = await installPackage();
  const nodeModules = path.join(folder, "node_modules");
  fs.cpSync(path.join(packed, PACKAGE), path.join(nodeModules, PACKAGE), { recursive: true });
  const manifest = JSON.parse(
    fs.readFileSync(path.join(nodeModules, PACKAGE, "package.json"), "utf8"),
  ) as Manifest;
  for (const name of Object.keys(manifest.dependencies)) {
    const target = path.join(repositoryRoot, "node_modules", name);
    fs.symlinkSync(target, path.join(nodeModules, name), "junction");
  }
  const programs = path.join(nodeModules, ".bin");
  fs.mkdirSync(programs);
  for (const [name, file] of Object.entries(manifest.bin)) {
    fs.symlinkSync(path.join("..", PACKAGE, file), path.join(programs, name));
  }
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly errors: string;
}

/** A program that runs. */
export type Started = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a program that is installed in `folder`, with these variables only, besides `PATH`. */
export function startCommand(
  folder: string,
  [name, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Started {
  return spawn(path.join(folder, "node_modules", ".bin", name), args, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Waits for the end of a program, and reads what it writes until then. */
export async function awaitEnd(child: Started): Promise<Ended> {
  const [[code, signal], out, errors] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, out, errors };
}
