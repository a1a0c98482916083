/** What a preview refuses before anything is sent, on the real engine. */
import assert from "node:assert/strict";
import { demo } from "../../simulator";
import { requireEngine } from "../support/requireEngine";
import { group, RestoredStack } from "./restoredStack";

const BAD_PASSWORD = "not an allowed password!";

interface Refused {
  readonly args: object;
  /** What the preview says, the property's name included. */
  readonly message: RegExp;
}

const previews: Record<string, Refused> = {
  "a stale backup": {
    args: { ...group, source: { groupId: demo.uredisGroupId, maxAge: "1h" } },
    message: /\[StaleBackup\] source: \S+: newest usable backup is 24h \d+m old, maxAge 1h\./,
  },
  "backups of which none is usable": {
    args: { ...group, source: { groupId: demo.unusableGroupId } },
    message: /\[NoUsableBackup\] source: \S+: none of the 12 backups can be restored\./,
  },
  "too small a size": {
    args: { ...group, size: 1 },
    message: /\[InvalidArgument\] size: must be at least 2 GB/,
  },
  "too old a version": {
    args: { ...group, version: 4.0 },
    message: /\[InvalidArgument\] version: must be at least 5\.0/,
  },
  "a zone without room": {
    args: { ...group, zone: demo.slaveZone },
    message: /\[InvalidArgument\] zone: has no room: cn-bj2-05 cannot take a URedis group of 2 GB now/,
  },
  "a bad name": {
    args: { ...group, name: "my orders" },
    message: /property name value \{my orders\} has a problem: \[InvalidArgument\] name must have 6 to 63/,
  },
  "a bad password, without its value": {
    args: { ...group, password: BAD_PASSWORD },
    message: /has a problem: \[InvalidArgument\] password must have 6 to 36 characters/,
  },
  "a missing subnet": {
    args: { ...group, vpcId: "uvnet-other" },
    message: /\[InvalidArgument\] subnetId: is required: .*so there is no default/,
  },
};

describe("a preview of a restore, on the real engine", function () {
  this.timeout(120_000);
  before(requireEngine);
  let stack: RestoredStack;
  before(async function () {
    stack = await RestoredStack.start({ simulator: { offer: { room: { [demo.slaveZone]: 0 } } } });
  });
  after(() => stack.close());

  for (const [title, { args, message }] of Object.entries(previews)) {
    it(`refuses ${title}`, async () => {
      stack.writeGroup(args);
      const printed = await stack.fail("preview");
      assert.match(printed, message);
      assert.ok(!printed.includes(BAD_PASSWORD));
      assert.deepEqual(stack.writes, []);
    });
  }

  it("goes on with `preflight: warn`, and says what it would refuse", async () => {
    stack.writeGroup({ ...group, size: 1, version: 4.0, name: "short", preflight: "warn" });
    const printed = await stack.run("preview");
    for (const name of ["size", "version", "name"]) {
      assert.match(printed, new RegExp(`warning: The preflight would refuse this, .*: ${name} must`));
    }
    assert.match(printed, /Would restore backup .* 1 GB, version 4\.0/);
    assert.deepEqual(stack.writes, []);
  });
});
