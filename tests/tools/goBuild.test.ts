import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { buildGoPrograms, goEnvironment, goModuleVersion, hostsModule } from "../../tools/toolchains/goBuild";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("building with Go", () => {
  const at = useTemporaryFolder("go-");

  /** Builds with this shell script as `go`, or with no `go` on PATH. */
  function build(go?: string): Promise<void> {
    if (go !== undefined) fs.writeFileSync(at("go"), `#!/bin/sh\n${go}\n`, { mode: 0o755 });
    const environment = { PATH: at() };
    const log = (): void => undefined;
    return buildGoPrograms({ packages: ["./x"], folder: at(), title: "building x", log, environment });
  }

  it("says what to install when Go is missing", async () => {
    await assert.rejects(
      build(),
      /Go was not found, and building x needs it\. Install Go \d+\.\d+\S* or newer/,
    );
  });

  it("shows Go's errors without the names of compiled packages and of the module proxy", async function () {
    if (process.platform === "win32") this.skip();
    const go = `echo runtime/internal >&2; echo 'x.go:1: Get "https://proxy.invalid/m": no route' >&2; exit 1`;
    await assert.rejects(build(go), { message: `go build failed:\nx.go:1: Get "https://…/m": no route` });
  });

  it("uses the user's Go folders, and its own ones if there is no home", function () {
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
