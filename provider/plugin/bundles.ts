/** The files that the plugin consists of, each loaded when it is needed; tools/build.ts makes them. */

import fs from "node:fs";
import { Module } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { type CodeCache, type CodeKey, createCodeKey } from "./codeCache";

const PREFIX = "pulumi-resource-ucloud-redis-";
/** Modules of Node.js that the transport names when it is loaded, and uses for compressed messages and as a client. */
const SELDOM_USED: readonly string[] = ["zlib", "dns"];

/** What each bundle exports. */
interface BundleExports {
  /** The server, which the first answer needs. */
  readonly transport: typeof import("./transport");
  /** What answers all other calls. */
  readonly provider: typeof import("./calls");
  /** What makes traces, if they are asked for. */
  readonly tracing: typeof import("./spanExport");
}

/** The name of a bundle. */
export type BundleName = keyof BundleExports;

/** A bundle that runs, and whose compiled code is not kept yet. */
interface Unkept {
  readonly key: CodeKey;
  readonly script: Script;
}

type Evaluate = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

/** Loads bundles, with the code that an earlier plugin compiled if there is any. */
export class Bundles {
  readonly #loaded = new Map<BundleName, unknown>();
  readonly #unkept = new Map<BundleName, Unkept>();

  constructor(
    private readonly options: {
      /** Where the bundles are. */
      readonly folder: string;
      /** Loads modules of Node.js. */
      readonly require: (id: string) => object;
      /** Undefined: everything is compiled, and nothing kept. */
      readonly cache: CodeCache | undefined;
    },
  ) {}

  /** Runs a bundle once. */
  load<Name extends BundleName>(name: Name): BundleExports[Name] {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#run(name));
    return this.#loaded.get(name) as BundleExports[Name];
  }

  /** Keeps the code of these bundles for the next plugin, as far as it is compiled by now. */
  keepCode(names: readonly BundleName[]): void {
    for (const name of names) {
      const unkept = this.#unkept.get(name);
      if (unkept === undefined) continue;
      this.#unkept.delete(name);
      this.options.cache?.write(unkept.key, () => unkept.script.createCachedData());
    }
  }

  #run(name: BundleName): unknown {
    const { folder, cache } = this.options;
    const file = path.join(folder, `${PREFIX}${name}.cjs`);
    const source = fs.readFileSync(file);
    const key = createCodeKey(name, source);
    const cachedData = cache?.read(key);
    // The build leaves only ASCII in bundles. One byte a character takes half the memory of two.
    const script = new Script(Module.wrap(source.toString("latin1")), { filename: file, cachedData });
    if (cachedData === undefined || script.cachedDataRejected === true)
      this.#unkept.set(name, { key, script });
    const module = { exports: {} };
    const evaluate = script.runInThisContext() as Evaluate;
    evaluate.call(module.exports, module.exports, (id) => this.#resolve(id, name), module, file, folder);
    return module.exports;
  }

  /** What a bundle requires: another one, the library that the transport shares, or a module of Node.js. */
  #resolve(id: string, name: BundleName): unknown {
    if (id === "@grpc/grpc-js") return this.load("transport").grpc;
    if (id === `./${PREFIX}tracing.cjs`) return this.load("tracing");
    const { require } = this.options;
    return name === "transport" && SELDOM_USED.includes(id) ? loadLate(() => require(id)) : require(id);
  }
}

/** A module that is loaded when something of it is used. */
function loadLate(load: () => object): object {
  return new Proxy({}, { get: (_, name) => Reflect.get(load(), name) as unknown });
}
