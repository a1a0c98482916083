import assert from "node:assert/strict";
import { groupKind } from "../../provider/restore/kinds";
import { readDatabase } from "../../provider/restore/read";
import { createRestore, omit, SOURCE } from "./fakeRestore";

describe("a restored database that is gone at a refresh", () => {
  const record = {
    id: "cn-bj2/uredis-b",
    args: {},
    outputs: { region: "cn-bj2", groupId: "uredis-b", readyAt: "2023-01-01T00:00:00.000Z", state: "Running" },
  };

  it("leaves the state with a warning that names it: only its own backups hold what was written since", async () => {
    const context = createRestore({ databases: [SOURCE] });
    assert.equal(await readDatabase(groupKind, record, context), undefined);
    assert.equal(context.warnings.length, 1);
    assert.match(
      context.warnings[0] ?? "",
      /^URedis group uredis-b is gone, .* without what was written since\. .* name it in `source\.groupId` first\.$/,
    );
  });

  it("is no loss if it never ran", async () => {
    const outputs = omit(record.outputs, ["readyAt"]);
    const context = createRestore({ databases: [SOURCE] });
    const unfinished = { ...record, outputs: { ...outputs, requestedAt: "2023-01-01T00:00:00.000Z" } };
    assert.equal(await readDatabase(groupKind, unfinished, context), undefined);
    assert.deepEqual(context.warnings, []);
  });
});
