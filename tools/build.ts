import fs from "node:fs";
import path from "node:path";
import { build as bundle, type Metafile, type Plugin } from "esbuild";
import { withLock } from "./cacheFolder";
import { runCommand } from "./childProcess";
import { digestFiles } from "./fileTree";
import { createNotices } from "./notices";
import { cacheRoot, repositoryRoot } from "./repository";

/** Everything that the outputs depend on, relative to the root. */
const inputs = [
  "provider",
  "sdk",
  "simulator",
  "tools/build.ts",
  "tools/notices.ts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  // Changes with the installed packages.
  "node_modules/.package-lock.json",
];
/** What the plugin loads only where traces are asked for. */
const TRACING_BUNDLE = "pulumi-resource-ucloud-redis-tracing.cjs";
/** The plugin's bundles in `bin/`: what starts, and what that loads when it is needed (see provider/plugin/bundles.ts). */
const BUNDLES: readonly Bundle[] = [
  { file: "pulumi-resource-ucloud-redis.cjs", entry: "provider/index.ts", external: [] },
  { file: "pulumi-resource-ucloud-redis-transport.cjs", entry: "provider/plugin/transport.ts", external: [] },
  // The library of gRPC is in the transport only.
  {
    file: "pulumi-resource-ucloud-redis-provider.cjs",
    entry: "provider/plugin/calls.ts",
    external: ["@grpc/grpc-js"],
  },
  {
    file: TRACING_BUNDLE,
    entry: "provider/plugin/spanExport.ts",
    external: ["@grpc/grpc-js"],
  },
];
const NOTICES = "THIRD_PARTY_NOTICES";
/** The files of `bin/`, beside a launcher, that the plugin consists of wherever it is installed. */
export const PLUGIN_FILES: readonly string[] = [
  ...BUNDLES.map(({ file }) => file),
  "startPlugin.cjs",
  NOTICES,
];
const made = [...BUNDLES.map(({ file }) => file), NOTICES];
const outputs = [...made.map((file) => `bin/${file}`), "dist"];

/** A file that esbuild makes of some modules. */
interface Bundle {
  readonly file: string;
  readonly entry: string;
  /** The packages that are given to it when it runs. */
  readonly external: readonly string[];
}

/**
 * Builds what is published, in `root`: the plugin's bundles, its third-party notices, and the SDK, the
 * dynamic twin, the commands and the simulator in `dist/`. Does nothing when the build is up to date. Concurrent builds
 * take turns.
 *
 * @returns whether it built anything
 */
export async function build(root: string, cache: string): Promise<boolean> {
  return withLock(path.join(cache, "build.lock"), async () => {
    if (isBuilt(root, cache)) return false;
    const inputDigest = digest(root, inputs);
    const unfinished = fs.mkdtempSync(path.join(cache, "build-"));
    try {
      const [metafile] = await Promise.all([
        bundlePlugin(root, unfinished),
        compilePackage(root, unfinished),
      ]);
      fs.writeFileSync(path.join(unfinished, NOTICES), createNotices(root, metafile));
      for (const file of made) replace(path.join(unfinished, file), path.join(root, "bin", file));
      replace(path.join(unfinished, "dist"), path.join(root, "dist"));
    } finally {
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
    fs.writeFileSync(getStampFile(cache), `${inputDigest} ${digest(root, outputs)}`);
    return true;
  });
}

/** Whether neither inputs nor outputs have changed since the last build. */
export function isBuilt(root: string, cache: string): boolean {
  const stampFile = getStampFile(cache);
  if (!fs.existsSync(stampFile)) return false;
  return fs.readFileSync(stampFile, "utf8") === `${digest(root, inputs)} ${digest(root, outputs)}`;
}

function getStampFile(cache: string): string {
  return path.join(cache, "build-stamp");
}

function digest(root: string, paths: readonly string[]): string {
  return digestFiles(paths.map((each) => path.join(root, each)));
}

/**
 * Bundles the plugin and the packages it uses into a few files, so that it needs nothing but `node`, wherever it
 * is. What starts is small, and what few calls need is a file of its own, so that nobody waits until it is parsed.
 *
 * @returns which files went into them
 */
export async function bundlePlugin(
  root: string,
  folder: string,
  { minify = true }: { readonly minify?: boolean } = {},
): Promise<Metafile> {
  const files = await Promise.all(BUNDLES.map((each) => bundleFile(root, { ...each, folder, minify })));
  return {
    inputs: Object.assign({}, ...files.map(({ inputs }) => inputs)) as Metafile["inputs"],
    outputs: Object.assign({}, ...files.map(({ outputs }) => outputs)) as Metafile["outputs"],
  };
}

async function bundleFile(
  root: string,
  { file, entry, external, folder, minify }: Bundle & { readonly folder: string; readonly minify: boolean },
): Promise<Metafile> {
  const outfile = path.join(folder, file);
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify,
    // Never loaded here, but parsing them would slow each start down: gRPC's own statistics service, and web
    // streams for a Node.js without them.
    external: ["@grpc/proto-loader", "web-streams-polyfill", ...external],
    plugins: [leaveTracingOut],
    // THIRD_PARTY_NOTICES has the whole licences.
    legalComments: "none",
    // The plugin runs bundles itself, and gives them `require` only.
    supported: { "dynamic-import": false },
    charset: "ascii",
    logLevel: "warning",
    metafile: true,
  });
  // The plugin reads one byte as one character.
  if (/[^\0-\x7f]/.test(fs.readFileSync(outfile, "utf8"))) throw new Error(`${file} is not ASCII`);
  return metafile;
}

/** Makes the plugin's `require` of the tracing module one of the file beside it. */
const leaveTracingOut: Plugin = {
  name: "leave tracing out",
  setup(build) {
    build.onResolve({ filter: /^\.\/spanExport$/ }, () => ({ path: `./${TRACING_BUNDLE}`, external: true }));
  },
};

/** Compiles what goes into `dist/`: JavaScript, and types. */
async function compilePackage(root: string, folder: string): Promise<void> {
  const dist = path.join(folder, "dist");
  const compiler = require.resolve("typescript/lib/tsc.js");
  const { code, stdout } = await runCommand(
    process.execPath,
    [compiler, "-p", "tsconfig.build.json", "--outDir", dist, "--pretty", "false"],
    { cwd: root },
  );
  if (code !== 0) throw new Error(`tsc failed:\n${stdout}`);
  // The generated getVersion() reads the package.json beside it.
  const { name, version, bin } = readPackage(path.join(root, "package.json"));
  const packageFile = path.join(dist, "sdk", "nodejs", "package.json");
  fs.writeFileSync(packageFile, `${JSON.stringify({ name, version }, undefined, 2)}\n`);
  for (const program of bin) fs.chmodSync(path.join(folder, program), 0o755);
}

/** What `package.json` says. `bin` has the files of the programs. */
function readPackage(file: string): { name: unknown; version: unknown; bin: string[] } {
  const content: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null) throw new Error(`${file} holds no object`);
  const { name, version, bin = {} } = content as { name?: unknown; version?: unknown; bin?: object };
  return { name, version, bin: Object.values(bin).map(String) };
}

/** Replaces `to` by renaming, so that no other process reads half a file. */
function replace(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  if (fs.statSync(from).isDirectory()) fs.rmSync(to, { recursive: true, force: true });
  fs.renameSync(from, to);
}

if (require.main === module) {
  build(repositoryRoot, cacheRoot).then(
    // Not on standard output: `npm pack`, which runs the build, prints the name of its file there.
    (isNew) => console.error(isNew ? `built ${outputs.join(" and ")}` : "the build is up to date"),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
