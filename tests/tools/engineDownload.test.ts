import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { isSiteReachable } from "../../tools/engine/engineDownload";

describe("the probe before a download", () => {
  async function probe(listener: RequestListener, timeoutMs: number): Promise<boolean> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return await isSiteReachable(`http://127.0.0.1:${port}/`, timeoutMs);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it("accepts a site that answers", async () => {
    assert.equal(await probe((_request, response) => void response.end(), 5_000), true);
  });

  it("refuses an error page, a site that does not answer, and a closed port", async () => {
    assert.equal(await probe((_request, response) => void response.writeHead(503).end(), 5_000), false);
    assert.equal(await probe(() => undefined, 50), false);
    assert.equal(await isSiteReachable("http://127.0.0.1:1/", 5_000), false);
  });
});
