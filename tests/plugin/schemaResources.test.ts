import assert from "node:assert/strict";
import schema from "../../provider/schema.json";
import * as sdk from "../../sdk/nodejs";

interface Described {
  readonly description?: string;
  readonly secret?: boolean;
}

describe("the schema's resources", () => {
  for (const [token, { description, ...spec }] of Object.entries(schema.resources)) {
    const inputs: Readonly<Record<string, Described>> = spec.inputProperties;
    const outputs: Readonly<Record<string, Described>> = spec.properties;

    it(`describe ${token} with examples, an import and every property`, () => {
      assert.match(description, /```typescript[\s\S]*```yaml[\s\S]*## Import[\s\S]*```sh/);
      assert.ok(description.includes(`\npulumi import ${token} `));
      for (const [name, each] of [...Object.entries(inputs), ...Object.entries(outputs)])
        assert.ok(each.description, name);
    });

    it(`have every argument of ${token} as an output, so that it stays in state`, () => {
      assert.deepEqual(
        Object.keys(inputs).filter((name) => !Object.hasOwn(outputs, name)),
        [],
      );
      assert.deepEqual(
        spec.required.filter((name) => !Object.hasOwn(outputs, name)),
        [],
      );
    });

    it(`keep a password of ${token} secret, where it comes in and where it goes out`, () => {
      for (const properties of [inputs, outputs]) {
        const secret = Object.keys(properties).filter((name) => properties[name]?.secret === true);
        assert.deepEqual(
          secret,
          Object.keys(properties).filter((name) => name === "password"),
        );
      }
    });
  }

  for (const [token, examples] of Object.entries({
    "ucloud-redis:index:RestoredURedisGroup": 2,
    "ucloud-redis:index:RestoredUMemSpace": 2,
  }) as [keyof typeof schema.resources, number][]) {
    it(`protect the database in each example of ${token}`, () => {
      const found = schema.resources[token].description.match(/^ +(\{ )?protect: true/gm) ?? [];
      assert.equal(found.length, examples);
    });
  }

  it("may have the name of a type, as the SDK exports both", () => {
    // Compiles only if the types of results are still there, beside the classes of the same names.
    const fields: [keyof sdk.types.output.URedisBackup, keyof sdk.types.output.UMemBackup] = [
      "redisVersion",
      "blocks",
    ];
    assert.deepEqual(fields, ["redisVersion", "blocks"]);
    assert.deepEqual([typeof sdk.URedisBackup, typeof sdk.UMemBackup], ["function", "function"]);
  });

  const { types } = schema;

  it("look for a backup in places as the function does, and restore in each place's own network", () => {
    const { properties: places, required } = types["ucloud-redis:index:URedisBackupLocation"];
    const { properties, ...restore } = types["ucloud-redis:index:URedisRestoreLocation"];
    const { zone, slaveZone, vpcId, subnetId, ...shared } = listTypes(properties);
    assert.deepEqual(shared, listTypes(places));
    assert.deepEqual(restore.required, required);
    const group: Readonly<Record<string, object>> = listTypes(
      schema.resources["ucloud-redis:index:RestoredURedisGroup"].inputProperties,
    );
    for (const [name, type] of Object.entries({ zone, slaveZone, vpcId, subnetId })) {
      assert.deepEqual(type, group[name]);
    }
  });

  for (const kind of ["URedis", "UMem"] as const) {
    const latest = schema.functions[`ucloud-redis:index:getLatest${kind}Backup`];

    it(`look for a ${kind} backup with the arguments of the function`, () => {
      const { properties, ...source } = types[`ucloud-redis:index:${kind}RestoreSource`];
      // A restore's locations say more: see below.
      const items = { $ref: "#/types/ucloud-redis:index:URedisRestoreLocation" };
      const more =
        kind === "UMem"
          ? { backupId: { type: "string", description: "Only this backup." } }
          : { locations: { type: "array", items, description: "Another one." } };
      assert.deepEqual(listTypes(properties), listTypes({ ...latest.inputs.properties, ...more }));
      assert.deepEqual(
        "required" in source ? source.required : [],
        "required" in latest.inputs ? latest.inputs.required : [],
      );
    });

    it(`keep the ${kind} backup with the results of the function`, () => {
      const { properties, required } = types[`ucloud-redis:index:Latest${kind}Backup`];
      assert.deepEqual(listTypes(properties), listTypes(latest.outputs.properties));
      assert.deepEqual(required, latest.outputs.required);
    });

    it(`have every field of a ${kind} backup that is taken by hand`, () => {
      const { properties, required } = types[`ucloud-redis:index:${kind}Backup`];
      const resource = schema.resources[`ucloud-redis:index:${kind}Backup`];
      const outputs: Readonly<Record<string, object>> = listTypes(resource.properties);
      for (const [name, type] of Object.entries(listTypes(properties))) assert.deepEqual(outputs[name], type);
      for (const name of required)
        assert.ok(
          resource.required.some((each) => each === name),
          name,
        );
    });
  }
});

/** The properties without their texts. */
function listTypes(properties: Readonly<Record<string, Described>>): Record<string, object> {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, spec]) => [name, { ...spec, description: undefined }]));
}
