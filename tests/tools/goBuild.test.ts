import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildGoPrograms, goEnvironment, goModuleVersion, hostsModule } from "../../tools/goBuild";

describe("building with Go", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "go-"));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Builds with a `go` that is this shell script, or with none on PATH. */
  function build(go?: string): Promise<void> {
    if (go !== undefined) fs.writeFileSync(path.join(folder, "go"), `#!/bin/sh\n${go}\n`, { mode: 0o755 });
    const environment = { PATH: folder };
    return buildGoPrograms({
      packages: ["./x"],
      folder,
      title: "building x",
      log: () => undefined,
      environment,
    });
  }

  it("says what to install when Go is missing", async () => {
    await assert.rejects(
      build(),
      /Go was not found, and building x needs it\. Install Go \d+\.\d+\S* or newer/,
    );
  });

  it("shows Go's errors without the packages it went through and without the module proxy's name", async function () {
    if (process.platform === "win32") this.skip();
    const go = `echo runtime/internal >&2; echo 'x.go:1: Get "https://proxy.invalid/m": no route' >&2; exit 1`;
    await assert.rejects(build(go), { message: `go build failed:\nx.go:1: Get "https://…/m": no route` });
  });

  it("leaves the user's Go folders alone, and has its own where there is no home", function () {
    if (process.platform === "win32") this.skip();
    assert.deepEqual(goEnvironment({ HOME: "/home/me" }, "/cache"), {
      HOME: "/home/me",
      CGO_ENABLED: "0",
      GOWORK: "off",
    });
    const homeless = goEnvironment({ HOME: "", GOCACHE: "/elsewhere" }, "/cache");
    assert.equal(homeless.GOCACHE, "/elsewhere");
    assert.equal(homeless.GOPATH, path.join("/cache", "go"));
  });

  it("reads versions from each go.mod", () => {
    assert.match(goModuleVersion("github.com/pulumi/pulumi/sdk/v3", hostsModule), /^v3\.\d+\.\d+$/);
    assert.match(goModuleVersion("github.com/pulumi/pulumi/pkg/v3"), /^v3\.\d+\.\d+$/);
    assert.throws(() => goModuleVersion("github.com/pulumi/nothing"), /does not require/);
  });
});
