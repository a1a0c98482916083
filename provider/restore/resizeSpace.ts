import type { Database, DatabaseAddress } from "../ucloud/databases";
import { RedisBackupError, rewordError, stripCode } from "../ucloud/errors";
import { changeDatabase } from "./change";
import type { RestoreContext } from "./resource";
import { waitUntilRunning } from "./wait";

/** The sizes of a shard in GB that the action's page names. Others are sent too: the page may be out of date. */
const SHARD_SIZES: readonly number[] = [4, 8, 12, 16, 20];

/**
 * Resizes a space: shard by shard, since the action for whole spaces answers with success and does nothing.
 * A shard that has its size already is left out, so that an interrupted resize goes on.
 *
 * @param options.size in GB, of all shards together
 */
export async function resizeSpace(options: {
  readonly size: number;
  readonly address: DatabaseAddress;
  readonly context: RestoreContext;
  readonly deadline: number;
}): Promise<Database> {
  const { size, address, context, deadline } = options;
  const { reader, writer } = context.openDatabases();
  const { region, projectId, id } = address;
  const scope = { region, projectId };
  const blocks = await reader.listBlocks(address);
  const blockSize = size / blocks.length;
  if (blocks.length === 0 || !Number.isInteger(blockSize)) {
    throw new RedisBackupError(
      "InvalidArgument",
      `size: ${size} GB cannot be divided evenly among the ${blocks.length} shards of ${id}.`,
    );
  }
  const larger = blocks.find((block) => (block.size ?? 0) > blockSize);
  if (larger !== undefined) {
    throw new RedisBackupError(
      "InvalidArgument",
      `size: shard ${larger.id} of ${id} has ${larger.size ?? 0} GB already, and ${size} GB leave ${blockSize} GB for each of its ${blocks.length} shards. A shard does not shrink.`,
    );
  }
  for (const [index, block] of blocks.entries()) {
    if (block.size !== undefined && block.size >= blockSize) continue;
    await changeDatabase({
      scope,
      context,
      id,
      deadline,
      what: `resize shard ${index + 1} of ${blocks.length} to ${blockSize} GB`,
      send: () => writer.resizeBlock(address, { blockId: block.id, size: blockSize }),
      // The row of a space does not show the size of a shard.
      async holds() {
        const now = await reader.listBlocks(address);
        return now.find((each) => each.id === block.id)?.size === blockSize;
      },
    }).catch((error: unknown) => {
      throw explainSize(error, { size, count: blocks.length });
    });
  }
  const end = await waitUntilRunning({
    id,
    scope,
    context,
    deadline,
    isDone: (row) => row.size === size,
    purpose: "resizing",
  });
  if (end.kind === "ready") return end.database;
  throw new RedisBackupError(
    "Timeout",
    `${id}: its shards were resized, and it does not show ${size} GB. ${end.reason}`,
  );
}

/** Names the argument behind a shard's size that the API's page does not name. */
function explainSize(error: unknown, { size, count }: { size: number; count: number }): unknown {
  const shardSize = size / count;
  if (!(error instanceof RedisBackupError) || SHARD_SIZES.includes(shardSize)) return error;
  const sizes = SHARD_SIZES.map((each) => each * count).join(", ");
  return rewordError(
    error,
    `size: ${size} GB is ${shardSize} GB for each of the ${count} shards, and UCloud names sizes for ${sizes} GB in all. ${stripCode(error)}`,
  );
}
