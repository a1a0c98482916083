import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { writeArchive } from "../../tools/release/archive";
import { compareWithVendor } from "../../tools/release/vendorComparison";
import { serveHttp } from "../support/loopback";
import { useTemporaryFolder } from "../support/temporaryFolder";

const VERSION = "22.23.2";
const ARCHIVE = `node-v${VERSION}-linux-x64.tar.gz`;
const PROGRAM = "the vendor's program";

describe("comparing Node.js with the vendor's", () => {
  const at = useTemporaryFolder("vendor-");

  /** Runs a task with a site that has these files below the version's folder. */
  async function withSite(
    files: Readonly<Record<string, string | Buffer>>,
    task: (site: string) => Promise<void>,
  ): Promise<void> {
    const server = await serveHttp(({ url = "" }, response) => {
      const content = files[url.replace(`/v${VERSION}/`, "")];
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    try {
      await task(server.url);
    } finally {
      await server.close();
    }
  }

  async function makeArchive(): Promise<Buffer> {
    fs.mkdirSync(at("node", "bin"), { recursive: true });
    fs.writeFileSync(at("node", "bin", "node"), PROGRAM);
    await writeArchive(at("archive"), { folder: at("node"), prefix: "node-v1", date: new Date(0) });
    return fs.readFileSync(at("archive"));
  }

  const compare = (site: string, digest: string): Promise<boolean> =>
    compareWithVendor("linux-amd64", { site, digest, scratch: at() });

  it("finds a program equal that is in the vendor's archive", async () => {
    const archive = await makeArchive();
    const files = { "SHASUMS256.txt": `${sha256(archive)}  ${ARCHIVE}\n`, [ARCHIVE]: archive };
    await withSite(files, async (site) => assert.equal(await compare(site, sha256(PROGRAM)), true));
  });

  it("refuses another program", async () => {
    const archive = await makeArchive();
    const files = { "SHASUMS256.txt": `${sha256(archive)}  ${ARCHIVE}\n`, [ARCHIVE]: archive };
    await withSite(files, (site) =>
      assert.rejects(compare(site, sha256("another")), /Node\.js for linux-amd64 is not the vendor's/),
    );
  });

  it("refuses an archive that does not have the listed checksum", async () => {
    const files = { "SHASUMS256.txt": `${sha256("x")}  ${ARCHIVE}\n`, [ARCHIVE]: await makeArchive() };
    await withSite(files, (site) =>
      assert.rejects(compare(site, sha256(PROGRAM)), /does not have the checksum/),
    );
  });

  it("compares programs for Windows with their listed checksums", async () => {
    const files = { "SHASUMS256.txt": `${sha256(PROGRAM)}  win-arm64/node.exe\r\n` };
    await withSite(files, async (site) => {
      const run = (digest: string): Promise<boolean> =>
        compareWithVendor("windows-arm64", { site, digest, scratch: at() });
      assert.equal(await run(sha256(PROGRAM)), true);
      await assert.rejects(run(sha256("another")), /Node\.js for windows-arm64 is not the vendor's/);
    });
  });

  it("tells that the site cannot be reached, but fails if the site has no such version", async () => {
    assert.equal(await compare("http://127.0.0.1:1", sha256(PROGRAM)), false);
    await withSite({}, (site) =>
      assert.rejects(compare(site, sha256(PROGRAM)), /answered 404 for SHASUMS256\.txt/),
    );
  });
});

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
