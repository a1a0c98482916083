/**
 * `npm run demo`: previews the quick-start program on the real engine against a local simulator of the API, in a
 * temporary folder, and shows what it found beside Pulumi's own output.
 */

import { CommandError, type EngineEvent } from "@pulumi/pulumi/automation";
import { formatAge } from "../provider/backups/age";
import type { SkippedBackup } from "../sdk/nodejs/types/output";
import { demo, startSimulator } from "../simulator";
import { createEngineStack } from "./engineStack";
import { loadExample } from "./exampleProgram";
import { formatTable } from "./table";

/** What the quick-start program exports for each source. */
interface Found {
  readonly backupId: string;
  readonly createdAt: string;
  readonly skipped: readonly SkippedBackup[];
}

async function runDemo(): Promise<void> {
  const simulator = await startSimulator();
  console.log(`A local stand-in for the UCloud API answers at ${simulator.url}.\n`);
  const engine = await createEngineStack({
    program: () => Promise.resolve(loadExample("quickstart")),
    config: {
      "ucloud-redis:publicKey": { value: simulator.publicKey },
      "ucloud-redis:privateKey": { value: simulator.privateKey, secret: true },
      "ucloud-redis:baseUrl": { value: simulator.url },
      "ucloud-redis:region": { value: demo.region },
      "ucloud-redis:projectId": { value: demo.projectId },
      groupId: { value: demo.uredisGroupId },
      spaceId: { value: demo.umemSpaceId },
      zone: { value: demo.zone },
    },
  });
  try {
    const outputs: Record<string, Found> = {};
    await engine.stack.preview({
      onOutput: (text) => process.stdout.write(text),
      onEvent: (event) => Object.assign(outputs, readStackOutputs(event)),
    });
    console.log(
      formatTable(
        ["Source", "Restore from", "Age", "Newer, but passed over"],
        [
          describe(`URedis group ${demo.uredisGroupId}`, outputs["uredis"]),
          describe(`UMem space ${demo.umemSpaceId}`, outputs["umem"]),
        ],
      ),
    );
  } finally {
    engine.remove();
    await simulator.close();
  }
}

/** The outputs of the stack, which come with the last event about it. */
function readStackOutputs({ resOutputsEvent }: EngineEvent): Record<string, Found> {
  const { type, new: state } = resOutputsEvent?.metadata ?? {};
  return type === "pulumi:pulumi:Stack" ? ((state?.outputs ?? {}) as Record<string, Found>) : {};
}

function describe(source: string, found: Found | undefined): string[] {
  if (found === undefined) throw new Error(`The program exported nothing for ${source}.`);
  const age = formatAge((Date.now() - Date.parse(found.createdAt)) / 1000);
  const skipped = found.skipped.map(({ backupId, reason }) => `${backupId}: ${reason}`);
  return [source, found.backupId, age, skipped.join("\n")];
}

runDemo().catch((error: unknown) => {
  // What the engine had to say was shown while it ran.
  if (!(error instanceof CommandError)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
