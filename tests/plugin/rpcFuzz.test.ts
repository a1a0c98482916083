import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import * as fc from "fast-check";
import { functions } from "../../provider/schema.json";
import { demo, type Simulator, startSimulator } from "../../simulator";
import type { InvokeAnswer } from "../support/pluginClient";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { encodeDeepInvoke, encodeInvoke } from "../support/rawInvoke";
import { createSettings } from "../support/simulatedSettings";

const TOKENS = Object.keys(functions);
const NAMES = [...new Set(Object.values(functions).flatMap(({ inputs }) => Object.keys(inputs.properties)))];
const ODD_NAMES = ["__proto__", "constructor", "toString", "", "4dabf18193072939515e22adb298388d", "\ud800"];

const text = fc.oneof(
  fc.constantFrom(demo.region, demo.uredisGroupId, demo.zone, demo.umemSpaceId, "normal", "warn", "26h"),
  fc.constantFrom(
    "(a+)+$",
    "\ud83d",
    "a\udc00",
    "\u0000",
    "\u202e",
    "a".repeat(70_000),
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const value = fc.oneof(
  text,
  fc.double(),
  fc.constantFrom(2 ** 53, -0, 1e300, NaN, Infinity),
  fc.jsonValue({ maxDepth: 8 }),
  fc.array(text, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom(...ODD_NAMES, "value"), text, { maxKeys: 3 }),
  text.map((each) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: each,
  })),
);
const usual = fc.constantFrom(
  [],
  [["groupId", demo.uredisGroupId]],
  [
    ["zone", demo.zone],
    ["spaceId", demo.umemSpaceId],
  ],
) as fc.Arbitrary<[string, unknown][]>;
const unusual = fc.array(fc.tuple(fc.constantFrom(...NAMES, ...NAMES, ...ODD_NAMES), value), {
  maxLength: 4,
});

describe("the plugin, given anything at all", () => {
  let plugin: PluginProcess;
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator();
    plugin = await startPlugin({ settings: createSettings(simulator) });
  });
  after(async () => {
    await plugin.stop();
    await simulator.close();
  });

  /** What the plugin answered, as text; fails unless it is one of the things it may answer. */
  async function askRaw(request: Uint8Array): Promise<string> {
    let answer: InvokeAnswer;
    try {
      answer = await plugin.invokeRaw(request);
    } catch (error) {
      const { details } = error as ServiceError;
      assert.match(details, /^\[[A-Z][A-Za-z]+\] ./s);
      assertPresentable(details);
      return details;
    }
    const { failures, result } = answer;
    for (const { property, reason } of failures) {
      assert.ok(reason.startsWith(`[InvalidArgument] ${property} `), reason);
      assertPresentable(reason);
    }
    assert.ok(failures.length > 0 || Object.keys(result).length > 0);
    return JSON.stringify(answer);
  }

  function assertPresentable(shown: string): void {
    assert.doesNotMatch(shown, /^\s+at |node:internal|\.[cm]?[jt]s:\d|TypeError|RangeError|Please report/m);
    assert.ok(!shown.includes(simulator.privateKey) && shown.isWellFormed());
  }

  it("answers every call with a result, failures or a code, and goes on", async function () {
    this.timeout(60_000);
    const call = fc.tuple(fc.constantFrom(...TOKENS), usual, unusual);
    await fc.assert(
      fc.asyncProperty(call, async ([token, base, odd]) => {
        await askRaw(encodeInvoke(token, [...base, ...odd]));
      }),
      { numRuns: 400 },
    );
    assert.deepEqual([plugin.output.stderr, plugin.output.stdout], ["", `${plugin.port}\n`]);
  });

  for (const levels of [50, 101, 500]) {
    it(`refuses an argument that is nested ${levels} levels deep`, async () => {
      for (const name of ["groupId", "states", "nope"]) {
        const answer = await askRaw(encodeDeepInvoke(TOKENS[0] ?? "", name, levels));
        assert.match(answer, /\[InvalidArgument\]/);
      }
    });
  }

  it("outlives messages that cannot be read", async () => {
    const deepest = encodeDeepInvoke(TOKENS[0] ?? "", "groupId", 5000);
    for (const request of [
      deepest,
      Buffer.of(0xff),
      Buffer.alloc(1000, 0x12),
      Buffer.from("GET / HTTP/1.1"),
    ]) {
      await assert.rejects(
        plugin.invokeRaw(request),
        ({ details }: ServiceError) => !/\n|\bat /.test(details),
      );
    }
    assert.equal((await plugin.getPluginInfo()).getVersion(), "0.1.0");
  });

  it("takes nothing into its prototypes", async () => {
    const pollution = { region: "cn-polluted", groupId: "polluted" };
    for (const name of ["__proto__", "constructor", "prototype"]) {
      await askRaw(encodeInvoke("ucloud-redis:index:getURedisBackups", [[name, pollution]]));
    }
    const bare = await askRaw(encodeInvoke("ucloud-redis:index:getURedisBackups", []));
    assert.match(bare, /groupId is required/);
    assert.ok(simulator.requests.every(({ parameters }) => parameters.Region !== "cn-polluted"));
  });

  it("counts the last of two arguments of one name, as protobuf does", async () => {
    const entries = [
      ["groupId", 5],
      ["groupId", demo.healthyGroupId],
    ] as const;
    const answer = await plugin.invokeRaw(encodeInvoke("ucloud-redis:index:getLatestURedisBackup", entries));
    assert.equal(answer.result.groupId, demo.healthyGroupId);
  });
});
