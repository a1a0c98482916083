import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { readCommandLine } from "../../simulator/commandLine";

describe("the simulator's command line for writes", () => {
  it("takes faults of one action, and lost answers", () => {
    const line = "--fail DeleteURedisGroup=20002x2 --fail CreateUMemSpace=502 --lose CreateURedisGroupx1";
    assert.deepEqual(readCommandLine(line.split(" ")), {
      kind: "start",
      options: {},
      faults: [
        { kind: "retCode", retCode: 20002, action: "DeleteURedisGroup", times: 2 },
        { kind: "status", status: 502, action: "CreateUMemSpace", times: Infinity },
        { kind: "lostAnswer", effect: "after", action: "CreateURedisGroup", times: 1 },
      ],
    });
  });

  it("takes the time of operations, and what was deleted", () => {
    const command = readCommandLine(["--takes", "5", "--deleted", demo.uredisGroupId]);
    assert.ok(command.kind === "start");
    const { provisioning, fleet } = command.options;
    const seconds = 5;
    assert.deepEqual(provisioning, {
      create: { seconds },
      delete: { seconds },
      resize: { seconds },
      backup: { seconds },
    });
    assert.ok(fleet?.databases);
    const gone = fleet.databases.filter(({ isGone }) => isGone);
    assert.deepEqual(
      gone.map(({ id }) => id),
      [demo.uredisGroupId, demo.deletedGroupId],
    );
    assert.ok(fleet.uredis.some(({ row }) => row.GroupId === demo.uredisGroupId));
  });

  for (const line of [
    ...["--takes soon", "--deleted uredis-nobody", "--lose", "--lose 503", "--lose CreateURedisGroupx0"],
    ...["--fail DeleteURedisGroup=", "--fail =503"],
  ]) {
    it(`refuses ${line} in one line`, () => {
      const command = readCommandLine(line.split(" "));
      assert.ok(command.kind === "refuse");
      assert.match(command.reason, /^[^\n]{10,}$/);
    });
  }
});
