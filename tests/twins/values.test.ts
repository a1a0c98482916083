/** Unknown, secret and bad values in lookups and pins of both entry points. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isUnknown, UNKNOWN } from "../../provider/engine/unknowns";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { Database } from "./database";
import { BOTH, type EntryPoint, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import {
  createTwinStack,
  type Exports,
  type Outcome,
  type StateResource,
  TIMEOUT_MS,
  type TwinStack,
} from "./twinStack";

const group = { groupId: demo.uredisGroupId };
const space = { zone: demo.zone, spaceId: demo.umemSpaceId };

/** A backup that is too old for the database to be restored from it. */
function restoreFromStale(twin: Twin): Exports {
  const pin = new twin.UMemBackupPin("pin", { ...space, maxAge: "1h" });
  new Database("database", pin.backupId);
  return {};
}

function pinBadly(twin: Twin): Exports {
  return { pin: new twin.URedisBackupPin("pin", { ...group, maxAge: "soon" }).backupId };
}

/** Lookups and pins with unknown and secret arguments. */
function askWithOutputs(twin: Twin): Exports {
  const made = new Database("made", "none");
  // Known after the update only.
  const groupId = made.address.apply(() => demo.uredisGroupId);
  const ofUnknown = new twin.URedisBackupPin("ofUnknown", { groupId });
  const secret = new twin.URedisBackupPin("secret", { groupId: pulumi.secret(demo.uredisGroupId) });
  return {
    // The argument is known, but the resource does not exist yet. The plugin's SDK waits for it, and so must
    // the twin.
    afterMade: twin.getURedisBackupsOutput(group, { dependsOn: made }).region,
    ofMade: twin.getUMemBackupsOutput({
      zone: made.backupId.apply(() => demo.zone),
      spaceId: demo.umemSpaceId,
    }).region,
    ofUnknown: twin.getLatestURedisBackupOutput({ groupId }).backupId,
    ofUnknownPin: ofUnknown.backupId,
    plain: twin.getLatestUMemBackupOutput(space).backupId,
    ofSecret: twin.getLatestURedisBackupOutput({ groupId: pulumi.secret(demo.uredisGroupId) }).backupId,
    ofPin: twin.getLatestURedisBackupOutput({ groupId: demo.uredisGroupId, backupId: secret.backupId })
      .backupId,
  };
}

/** Runs two equal lookups concurrently, changes the result of one, and exports a field of the other. */
async function changeOneOfTwo(twin: Twin): Promise<Exports> {
  const [one, other] = await Promise.all([twin.getUMemBackups(space), twin.getUMemBackups(space)]);
  for (const { blocks } of one.backups) for (const block of blocks) block.state = "changed";
  return { states: other.backups.flatMap(({ blocks }) => blocks.map(({ state }) => state)).join() };
}

/** The same pins with new arguments, which depend on a new resource. */
function askAgain(twin: Twin): Exports {
  new Database("made", "none");
  const more = new Database("more", "none");
  new twin.URedisBackupPin("ofUnknown", { groupId: demo.uredisGroupId, maxAge: more.address });
  new twin.URedisBackupPin("secret", {
    groupId: pulumi.secret(demo.uredisGroupId),
    triggers: { restore: more.address },
  });
  return {};
}

/** The outcome of each program, in the order in which they ran. */
interface Seen {
  readonly stack: TwinStack;
  readonly stale: Outcome;
  readonly bad: Outcome;
  readonly changed: Outcome;
  readonly unknown: Outcome;
  readonly made: Outcome;
  readonly again: Outcome;
}

describe("values", function () {
  this.timeout(TIMEOUT_MS);
  const seenBy = new Map<EntryPoint, Seen>();
  let simulator: Simulator;

  before(requireEngine);
  before(async () => {
    simulator = await startSimulator({ publicKey: "a-public-key", privateKey: "a-private-key" });
    for (const entryPoint of BOTH) {
      const stack = await createTwinStack(entryPoint, simulator);
      seenBy.set(entryPoint, {
        stack,
        stale: await stack.run({ command: "preview", program: restoreFromStale }),
        bad: await stack.run({ command: "preview", program: pinBadly }),
        changed: await stack.run({ command: "preview", program: changeOneOfTwo }),
        unknown: await stack.run({ command: "preview", program: askWithOutputs }),
        made: await stack.run({ command: "up" }),
        again: await stack.run({ command: "preview", program: askAgain }),
      });
    }
  });
  after(async () => {
    for (const { stack } of seenBy.values()) stack.remove();
    await simulator.close();
  });
  const see = (entryPoint: EntryPoint): Seen => {
    const seen = seenBy.get(entryPoint);
    assert.ok(seen);
    return seen;
  };

  for (const entryPoint of BOTH) {
    describe(`(${entryPoint})`, () => {
      let seen: Seen;
      before(() => (seen = see(entryPoint)));

      it("a stale backup fails the preview", () => {
        const { failed, text, operations } = seen.stale;
        assert.equal(failed, true);
        assert.match(
          text,
          /error: (Preview failed: )?\[StaleBackup\] \S+: newest usable backup is 24h \d+m old, maxAge 1h\./,
        );
        assert.equal(operations["database"], undefined);
      });

      it("a bad argument of a pin fails the preview by its name, before any request", () => {
        const { failed, text, requests } = seen.bad;
        assert.deepEqual([failed, requests], [true, 0]);
        assert.match(text, /\[InvalidArgument\] maxAge must be a duration/);
      });

      it("a program that changes a result does not change that of an equal concurrent lookup", () => {
        const { failed, text, resources } = seen.changed;
        assert.equal(failed, false, text);
        assert.match(String(resources["twins-demo"]?.["states"]), /^(Done|Starting)(,(Done|Starting))*$/);
      });

      it("results are unknown in a preview if they depend on unknown values or new resources", () => {
        const { failed, text, resources } = seen.unknown;
        assert.equal(failed, false, text);
        const outputs = resources["twins-demo"] ?? {};
        for (const name of ["afterMade", "ofMade", "ofUnknown", "ofUnknownPin"])
          assert.ok(isUnknown(outputs[name]), `${name}: ${String(outputs[name])}`);
        assert.match(String(outputs["plain"]), /^[0-9a-f-]{36}$/);
      });

      it("results are known after the update", () => {
        const { failed, text, outputs } = seen.made;
        assert.equal(failed, false, text);
        const { afterMade, ofMade, ofUnknown, ofUnknownPin, ofSecret, ofPin } = outputs;
        assert.deepEqual([afterMade?.value, ofMade?.value], [demo.region, demo.region]);
        const ids = [ofUnknown, ofUnknownPin, ofSecret, ofPin].map((each) => String(each?.value));
        assert.deepEqual(new Set(ids), new Set([seen.stack.readResources()["secret"]?.outputs["backupId"]]));
      });

      it("results are secret only if an argument is", () => {
        const { ofSecret, ofUnknown, plain } = seen.made.outputs;
        assert.deepEqual([ofSecret?.secret, ofUnknown?.secret, plain?.secret], [true, false, false]);
      });

      it("only the secret arguments of a pin are secret in state", () => {
        const { inputs, outputs } = seen.stack.readResources()["secret"] ?? {};
        for (const value of [inputs?.["groupId"], outputs?.["groupId"]])
          assert.match(JSON.stringify(value), /"ciphertext":/);
        assert.equal(typeof outputs?.["groupName"], "string");
      });

      it("an unknown guard leaves the pinned backup known in a preview", () => {
        const { failed, text, operations, resources } = seen.again;
        assert.equal(failed, false, text);
        assert.deepEqual(operations["ofUnknown"], ["update"]);
        const { backupId } = seen.stack.readResources()["ofUnknown"]?.outputs ?? {};
        assert.equal(resources["ofUnknown"]?.["backupId"], backupId);
      });

      it("an unknown trigger replaces the pin with an unknown one in a preview", () => {
        const { operations, resources, requests } = seen.again;
        assert.deepEqual(operations["secret"]?.slice(0, 2), ["create-replacement", "replace"]);
        // The plugin returns unknown outputs; of a new dynamic resource the engine has no outputs in a
        // preview.
        const { backupId = UNKNOWN } = resources["secret"] ?? {};
        assert.equal(backupId, UNKNOWN);
        assert.equal(requests, 0);
      });

      it("neither state nor `pulumi stack export` holds a key or a signature", () =>
        seen.stack.assertNothingSecret());
    });
  }

  it("both keep the same pin in state, apart from what makes a resource dynamic", () => {
    for (const name of ["ofUnknown", "secret"]) {
      const [plugin, dynamic] = BOTH.map((entryPoint) => see(entryPoint).stack.readResources()[name]);
      assert.equal(dynamic?.id, plugin?.id);
      const { __provider, __given, ...outputs } = readPlain(dynamic);
      assert.deepEqual([typeof __provider, __given], ["string", ["groupId"]]);
      assert.deepEqual(outputs, readPlain(plugin));
    }
  });
});

/** The outputs without what differs between runs: ages, and the ciphertext of secrets. */
function readPlain(resource: StateResource | undefined): Record<string, unknown> {
  const isSecret = (value: unknown): boolean => JSON.stringify(value).includes('"ciphertext"');
  const entries = Object.entries(resource?.outputs ?? {}).filter(([name]) => name !== "ageSeconds");
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecret(value) ? "secret" : value]));
}
