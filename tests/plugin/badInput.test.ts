import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/engine/unknowns";
import { functions } from "../../provider/schema.json";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { makeSecret } from "../support/pinClient";
import type { CheckFailure } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";

const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };
const CALLS = [
  { name: "getURedisBackups", args: GROUP },
  { name: "getLatestURedisBackup", args: GROUP },
  { name: "getUMemBackups", args: SPACE },
  { name: "getLatestUMemBackup", args: SPACE },
] as const;

/** Wrong values of a property, by its type in the schema. */
const WRONG_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, 0, true, [], ["a"], {}, { a: "b" }, "", " \t\n"],
  array: ["Auto", 3, false, {}, [], [3], ["Auto", null], [""], [["Auto"]], [{}]],
  integer: ["5", "", 1.5, 1e300, 2 ** 53, -1, true, [], {}],
  // Enumerations.
  reference: ["", "Normal", "ERROR", "nothing", 1, true, [], {}, "constructor", "__proto__"],
};

/** Values of the right type that are refused. */
const SENSELESS = {
  nameRegex: ["(", "[", "(?=a)", "(a)\\1", "a{1000}{1000}", "a".repeat(1001)],
  createdAfter: ["2026-01-31", "yesterday", "2026-02-30T00:00:00Z", "2026-01-31T00:00:00", "1767225600"],
  createdBefore: ["2026-01-31T25:00:00Z", "2026-01-31T00:00:00+0100"],
  maxAge: ["26", "h", "-1h", "1 h", "1y", "0h", "1h1d", "1e9h", "999999999999d", "NaN"],
  offset: [-1, -0.5],
  limit: [0, -5],
};

describe("bad arguments over gRPC", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator();
    plugin = await startPlugin();
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });
  beforeEach(() => plugin.configure(createSettings(simulator)));

  /** Returns the failures of a call, which must not send a request. */
  async function refuse(name: string, args: object): Promise<readonly CheckFailure[]> {
    const seen = simulator.requests.length;
    const { failures, result } = await plugin.invoke(name, args);
    assert.ok(failures.length > 0, `${name} took ${JSON.stringify(args)}`);
    assert.deepEqual(result, {});
    assert.equal(simulator.requests.length, seen);
    return failures.map(({ property, reason }) => {
      // An item of a list is named in the text only.
      const [, list] = /^\[InvalidArgument\] (\w+)\[\d+\][. ]/.exec(reason) ?? [];
      if (property === "" && list !== undefined) return { property: list, reason };
      assert.ok(reason.startsWith(`[InvalidArgument] ${property} `), `${property}: ${reason}`);
      return { property, reason };
    });
  }

  for (const { name, args } of CALLS) {
    const { inputs } = functions[`ucloud-redis:index:${name}`];
    const properties = Object.entries(inputs.properties) as [string, { type?: string }][];

    describe(`of ${name}`, () => {
      for (const [property, { type = "reference" }] of properties) {
        it(`are refused by name if ${property} has the wrong type or is empty`, async () => {
          for (const value of WRONG_VALUES[type] ?? []) {
            const failures = await refuse(name, { ...args, [property]: value });
            assert.deepEqual(
              [...new Set(failures.map((each) => each.property))],
              [property],
              JSON.stringify(value),
            );
          }
        });
      }

      for (const [property, values] of Object.entries(SENSELESS)) {
        if (!properties.some(([each]) => each === property)) continue;
        it(`are refused by name if ${property} has a bad value`, async () => {
          for (const value of values) {
            const failures = await refuse(name, { ...args, [property]: value });
            assert.deepEqual(
              failures.map((each) => each.property),
              [property],
              String(value),
            );
          }
        });
      }

      it("are refused by name if the argument does not exist, also for names of the prototype", async () => {
        const other = name.startsWith("getLatest") ? "offset" : "maxAge";
        for (const property of ["groupID", "constructor", "hasOwnProperty", "toString", "", "$", other]) {
          const [failure, ...more] = await refuse(name, { ...args, [property]: "x" });
          assert.deepEqual([failure?.property, more], [property, []]);
          assert.match(failure?.reason ?? "", /is not an argument; the arguments are .*\bnameRegex\b/);
        }
      });

      it("are refused if there is no time between createdAfter and createdBefore", async () => {
        for (const [createdAfter, createdBefore] of [
          ["2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"],
          ["2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z"],
        ]) {
          const failures = await refuse(name, { ...args, createdAfter, createdBefore });
          assert.deepEqual(
            failures.map(({ property }) => property),
            ["createdAfter"],
          );
        }
      });

      it("are all named in one answer", async () => {
        const bad = { nameRegex: "(", createdAfter: "x", createdBefore: "y" };
        const bare = name.includes("URedis") ? bad : { ...args, ...bad };
        const named = (await refuse(name, bare)).map(({ property }) => property);
        const missing = name.includes("URedis") ? ["groupId"] : [];
        assert.deepEqual(named.sort(), [...missing, ...Object.keys(bad)].sort());
      });

      it("include a region that is missing in the call and in the settings", async () => {
        await plugin.configure(createSettings(simulator, { region: undefined }));
        const [failure, ...more] = await refuse(name, args);
        assert.deepEqual([failure?.property, more], ["region", []]);
        assert.match(failure?.reason ?? "", /`ucloud-redis:region`.*UCLOUD_REGION/);
      });

      it("are refused if they are not known yet, also in part or as a secret", async () => {
        for (const unknown of [{ region: UNKNOWN }, { states: [UNKNOWN] }, { region: makeSecret(UNKNOWN) }]) {
          const [property] = Object.keys(unknown);
          const reason = `[InvalidArgument] ${property} is not known yet`;
          assert.deepEqual(await refuse(name, { ...args, ...unknown }), [{ property, reason }]);
        }
      });

      it("are refused also without keys", async () => {
        await plugin.configure({ baseUrl: simulator.url, region: demo.region });
        await refuse(name, { ...args, nope: 1 });
      });

      it("do not include null, which counts as absent", async () => {
        const nulls = Object.fromEntries(properties.map(([property]) => [property, null]));
        assert.deepEqual((await plugin.invoke(name, { ...nulls, ...args })).failures, []);
      });
    });
  }

  for (const name of ["getURedisBackups", "getLatestURedisBackup"]) {
    for (const args of [{}, { groupId: null, regionType: null }, { backupId: "b", slaveZone: "cn-bj2-05" }]) {
      it(`of ${name} name groupId if it and regionType are missing: ${JSON.stringify(args)}`, async () => {
        const [failure, ...more] = await refuse(name, args);
        assert.deepEqual([failure?.property, more], ["groupId", []]);
        assert.match(failure?.reason ?? "", /\bgroupId is required unless regionType is given\b/);
      });
    }
  }

  it("do not include secrets and lists of secrets, whose values count", async () => {
    const args = {
      groupId: makeSecret(demo.uredisGroupId),
      states: makeSecret([makeSecret("Success")]),
      onStale: makeSecret("warn"),
    };
    const { failures, result } = await plugin.invoke("getLatestURedisBackup", args);
    assert.deepEqual([failures, result.groupId], [[], demo.uredisGroupId]);
    const [failure] = await refuse("getLatestURedisBackup", { ...args, region: makeSecret(5) });
    assert.equal(failure?.property, "region");
  });

  for (const token of [
    "getNothing",
    "constructor",
    "__proto__",
    "ucloud-redis:index:URedisBackupSet",
    "a:b:c",
  ]) {
    it(`include a function that does not exist (${token}), with the plugin's version`, async () => {
      await assert.rejects(plugin.invoke(token, {}), {
        details: /^\[InvalidArgument\] .*0\.1\.0.*no function/,
      });
    });
  }
});
