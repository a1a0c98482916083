import fs from "node:fs";
import path from "node:path";
import { build as bundle, type Metafile } from "esbuild";
import { withLock } from "./cacheFolder";
import { runCommand } from "./childProcess";
import { digestFiles } from "./fileTree";
import { createNotices } from "./notices";
import { cacheRoot, repositoryRoot } from "./repository";

/** Everything the outputs are made from, from the repository's root; the last stands for the installed packages. */
const inputs = [
  ...[
    "provider",
    "sdk",
    "simulator",
    "tools/build.ts",
    "tools/notices.ts",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
  ],
  "node_modules/.package-lock.json",
];
const bundleFile = "bin/pulumi-resource-ucloud-redis.cjs";
const noticesFile = "bin/THIRD_PARTY_NOTICES";
const outputs = [bundleFile, noticesFile, "dist"];

/**
 * Builds what is published, in `root`: the plugin as one file with its notices, and the SDK and simulator in `dist/`. Does nothing when
 * neither inputs nor outputs have changed since the last build; several at once take turns.
 * @returns whether there was anything to do.
 */
export async function build(root: string, cache: string): Promise<boolean> {
  const digest = (paths: readonly string[]) => digestFiles(paths.map((each) => path.join(root, each)));
  const stampFile = path.join(cache, "build-stamp");
  return withLock(path.join(cache, "build.lock"), undefined, async () => {
    const inputDigest = digest(inputs);
    const stamp = fs.existsSync(stampFile) ? fs.readFileSync(stampFile, "utf8") : "";
    if (stamp === `${inputDigest} ${digest(outputs)}`) return false;
    const unfinished = fs.mkdtempSync(path.join(cache, "build-"));
    try {
      const [metafile] = await Promise.all([
        bundlePlugin(root, path.join(unfinished, "plugin.cjs")),
        compilePackage(root, unfinished),
      ]);
      fs.writeFileSync(path.join(unfinished, "notices"), createNotices(root, metafile));
      replace(path.join(unfinished, "notices"), path.join(root, noticesFile));
      replace(path.join(unfinished, "plugin.cjs"), path.join(root, bundleFile));
      replace(path.join(unfinished, "dist"), path.join(root, "dist"));
    } finally {
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
    fs.writeFileSync(stampFile, `${inputDigest} ${digest(outputs)}`);
    return true;
  });
}

/**
 * The plugin and all it needs in one file, so that it starts with nothing but `node`, from anywhere.
 * @returns what went into it.
 */
export async function bundlePlugin(
  root: string,
  outfile: string,
  { minify = true }: { readonly minify?: boolean } = {},
): Promise<Metafile> {
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: ["provider/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify,
    // Fallbacks that are never loaded here, yet would take their time to read at each start: what serves gRPC's own
    // statistics, and web streams for a Node.js that lacks them.
    external: ["@grpc/proto-loader", "web-streams-polyfill"],
    // Whole licences are in THIRD_PARTY_NOTICES; these say for which lines they are, where the authors wanted that.
    legalComments: "eof",
    logLevel: "warning",
    metafile: true,
  });
  return metafile;
}

/** The SDK and the simulator as JavaScript with types. */
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
  const { name, version } = readPackage(path.join(root, "package.json"));
  const packageFile = path.join(dist, "sdk", "nodejs", "package.json");
  fs.writeFileSync(packageFile, `${JSON.stringify({ name, version }, undefined, 2)}\n`);
  fs.chmodSync(path.join(dist, "simulator", "cli.js"), 0o755);
}

function readPackage(file: string): { name: unknown; version: unknown } {
  const content: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null) throw new Error(`${file} holds no object`);
  return { name: Reflect.get(content, "name"), version: Reflect.get(content, "version") };
}

/** Renames over whatever is there, so that nobody ever reads half a file. */
function replace(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  if (fs.statSync(from).isDirectory()) fs.rmSync(to, { recursive: true, force: true });
  fs.renameSync(from, to);
}

if (require.main === module) {
  build(repositoryRoot, cacheRoot).then(
    // Not on standard output, which belongs to whatever has it built: `npm pack` names its file there.
    (isNew) => console.error(isNew ? `built ${outputs.join(" and ")}` : "the build is up to date"),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
