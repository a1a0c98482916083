import { createHash } from "node:crypto";
import { bundlePlugin } from "../build";
import { listBundledPackages } from "../notices";
import { runNpm } from "./npm";
import type { Platform } from "./platforms";
import { pinnedDigest, RUNTIME_VERSION } from "./runtimes";

/** The parts of a CycloneDX document that are read or changed here. Everything else is kept. */
interface Bill {
  serialNumber?: string;
  metadata: { timestamp: string; tools?: unknown; component: { name: string; "bom-ref": string } };
  components: Component[];
  dependencies: { readonly ref: string; dependsOn: string[] }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  properties?: { readonly name: string; readonly value: string }[];
}

const DEVELOPMENT = "cdx:npm:package:development";
const USE = "pulumi-ucloud-redis:use";

/**
 * The software bill of materials, as CycloneDX in JSON: the packages in the plugin's bundles, those that npm installs with the
 * package, and Node.js in the plugin archives. npm writes it from the lockfile; its time and serial number are replaced, so
 * that the same release gives the same bytes.
 *
 * @param options.source the stamped copy of the source
 */
export async function createBill(options: {
  readonly source: string;
  readonly platforms: readonly Platform[];
  readonly date: Date;
  readonly scratch: string;
}): Promise<string> {
  const { source, platforms, date, scratch } = options;
  const args = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"];
  const bill = JSON.parse(await runNpm(args, { cwd: source })) as Bill;
  const metafile = await bundlePlugin(source, scratch);
  const bundled = new Set(
    listBundledPackages(source, metafile).map(({ name, version }) => `${name}@${version}`),
  );
  const packages = bill.components.flatMap((component) => keepComponent(component, bundled));
  bill.components = [...packages, ...platforms.map(describeRuntime)];
  bill.metadata.timestamp = date.toISOString();
  // Named after the folder.
  bill.metadata.component.name = "pulumi-ucloud-redis";
  delete bill.metadata.tools;
  const kept = new Set([
    bill.metadata.component["bom-ref"],
    ...bill.components.map((each) => each["bom-ref"]),
  ]);
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  delete bill.serialNumber;
  const digest = createHash("sha256").update(JSON.stringify(bill)).digest("hex");
  bill.serialNumber = `urn:uuid:${digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5")}`;
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

/** Leaves out what is only used for development, except for what is in the bundle. */
function keepComponent(component: Component, bundled: ReadonlySet<string>): Component[] {
  const { properties = [] } = component;
  const isBundled = bundled.has(`${component.name}@${component.version}`);
  const isInstalled = !properties.some(({ name }) => name === DEVELOPMENT);
  const uses = [
    ...(isBundled ? ["bundled in the plugin"] : []),
    ...(isInstalled ? ["installed by npm"] : []),
  ];
  if (uses.length === 0) return [];
  const others = properties.filter(({ name }) => name !== DEVELOPMENT);
  return [{ ...component, properties: [...others, { name: USE, value: uses.join(", ") }] }];
}

function describeRuntime(platform: Platform): Component & Readonly<Record<string, unknown>> {
  return {
    "bom-ref": `node-${platform}@${RUNTIME_VERSION}`,
    type: "platform",
    name: "node",
    version: RUNTIME_VERSION,
    scope: "required",
    purl: `pkg:generic/node@${RUNTIME_VERSION}?platform=${platform}`,
    hashes: [{ alg: "SHA-256", content: pinnedDigest(platform) }],
    licenses: [{ license: { id: "MIT" } }],
    properties: [
      { name: USE, value: `in the plugin archive for ${platform}, with the licences in LICENSE.nodejs` },
    ],
  };
}
