import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { lookupFunctions } from "../../provider/backups/functions";
import { pinOperations } from "../../provider/backups/pins";
import { findResource, hostedResources } from "../../provider/plugin/resources";
import { findFunction } from "../../provider/plugin/registry";
import schema from "../../provider/schema.json";
import { SETTING_NAMES } from "../../provider/ucloud/settingSources";
import * as sdk from "../../sdk/nodejs";
import { addBackups, createDemoFleet, demo, type Simulator, startSimulator } from "../../simulator";
import type { Properties } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const ROOT = path.join(__dirname, "..", "..");
const tokens = Object.keys(schema.functions);
const resourceTokens = Object.keys(schema.resources);
/** They create, change or delete in the cloud. */
const writing = ["RestoredURedisGroup", "RestoredUMemSpace", "URedisBackup", "UMemBackup"];

/** Pulumi's mark of a secret. */
const SECRET_KEY = "4dabf18193072939515e22adb298388d";

interface ObjectSpec {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required?: readonly string[];
}

interface PropertySpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySpec;
}

describe("the schema", () => {
  it("has exactly the functions of the plugin", () => {
    assert.deepEqual(Object.keys(lookupFunctions).sort(), [...tokens].sort());
    for (const token of tokens) assert.equal(typeof findFunction(token), "function");
    for (const token of ["constructor", "__proto__", "getURedisBackups"]) {
      assert.equal(findFunction(token), undefined);
    }
  });

  it("has exactly the plugin's pins, and the resources that write", () => {
    const others = writing.map((name) => `ucloud-redis:index:${name}`);
    assert.deepEqual([...Object.keys(pinOperations), ...others].sort(), [...resourceTokens].sort());
    for (const token of resourceTokens) assert.equal(typeof findResource(token, hostedResources), "object");
    for (const token of ["constructor", "__proto__"]) {
      assert.equal(findResource(token, hostedResources), undefined);
    }
  });

  it("has the functions and resources that the SDK exports, each function also for outputs", () => {
    const exported = Object.entries(sdk)
      .filter(([, value]) => typeof value === "function")
      .map(([name]) => name);
    const names = tokens.map((token) => token.replace("ucloud-redis:index:", ""));
    const resources = resourceTokens.map((token) => token.replace("ucloud-redis:index:", ""));
    const expected = [...names.flatMap((name) => [name, `${name}Output`]), ...resources, "Provider"];
    assert.deepEqual(exported.sort(), expected.sort());
  });

  it("has the version of the package", () => {
    const text = fs.readFileSync(path.join(ROOT, "package.json"), "utf8");
    const { version } = JSON.parse(text) as { version: string };
    assert.equal(schema.version, version);
  });

  it("has the settings that the plugin reads, for stack config and for providers alike", () => {
    assert.deepEqual(Object.keys(schema.config.variables), [...SETTING_NAMES]);
    assert.deepEqual(schema.provider.inputProperties, schema.config.variables);
  });

  it("names no environment variables, as generated SDK code would put keys from them into state", () => {
    assert.doesNotMatch(JSON.stringify(schema.provider.inputProperties), /defaultInfo|"environment"/);
  });

  it("describes every function, argument and field, each function with examples", () => {
    for (const [token, { description, inputs, outputs }] of Object.entries(schema.functions)) {
      assert.match(description, /```typescript[\s\S]*```yaml/, token);
      for (const { properties } of [inputs, outputs]) {
        const described = Object.entries<{ description?: string }>(properties);
        for (const [name, spec] of described) assert.ok(spec.description, `${token} ${name}`);
      }
    }
  });
});

describe("the schema's secrets in results of functions", () => {
  it("are whole fields of the result, as hosts mark no others", () => {
    const secrets = Object.values(schema.functions).flatMap(({ outputs }) =>
      Object.entries<{ secret?: boolean }>(outputs.properties).filter(([, { secret }]) => secret === true),
    );
    const names = secrets.map(([name]) => name);
    assert.deepEqual(names.sort(), ["url", "urls"]);
    const marks = (value: object): number => JSON.stringify(value).split('"secret":true').length - 1;
    assert.equal(marks(schema.functions), names.length);
    const used = Object.entries(schema.types).filter(([, spec]) => marks(spec) > 0);
    assert.deepEqual(used, []);
  });
});

describe("the schema, compared with the plugin's answers", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;

  before(async () => {
    const fleet = createDemoFleet({ now: new Date() });
    simulator = await startSimulator({ fleet: addBackups(fleet, {}) });
    plugin = await startPlugin({ settings: createSettings(simulator, { projectId: demo.projectId }) });
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });

  it("is what GetSchema answers", async () => {
    const file = fs.readFileSync(path.join(ROOT, "provider", "schema.json"), "utf8");
    assert.deepEqual(await plugin.getSchema(), JSON.parse(file));
  });

  it("has the version that GetPluginInfo answers", async () => {
    assert.equal((await plugin.getPluginInfo()).getVersion(), schema.version);
  });

  const copies = { region: demo.otherRegion, regionType: "target" };
  for (const [name, args] of [
    ["getURedisBackups", { regionType: "normal" }],
    ["getURedisBackups", copies],
    ["getUMemBackups", { zone: demo.zone, spaceId: demo.umemSpaceId }],
    ["getLatestURedisBackup", { groupId: demo.uredisGroupId }],
    ["getLatestURedisBackup", copies],
    ["getLatestUMemBackup", { zone: demo.zone, spaceId: demo.umemSpaceId }],
  ] as const) {
    it(`has every field of the result of ${name} ${JSON.stringify(args)}, of its type`, async () => {
      const result = await plugin.invokeResult(name, args);
      const { outputs } = schema.functions[`ucloud-redis:index:${name}`];
      assert.deepEqual(findMismatches(result, outputs, name), []);
      const seen = Object.keys(result);
      const optional = ["slaveZone", "srcRegionName", "dstRegionName"];
      const unseen = Object.keys(outputs.properties).filter((each) => !seen.includes(each));
      assert.deepEqual(
        unseen.filter((each) => !optional.includes(each)),
        [],
      );
    });
  }

  const space = { zone: demo.zone, spaceId: demo.umemSpaceId };
  for (const [name, latest, args] of [
    ["getURedisBackupUrl", "getLatestURedisBackup", { groupId: demo.uredisGroupId }],
    ["getURedisBackupUrl", "getLatestURedisBackup", copies],
    ["getUMemBackupUrls", "getLatestUMemBackup", space],
  ] as const) {
    it(`has every field of the result of ${name} ${JSON.stringify(args)}, secret where it says so`, async () => {
      const backupId = await findLatest(plugin, latest, args);
      const result = await plugin.invokeResult(name, { ...args, backupId });
      const { outputs } = schema.functions[`ucloud-redis:index:${name}`];
      const fields = Object.entries(result).map(([field, value]) => {
        const spec = (outputs.properties as Record<string, { secret?: boolean }>)[field];
        const { value: plain, ...marks } = value as { value?: unknown };
        assert.equal(Object.keys(marks).includes(SECRET_KEY), spec?.secret === true, field);
        return [field, spec?.secret === true ? plain : value] as const;
      });
      assert.deepEqual(findMismatches(Object.fromEntries(fields) as Properties, outputs, name), []);
      assert.deepEqual(Object.keys(result).sort(), Object.keys(outputs.properties).sort());
    });
  }
});

/** The id of the newest usable backup. */
async function findLatest(plugin: PluginProcess, name: string, args: object): Promise<string> {
  return (await plugin.invokeResult(name, args))["backupId"] as string;
}

/** The paths at which `value` does not match the schema. */
function findMismatches(value: Properties, { properties, required = [] }: ObjectSpec, at: string): string[] {
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, each]) => {
    const spec = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return spec === undefined
      ? [`${at}.${name} is not in the schema`]
      : findMismatch(each, spec, `${at}.${name}`);
  });
  return [...missing, ...wrong];
}

function findMismatch(value: unknown, spec: PropertySpec, at: string): string[] {
  if (spec.$ref !== undefined) {
    const types = schema.types as unknown as Readonly<Record<string, ObjectSpec>>;
    const type = types[spec.$ref.replace("#/types/", "")];
    return type === undefined ? [`${at}: no such type`] : findMismatches(value as Properties, type, at);
  }
  if (spec.type === "array") {
    if (!Array.isArray(value)) return [`${at} is not a list`];
    return value.flatMap((each, i) => findMismatch(each, spec.items ?? {}, `${at}[${i}]`));
  }
  const isRight = spec.type === "integer" ? Number.isSafeInteger(value) : typeof value === spec.type;
  return isRight ? [] : [`${at} is not a ${spec.type ?? "value"}`];
}
