/** What the runs of these tests leave behind in their process. */
import assert from "node:assert/strict";
import { getChannelzHandlers } from "@grpc/grpc-js";
import { demo } from "../../simulator";
import { describeOnStacks } from "./twinStack";

/** The number of open gRPC channels of this process. */
async function countChannels(): Promise<number> {
  const { GetTopChannels } = getChannelzHandlers();
  // The handler reads only `request`.
  const call: unknown = { request: { start_channel_id: 0, max_results: 1000 } };
  return new Promise((resolve) => {
    GetTopChannels(call as Parameters<typeof GetTopChannels>[0], (_error, answer) =>
      resolve(answer?.channel?.length ?? NaN),
    );
  });
}

describeOnStacks(
  "a run",
  (test) => {
    it("leaves no channel to its engine, even if its program fails", async () => {
      const before = await countChannels();
      const { failed } = await test.stack.run({
        command: "preview",
        program: (twin) => ({
          pin: new twin.URedisBackupPin("pin", { groupId: demo.uredisGroupId, maxAge: "soon" }).backupId,
        }),
      });
      assert.equal(failed, true);
      assert.equal(await countChannels(), before);
    });
  },
  { isFresh: true },
);
