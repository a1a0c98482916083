/** Servers on loopback that hand out the plugin's archive of a release. */
import fs from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import packageJson from "../../package.json";
import { createCertificate } from "../support/certificate";
import { type Loopback, serveHttp } from "../support/loopback";
import { RELEASE_REPOSITORY, type Release } from "../support/release";

/** A server, and the paths that it was asked for. */
export interface ReleaseServer extends Pick<Loopback, "url" | "close"> {
  readonly asked: readonly string[];
}

/**
 * A folder of a web server.
 *
 * @param options.isSized whether it sends `Content-Length` @default true
 */
export async function serveArchives(
  { pluginArchive: plugin }: Pick<Release, "pluginArchive">,
  { isSized = true }: { readonly isSized?: boolean } = {},
): Promise<ReleaseServer> {
  const asked: string[] = [];
  const server = await serveHttp(({ url = "" }, response) => {
    asked.push(url);
    if (path.posix.basename(url) === path.basename(plugin)) send(response, { plugin, isSized });
    else response.writeHead(404).end();
  });
  return { url: server.url, close: () => server.close(), asked };
}

/**
 * GitHub's API, as far as the Pulumi CLI asks it about a release: the release of a tag, and an asset of it.
 *
 * @param folder where the certificate is written
 */
export async function serveGitHub(
  { pluginArchive: plugin }: Release,
  folder: string,
): Promise<ReleaseServer & { readonly certificateFile: string }> {
  const certificate = createCertificate("api.github.com");
  const certificateFile = path.join(folder, "github.pem");
  fs.writeFileSync(certificateFile, certificate.cert);
  const asked: string[] = [];
  const releases = `/repos/${RELEASE_REPOSITORY}/releases`;
  const server = createServer(certificate, ({ url = "", headers }, response) => {
    asked.push(url);
    if (url === `${releases}/tags/v${packageJson.version}`) {
      const asset = { name: path.basename(plugin), url: `https://api.github.com${releases}/assets/1` };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ assets: [asset] }));
    } else if (url === `${releases}/assets/1` && headers.accept === "application/octet-stream") {
      send(response, { plugin, isSized: true });
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    asked,
    certificateFile,
  };
}

function send(
  response: ServerResponse,
  { plugin, isSized }: { readonly plugin: string; readonly isSized: boolean },
): void {
  if (isSized) response.setHeader("content-length", fs.statSync(plugin).size);
  fs.createReadStream(plugin).pipe(response);
}
