/** A resource that writes nothing, in place of those of provider/restore. */
import type { RawArguments } from "../../provider/backups/arguments";
import type {
  ChangeRequest,
  CheckRequest,
  ReadRecord,
  ResourceDiff,
  ResourceOutputs,
  ResourceRecord,
  RestoreContext,
  WritingResource,
} from "../../provider/restore/resource";
import { hostedResources, type ResourceTable } from "../../provider/plugin/resources";
import { createWritingResource } from "../../provider/plugin/writingResources";

/** The type of {@link FakeResource}. The schema does not have it. */
export const FAKE_TYPE = "ucloud-redis:index:FakeDatabase";

/** The names of its outputs, as the schema would have them. */
export const FAKE_OUTPUTS = ["name", "size", "password", "source", "groupId", "state", "backup"] as const;

/** One call of the host: the method, and what it was given. */
export interface FakeCall {
  readonly method: keyof WritingResource;
  readonly request: unknown;
  readonly context?: RestoreContext | undefined;
}

/**
 * Records its calls. A test replaces the answers that it is about. As it comes, a change of `triggers` replaces
 * and any other updates; an id is the group's.
 */
export class FakeResource implements WritingResource {
  readonly calls: FakeCall[] = [];
  #made = 0;

  onCheck: WritingResource["check"] = ({ args }) => Promise.resolve({ name: "auto", ...args });
  onCompare: WritingResource["compare"] = ({ args, oldArgs }) => {
    const names = [...new Set([...Object.keys(args), ...Object.keys(oldArgs)])];
    const changed = names.filter((name) => JSON.stringify(args[name]) !== JSON.stringify(oldArgs[name]));
    const isReplacement = changed.includes("triggers");
    return Promise.resolve({
      replaces: isReplacement ? ["triggers"] : [],
      updates: isReplacement ? [] : changed,
    });
  };
  onPlan: WritingResource["plan"] = ({ args }) => Promise.resolve(args);
  onCreate: WritingResource["create"] = (args) => {
    const id = `group-${++this.#made}`;
    return Promise.resolve({ id, outputs: { ...args, groupId: id, state: "Running" } });
  };
  onRead: WritingResource["read"] = (record) => Promise.resolve(record);
  onUpdate: WritingResource["update"] = ({ outputs, args }) =>
    Promise.resolve({ ...outputs, ...args, state: "Running" });
  onDelete: WritingResource["delete"] = () => Promise.resolve();

  /** The plugin's resources, and this one. */
  get table(): ResourceTable {
    return {
      ...hostedResources,
      [FAKE_TYPE]: createWritingResource({ resource: this, outputs: FAKE_OUTPUTS }),
    };
  }

  /** The names of the calls so far. */
  get methods(): readonly string[] {
    return this.calls.map(({ method }) => method);
  }

  check(request: CheckRequest, context: RestoreContext): Promise<RawArguments> {
    this.calls.push({ method: "check", request, context });
    return this.onCheck(request, context);
  }

  compare(request: ChangeRequest, context: RestoreContext): Promise<ResourceDiff> {
    this.calls.push({ method: "compare", request, context });
    return this.onCompare(request, context);
  }

  plan(request: CheckRequest, context: RestoreContext): Promise<ResourceOutputs> {
    this.calls.push({ method: "plan", request, context });
    return this.onPlan(request, context);
  }

  create(request: RawArguments, context: RestoreContext): Promise<ResourceRecord> {
    this.calls.push({ method: "create", request, context });
    return this.onCreate(request, context);
  }

  read(request: ReadRecord, context: RestoreContext): Promise<ReadRecord | undefined> {
    this.calls.push({ method: "read", request, context });
    return this.onRead(request, context);
  }

  update(request: ChangeRequest, context: RestoreContext): Promise<ResourceOutputs> {
    this.calls.push({ method: "update", request, context });
    return this.onUpdate(request, context);
  }

  previewUpdate(request: ChangeRequest): ResourceOutputs {
    this.calls.push({ method: "previewUpdate", request });
    return { ...request.outputs, ...request.args };
  }

  delete(request: ReadRecord, context: RestoreContext): Promise<void> {
    this.calls.push({ method: "delete", request, context });
    return this.onDelete(request, context);
  }
}
