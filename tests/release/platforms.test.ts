import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { extract } from "tar";
import { ensureCacheFolder } from "../../tools/cacheFolder";
import { readBinaryFormat } from "../../tools/release/binaryFormat";
import { PLATFORMS, type Platform } from "../../tools/release/platforms";
import { fetchRuntime, pinnedDigest } from "../../tools/release/runtimes";
import { cacheRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { itInMatrix } from "../support/matrix";
import { startPlugin } from "../support/pluginProcess";
import { ensureRelease } from "../support/release";
import { createSettings } from "../support/simulatedSettings";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { withSimulator } from "../support/withSimulator";

const HEADER_BYTES = 4096;
/** An emulator, and where Debian's libraries for cross compilers are. */
const EMULATOR = "/usr/bin/qemu-aarch64";
const EMULATED_ROOT = "/usr/aarch64-linux-gnu";

const FORMATS: Readonly<Record<Platform, object>> = {
  "linux-amd64": { format: "ELF", architecture: "amd64" },
  "linux-arm64": { format: "ELF", architecture: "arm64" },
  "darwin-amd64": { format: "Mach-O", architecture: "amd64" },
  "darwin-arm64": { format: "Mach-O", architecture: "arm64" },
  "windows-amd64": { format: "PE", architecture: "amd64" },
  "windows-arm64": { format: "PE", architecture: "arm64" },
};

describe("plugin archives", function () {
  // The first run downloads Node.js for all platforms, and makes the release that tests share.
  this.timeout(300_000);
  const at = useTemporaryFolder("platform ");

  /** Unpacks the tests' plugin archive. Returns the launcher. */
  async function unpack(context: Mocha.Context): Promise<string> {
    const { pluginArchive } = await ensureRelease(context);
    fs.mkdirSync(at("plugin"));
    fs.mkdirSync(at("nothing"));
    await extract({ cwd: at("plugin"), file: pluginArchive });
    return at("plugin", "pulumi-resource-ucloud-redis");
  }

  async function checkLookup(executable: string): Promise<void> {
    await withSimulator({}, async (simulator) => {
      const env = { PATH: at("nothing") };
      const plugin = await startPlugin({ executable, env, settings: createSettings(simulator) });
      try {
        const { backups } = await plugin.invokeResult("getURedisBackups", { regionType: "normal" });
        assert.ok(Array.isArray(backups) && backups.length > 0);
        assert.equal(plugin.output.stderr, "");
      } finally {
        await plugin.stop();
      }
    });
  }

  itInMatrix(
    { part: "platform", name: "linux-amd64", what: "started without another Node.js, served a lookup" },
    async function () {
      if (`${process.platform}-${process.arch}` !== "linux-x64") {
        leaveOut(this, { need: "linux-amd64", why: `this machine is ${process.platform}-${process.arch}` });
      }
      await checkLookup(await unpack(this));
    },
    { needsEngine: false },
  );

  itInMatrix(
    { part: "platform", name: "linux-arm64", what: "started under emulation, served a lookup" },
    async function () {
      if (!fs.existsSync(EMULATOR) || !fs.existsSync(path.join(EMULATED_ROOT, "lib", "libstdc++.so.6"))) {
        const why = "install qemu-user and libstdc++6-arm64-cross to run the plugin for arm64";
        leaveOut(this, { need: "an emulator", why, evenInCi: true });
      }
      const launcher = await unpack(this);
      const { file } = await fetchRuntime("linux-arm64", cacheRoot);
      const node = path.join(path.dirname(launcher), "node");
      fs.rmSync(node);
      // The system starts only programs for its own processor.
      fs.writeFileSync(node, `#!/bin/sh\nexec ${EMULATOR} -L ${EMULATED_ROOT} '${file}' "$@"\n`, {
        mode: 0o755,
      });
      await checkLookup(launcher);
    },
    { needsEngine: false },
  );

  for (const platform of PLATFORMS) {
    const isRun = platform.startsWith("linux-");
    const what = isRun ? "format and architecture" : "format and architecture only; never ran";
    itInMatrix(
      { part: "platform", name: platform, what },
      async () => assert.deepEqual(readBinaryFormat(await readHeader(platform)), FORMATS[platform]),
      { needsEngine: false },
    );
  }
});

/** The start of a platform's Node.js. The cache keeps no more of those that cannot run here. */
async function readHeader(platform: Platform): Promise<Buffer> {
  const name = createHash("sha256").update(pinnedDigest(platform)).digest("hex").slice(0, 12);
  const folder = await ensureCacheFolder({
    folder: path.join(cacheRoot, "runtime-headers", `${platform}-${name}`),
    fill: async (unfinished) => {
      const { file } = await fetchRuntime(platform, platform === "linux-amd64" ? cacheRoot : unfinished);
      fs.writeFileSync(path.join(unfinished, "header"), fs.readFileSync(file).subarray(0, HEADER_BYTES));
      fs.rmSync(path.join(unfinished, "runtimes"), { recursive: true, force: true });
    },
  });
  return fs.readFileSync(path.join(folder, "header"));
}
