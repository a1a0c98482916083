import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { checkBinaryFormat, readBinaryFormat } from "../../tools/release/binaryFormat";
import { readChanges, writeReleaseNotes } from "../../tools/release/releaseNotes";
import { checkSource } from "../../tools/release/release";
import { checkDigest, checkIntegrity } from "../../tools/release/runtimes";
import { useTemporaryFolder } from "../support/temporaryFolder";

const CHANGELOG = `# Changelog

## [Unreleased]

- To come.

## [1.2.3] - 2026-01-01

### Added

- A thing.

## [1.2.2] - 2025-01-01

- Another.

[1.2.3]: https://example.com
`;

describe("release notes", () => {
  it("hold the version's section of the changelog", () => {
    assert.equal(readChanges(CHANGELOG, { version: "1.2.3", isTagged: true }), "### Added\n\n- A thing.");
    assert.equal(readChanges(CHANGELOG, { version: "1.2.2", isTagged: true }), "- Another.");
  });

  it("hold the changes to come where the version has no section, unless there is a tag", () => {
    assert.equal(readChanges(CHANGELOG, { version: "2.0.0", isTagged: false }), "- To come.");
    assert.throws(
      () => readChanges(CHANGELOG, { version: "2.0.0", isTagged: true }),
      /no section "## \[2\.0\.0\]"/,
    );
  });

  it("say of each platform what was tested, and whether Node.js was compared with the vendor's", () => {
    const [compared, other] = [true, false].map((isCompared) =>
      writeReleaseNotes({ changes: "- A thing.", platforms: ["windows-arm64"], isCompared }),
    );
    assert.match(
      compared ?? "",
      /^- A thing\.\n[^]*\| windows-arm64 \| format and architecture only; never ran \|/,
    );
    assert.match(compared ?? "", /Each program was compared with/);
    assert.doesNotMatch(compared ?? "", /was checked|were checked/, "making a release runs no test");
    assert.match(compared ?? "", /making a release does not run it/);
    assert.match(other ?? "", /were not compared with/);
  });
});

describe("the source of a release", () => {
  const at = useTemporaryFolder("source-");

  function write(version: string, schemaVersion = version): void {
    fs.mkdirSync(at("provider"), { recursive: true });
    fs.writeFileSync(at("package.json"), JSON.stringify({ version }));
    fs.writeFileSync(path.join(at("provider"), "schema.json"), JSON.stringify({ version: schemaVersion }));
    fs.writeFileSync(at("CHANGELOG.md"), CHANGELOG);
  }

  it("has the version of the tag", () => {
    write("1.2.3");
    assert.match(checkSource(at(), { version: "1.2.3", tag: "v1.2.3" }), /A thing/);
    for (const tag of ["v1.2.4", "1.2.3", "v1.2.3-rc.1"]) {
      assert.throws(() => checkSource(at(), { version: "1.2.3", tag }), /is not that of version 1\.2\.3/);
    }
  });

  it("is refused with the tag of a pre-release, or of a version that needs another path of the Go module", () => {
    for (const [version, problem] of [
      ["1.2.4-rc.1", /1\.2\.4-rc\.1 is a pre-release/],
      ["2.0.0", /the Go module, which must end in \/v2/],
    ] as const) {
      write(version);
      assert.throws(() => checkSource(at(), { version, tag: `v${version}` }), problem);
      assert.match(checkSource(at(), { version, tag: undefined }), /To come/);
    }
  });

  it("is refused with a tag while a page says that nothing is published", () => {
    write("1.2.3");
    fs.mkdirSync(at("sdk", "go"), { recursive: true });
    for (const [page, text] of [
      ["README.md", "**Nothing is published yet.**"],
      ["sdk/go/README.md", "Until a version\nis published, take the archive"],
    ] as const) {
      fs.writeFileSync(at(page), text);
      assert.throws(
        () => checkSource(at(), { version: "1.2.3", tag: "v1.2.3" }),
        new RegExp(`these pages say that nothing is published yet.*: ${page}$`),
      );
      assert.match(checkSource(at(), { version: "1.2.3", tag: undefined }), /A thing/);
      fs.rmSync(at(page));
    }
  });

  it("has one version in package.json and the schema", () => {
    write("1.2.3", "1.2.2");
    assert.throws(
      () => checkSource(at(), { version: "1.2.3", tag: undefined }),
      /version is 1\.2\.2, but package\.json/,
    );
  });
});

describe("a pinned Node.js", () => {
  const elf = Buffer.alloc(64);
  elf.writeUInt32LE(0x464c457f, 0);
  elf.writeUInt16LE(0x0102, 4);
  elf.writeUInt16LE(183, 18);

  it("is refused for another processor or system, and if it is no program", () => {
    assert.deepEqual(readBinaryFormat(elf), { format: "ELF", architecture: "arm64" });
    checkBinaryFormat("linux-arm64", elf);
    assert.throws(() => checkBinaryFormat("linux-amd64", elf), /must be ELF for amd64, but is ELF for arm64/);
    assert.throws(
      () => checkBinaryFormat("windows-arm64", elf),
      /must be PE for arm64, but is ELF for arm64/,
    );
    assert.throws(() => checkBinaryFormat("linux-arm64", Buffer.from("#!/bin/sh")), /is no known program/);
  });

  it("is refused if its package or its bytes are others", () => {
    assert.throws(
      () => checkIntegrity("node@1", { bytes: elf, integrity: "sha512-x" }),
      /node@1 is not the package/,
    );
    assert.throws(
      () => checkDigest("linux-arm64", elf),
      /is not the program that .*pinnedRuntimes\.json names/,
    );
  });
});
