import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
} from "@pulumi/policy";
import { backupIsPinned, finalBackupIsOn, restoreHasMaxAge } from "./policies";

const GROUP = "ucloud-redis:index:RestoredURedisGroup";
const SPACE = "ucloud-redis:index:RestoredUMemSpace";
const PIN = "ucloud-redis:index:URedisBackupPin";
const UMEM_TWIN = "pulumi-nodejs:dynamic/ucloud-redis:UMemBackupPin";
const DATABASE = "anycloud:redis:Database";

/** What a policy says of one resource. */
function countViolations(policy: ResourceValidationPolicy, type: string, props: object): number {
  let count = 0;
  const { validateResource } = policy;
  assert.ok(typeof validateResource === "function");
  void validateResource({ type, props } as unknown as ResourceValidationArgs, () => count++);
  return count;
}

void test("a restore without maxAge is refused", () => {
  for (const type of [GROUP, SPACE]) {
    assert.equal(countViolations(restoreHasMaxAge, type, { source: { groupId: "uredis-a" } }), 1);
    assert.equal(countViolations(restoreHasMaxAge, type, { source: { maxAge: "26h" } }), 0);
    assert.equal(countViolations(restoreHasMaxAge, type, {}), 0, "imported");
    assert.equal(countViolations(restoreHasMaxAge, type, { source: { backupId: "b-1" } }), 0, "named");
    assert.equal(countViolations(restoreHasMaxAge, type, { source: makeUnknown("backupId") }), 0, "pinned");
  }
  assert.equal(countViolations(restoreHasMaxAge, DATABASE, { source: {} }), 0);
});

void test("a deletion without a last backup is refused", () => {
  const expected: readonly (readonly [string, boolean | undefined, number])[] = [
    [GROUP, undefined, 0],
    [GROUP, true, 0],
    [GROUP, false, 1],
    [SPACE, undefined, 1],
    [SPACE, false, 1],
    [SPACE, true, 0],
    [DATABASE, false, 0],
  ];
  for (const [type, finalBackup, count] of expected) {
    assert.equal(
      countViolations(finalBackupIsOn, type, { finalBackup }),
      count,
      `${type} ${String(finalBackup)}`,
    );
  }
});

/** A resource, its outputs, and the resources that each of its inputs is from. */
function makeResource(
  type: string,
  props: Readonly<Record<string, unknown>>,
  propertyDependencies: Readonly<Record<string, readonly PolicyResource[]>> = {},
): PolicyResource {
  return { type, props, propertyDependencies, name: "it", urn: `urn:${type}` } as unknown as PolicyResource;
}

/** The resources of a stack that may not stay as they are. Their inputs are their outputs by default. */
function listRefused(
  resources: readonly PolicyResource[],
  inputs?: Readonly<Record<string, unknown>>,
): string[] {
  const urns: string[] = [];
  const { validateResource, validateStack } = backupIsPinned;
  assert.ok(typeof validateResource === "function");
  const fail = (): never => assert.fail("reports on the whole stack only");
  for (const { props, ...each } of resources) {
    void validateResource({ ...each, props: inputs ?? props } as unknown as ResourceValidationArgs, fail);
  }
  const args = { resources } as unknown as StackValidationArgs;
  void validateStack(args, (_message, urn = "") => urns.push(urn));
  return urns;
}

/** As Pulumi hands properties to a policy in a preview: reading one that is not known yet throws. */
function makeUnknown(name: string): Record<string, unknown> {
  const fail = (): never => {
    throw new Error("unknown");
  };
  return Object.defineProperty({}, name, { enumerable: true, get: fail });
}

void test("a database with the id of a backup that no pin keeps is refused", () => {
  for (const props of [
    { backupId: "b-1" },
    { restore: [{ backup_id: "b-1" }] },
    makeUnknown("sourceBackupId"),
  ]) {
    const database = makeResource(DATABASE, props);
    assert.deepEqual(listRefused([database]), [`urn:${DATABASE}`]);
    for (const pin of [makeResource(PIN, { backupId: "b-2" }), makeResource(PIN, makeUnknown("backupId"))]) {
      assert.deepEqual(listRefused([pin, database]), [`urn:${DATABASE}`]);
    }
  }
});

void test("a database takes its backup from a pin, by reference or with the same id", () => {
  for (const type of [PIN, UMEM_TWIN, "ucloud-redis:index:UMemBackup"]) {
    const pin = makeResource(type, makeUnknown("backupId"));
    const database = makeResource(DATABASE, makeUnknown("backupId"), { backupId: [pin] });
    assert.deepEqual(listRefused([pin, database]), []);
  }
  const pin = makeResource(PIN, { backupId: "b-1" });
  assert.deepEqual(listRefused([pin, makeResource(DATABASE, { backupId: "b-1" })]), []);
});

void test("a database with another id is refused, whatever pins its input is from", () => {
  for (const props of [{ backupId: "b-1" }, makeUnknown("backupId")]) {
    const pin = makeResource(PIN, props);
    const database = makeResource(DATABASE, { backupId: "b-2" }, { backupId: [pin] });
    assert.deepEqual(listRefused([pin, database]), [`urn:${DATABASE}`]);
  }
  const otherStack = makeResource("pulumi:pulumi:StackReference", {});
  assert.deepEqual(
    listRefused([makeResource(DATABASE, { backupId: "b-2" }, { backupId: [otherStack] })]),
    [],
    "the pins of another stack are not visible",
  );
});

void test("what only puts out the id of a backup, other inputs, and this package's own databases are left alone", () => {
  assert.deepEqual(listRefused([makeResource(DATABASE, { backupId: "b-1" })], { size: 1 }), []);
  assert.deepEqual(listRefused([makeResource(DATABASE, { backupIds: 3 })]), []);
  assert.deepEqual(listRefused([makeResource(GROUP, { source: { backupId: "b-1" } })]), []);
});
