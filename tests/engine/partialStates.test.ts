/** What the real engine keeps of a resource that was made and is not ready, and how it goes on. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { UnfinishedError } from "../../provider/restore/resource";
import { createEngineStack, type EngineStack } from "../../tools/engine/engineStack";
import { FAKE_TYPE, FakeResource } from "../support/fakeResource";
import { requireEngine } from "../support/requireEngine";
import { readResultsFromState } from "../support/stackResults";
import { type ServedProvider, serveProvider } from "../support/servedProvider";

const PASSWORD = "correct-horse-battery";

/** The arguments of the program's database. */
type Args = Readonly<Record<string, pulumi.Input<unknown>>>;

/** What this test reads of a resource in state. */
interface Kept {
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly initErrors?: readonly string[];
}

class Database extends pulumi.CustomResource {
  constructor(name: string, args: Args, options?: pulumi.CustomResourceOptions) {
    super(FAKE_TYPE, name, args, options);
  }
}

describe("a resource that is not ready, on the real engine", function () {
  this.timeout(120_000);
  before(requireEngine);
  let fake: FakeResource;
  let served: ServedProvider;
  let engine: EngineStack;
  let args: Args;
  let options: pulumi.CustomResourceOptions;

  beforeEach(async () => {
    fake = new FakeResource();
    served = await serveProvider({ resources: fake.table });
    args = { name: "n", size: 8, password: PASSWORD };
    options = { customTimeouts: { create: "7m", update: "9m", delete: "11m" } };
    engine = readResultsFromState(
      await createEngineStack({
        program: () => {
          new Database("db", args, options);
          return Promise.resolve();
        },
        config: {},
        // The variable makes the engine as strict as those to come: it takes headers of 8 KB only.
        env: {
          PULUMI_DEBUG_PROVIDERS: `ucloud-redis:${served.port}`,
          GRPC_GO_EXPERIMENTAL_ENABLE_8KB_DEFAULT_HEADER_LIST_SIZE: "true",
        },
      }),
    );
  });
  afterEach(() => {
    engine.remove();
    served.close();
  });

  const readState = async (): Promise<readonly Kept[]> => {
    const { deployment } = (await engine.stack.exportStack()) as { deployment: { resources?: Kept[] } };
    return (deployment.resources ?? []).filter(({ type }) => type === FAKE_TYPE);
  };
  const failCreate = (id: string, more: object = {}): void => {
    fake.onCreate = (created) => {
      const record = { id, outputs: { ...created, groupId: id, state: "Starting", ...more } };
      return Promise.reject(new UnfinishedError("Timeout", "not up after 60 min.", record, ["the second"]));
    };
  };
  const takeTimeouts = (): unknown[] =>
    fake.calls
      .splice(0)
      .filter(({ method }) => method !== "check" && method !== "compare")
      .map(({ method, context }) => [method, context?.timeoutSeconds]);

  it("is kept with its reasons, and the next `up` resumes it although nothing changed", async () => {
    const blocks = Array.from({ length: 500 }, (_, i) => ({ backupId: `block-${i}`, state: "Success" }));
    failCreate("g", { backup: { backupId: "b", blocks, skipped: [] } });
    await assert.rejects(engine.stack.up(), /\[Timeout\] not up after 60 min\.[^]*the second/);
    const [kept, ...others] = await readState();
    assert.deepEqual([kept?.id, others], ["g", []]);
    assert.deepEqual(kept?.initErrors, ["[Timeout] not up after 60 min.", "the second"]);
    assert.deepEqual(kept.outputs?.["backup"], { backupId: "b", blocks: [], skipped: [] });
    assert.ok(!JSON.stringify(kept).includes(`":"${PASSWORD}"`), "the password is not in state in plain");
    assert.deepEqual(takeTimeouts(), [["create", 420]]);

    fake.onRead = (record) => {
      return Promise.reject(new UnfinishedError("Timeout", "still not up.", record));
    };
    await engine.stack.refresh();
    assert.deepEqual((await readState())[0]?.initErrors, ["[Timeout] still not up."]);
    fake.calls.splice(0);

    const { resourceChanges } = (await engine.stack.up()).summary;
    assert.equal(resourceChanges?.update, 1);
    assert.deepEqual(takeTimeouts(), [["update", 540]]);
    const [ready] = await readState();
    assert.deepEqual([ready?.id, ready?.outputs?.["state"], ready?.initErrors], ["g", "Running", undefined]);
    assert.deepEqual((await engine.stack.up()).summary.resourceChanges, { same: 2 });

    await engine.stack.destroy();
    assert.deepEqual(takeTimeouts(), [["delete", 660]]);
  });

  it("keeps the old inputs when a change of it is cut short", async () => {
    await engine.stack.up();
    args = { ...args, size: 16 };
    fake.onUpdate = ({ id, outputs }) => {
      const record = { id, outputs: { ...outputs, state: "Resizing" } };
      return Promise.reject(new UnfinishedError("Timeout", "still resizing.", record));
    };
    await assert.rejects(engine.stack.up(), /still resizing/);
    const [kept] = await readState();
    assert.deepEqual([kept?.inputs?.["size"], kept?.outputs?.["state"]], [8, "Resizing"]);
  });

  it("is asked to delete what it replaces although it failed, under --continue-on-error only", async () => {
    await engine.stack.up();
    args = { ...args, triggers: { a: "1" } };
    failCreate("g");
    fake.calls.splice(0);
    await assert.rejects(engine.stack.up());
    assert.ok(!fake.methods.includes("delete"));
    const ids = (await readState()).map(({ id, delete: isOld }) => [id, isOld]);
    assert.deepEqual(ids, [
      ["g", undefined],
      ["group-1", true],
    ]);

    fake.onUpdate = (change) => Promise.reject(new UnfinishedError("Timeout", "still not up.", change));
    const failedAtDelete: (boolean | undefined)[] = [];
    fake.onDelete = (_record, { attempts, urn }) => {
      failedAtDelete.push(attempts.hasFailed(urn));
      return Promise.resolve();
    };
    await assert.rejects(engine.stack.up({ continueOnError: true }));
    assert.deepEqual(failedAtDelete, [true]);
  });

  it("is replaced by `--replace` without a comparison, and without its old inputs", async () => {
    await engine.stack.up();
    options = { ignoreChanges: ["size"] };
    args = { ...args, size: 16 };
    fake.calls.splice(0);
    const urn = `urn:pulumi:${engine.stack.name}::${await readProject()}::${FAKE_TYPE}::db`;
    await engine.stack.up({ replace: [urn] });
    assert.deepEqual(fake.methods, ["check", "create", "delete"]);
    const [check, create] = fake.calls.map(({ request }) => request as Record<string, unknown>);
    assert.equal(check?.["olds"], undefined);
    assert.equal(create?.["size"], 16, "ignoreChanges counts for nothing");
  });

  async function readProject(): Promise<string> {
    return (await engine.stack.workspace.projectSettings()).name;
  }
});
