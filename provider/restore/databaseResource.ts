import type { KnownArguments, RawArguments } from "../backups/arguments";
import { checkRestore } from "./check";
import { compareRestore } from "./compare";
import { createDatabase } from "./create";
import { deleteDatabase } from "./delete";
import { judgeUnfinished } from "./judge";
import type { RestoreKind } from "./kinds";
import { isPlannable, planRestore } from "./plan";
import { readDatabase } from "./read";
import type {
  ChangeRequest,
  CheckRequest,
  ReadRecord,
  ResourceDiff,
  ResourceOutputs,
  ResourceRecord,
  RestoreContext,
  WritingResource,
} from "./resource";
import { previewUpdate, updateDatabase } from "./update";

/** Outputs that repeat an argument. Without the argument there will be none, as a preview can say. */
const NEVER_FILLED_IN: readonly string[] = [
  "password",
  "preflight",
  "projectId",
  "proxyPort",
  "proxySize",
  "quantity",
  "slaveZone",
  "triggers",
];

/** A database that is made from a backup. */
export class DatabaseResource implements WritingResource {
  constructor(private readonly kind: RestoreKind) {}

  check(request: CheckRequest, context: RestoreContext): Promise<RawArguments> {
    return checkRestore(this.kind, request, context);
  }

  compare(change: ChangeRequest, context: RestoreContext): Promise<ResourceDiff> {
    return compareRestore(this.kind, change, context, () => judgeUnfinished(this.kind, change, context));
  }

  async plan({ args, unknown }: KnownArguments, context: RestoreContext): Promise<ResourceOutputs> {
    if (unknown !== undefined && !isPlannable(unknown)) return args;
    const { description, target, notes, outputs } = await planRestore(this.kind, args, context, unknown);
    context.inform([`Would restore ${description} into ${target}.`, ...notes].join(" "));
    const absent = NEVER_FILLED_IN.filter((name) => unknown?.has(name) !== true);
    return { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...outputs };
  }

  create(args: RawArguments, context: RestoreContext): Promise<ResourceRecord> {
    return createDatabase(this.kind, args, context);
  }

  read(record: ReadRecord, context: RestoreContext): Promise<ReadRecord | undefined> {
    return readDatabase(this.kind, record, context);
  }

  update(change: ChangeRequest, context: RestoreContext): Promise<ResourceOutputs> {
    return updateDatabase(this.kind, change, context);
  }

  previewUpdate(change: ChangeRequest): ResourceOutputs {
    return previewUpdate(change);
  }

  delete(record: ResourceRecord, context: RestoreContext): Promise<void> {
    return deleteDatabase(this.kind, record, context);
  }
}
