import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import * as fc from "fast-check";
import { functions, config } from "../../provider/schema.json";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { encodeInvoke } from "../support/rawInvoke";
import { type HostileApi, startHostileApi } from "./hostileApi";
import { answerCase, argumentCase, type AnswerCase, settingValue } from "./hostileInput";

/** The number of concurrent cases, and of batches of them. */
const BATCH = 25;
const BATCHES = 40;
/** The time limit of a batch, for a slow machine, too. */
const WITHIN_MS = 10_000;
const LIST = "ucloud-redis:index:getURedisBackups";

describe(`the plugin with ${3 * BATCH * BATCHES} cases of arbitrary input`, function () {
  this.timeout(120_000);
  let plugin: PluginProcess;
  let api: HostileApi;

  before(async () => {
    api = await startHostileApi();
    plugin = await startPlugin();
  });
  beforeEach(() => plugin.configure(settings()));
  afterEach(async () => {
    // It still runs, and has printed only its port.
    assert.equal((await plugin.getPluginInfo()).getVersion(), "0.1.0");
    assert.deepEqual(plugin.output, { stdout: `${plugin.port}\n`, stderr: "" });
  });
  after(async () => {
    await plugin.stop();
    await api.close();
  });

  function settings(): object {
    const keys = { publicKey: "a", privateKey: "b", region: "cn-bj2" };
    return { ...keys, baseUrl: api.url, maxRetries: 0, timeoutSeconds: 5 };
  }

  /** Runs batches of cases. Each must end in time, with a result or a failure that can be shown. */
  async function assertAll<Case>(
    arbitrary: fc.Arbitrary<Case>,
    run: (each: Case) => Promise<string>,
  ): Promise<void> {
    const batch = fc.array(arbitrary, { minLength: BATCH, maxLength: BATCH });
    const property = fc.asyncProperty(batch, async (cases) => {
      const startedAt = performance.now();
      const check = async (each: Case): Promise<void> => {
        try {
          assertPresentable(await run(each));
        } catch (error) {
          throw new Error(`case ${JSON.stringify(each).slice(0, 2000)}`, { cause: error });
        }
      };
      await Promise.all(cases.map(check));
      assert.ok(performance.now() - startedAt < WITHIN_MS, "took too long");
    });
    // The message contains the failing case. Shrinking the batch would take minutes.
    await fc.assert(property, { numRuns: BATCHES, endOnFailure: true });
  }

  it("refuses settings by name or takes them", async () => {
    const names = fc.constantFrom(...Object.keys(config.variables), "__proto__", "constructor", "");
    const given = fc
      .array(fc.tuple(names, settingValue), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries));
    await assertAll(given, async (each) => {
      const { failures } = await plugin.checkConfig(each);
      for (const { reason } of failures) assert.match(reason, /^\[InvalidConfig\] /);
      const isTaken = await plugin.configure(each).then(
        () => true,
        (error: unknown) => {
          assert.match((error as ServiceError).details, /^\[InvalidConfig\] /);
          return false;
        },
      );
      assert.equal(isTaken, failures.length === 0, "Configure and CheckConfig agree");
      return failures.map(({ reason }) => reason).join("\n");
    });
  });

  it("answers arguments with a result, failures or a code", async () => {
    api.respond(() => ({ body: '{"RetCode":0,"TotalCount":0,"DataSet":[]}' }));
    await assertAll(argumentCase(functions), async ([token, entries]) => ask(encodeInvoke(token, entries)));
  });

  it("returns the API's answers as data or refuses them", async () => {
    const cases = new Map<string, AnswerCase>();
    api.respond(
      (parameters) => cases.get(parameters["GroupId"] ?? parameters["SpaceId"] ?? "") ?? { body: "" },
    );
    let number = 0;
    await assertAll(answerCase, async (each) => {
      const id = `case-${number++}`;
      cases.set(id, each);
      const args = each.isUMem ? { zone: "z", spaceId: id } : { groupId: id };
      const name = `${each.isLatest ? "getLatest" : "get"}${each.isUMem ? "UMem" : "URedis"}Backup${each.isLatest ? "" : "s"}`;
      return ask(encodeInvoke(`ucloud-redis:index:${name}`, Object.entries(args)));
    });
  });

  it("is not stalled by a regular expression", async () => {
    const rows = Array.from({ length: 50 }, (_, id) => ({
      BackupId: `b${id}`,
      BackupName: "a".repeat(20_000),
      State: "Success",
    }));
    const body = JSON.stringify({ RetCode: 0, TotalCount: rows.length, DataSet: rows });
    api.respond(() => ({ body }));
    for (const pattern of [
      "(a+)+$b",
      "(a|aa)+$b",
      "(.*a){12}b",
      "(a?){50}a{50}b",
      "^(([a-z])+.)+[A-Z]([a-z])+$",
      "(a*)*b",
      "a{1000}{1000}",
    ]) {
      const startedAt = performance.now();
      const args = { groupId: "g", nameRegex: pattern };
      assertPresentable(await ask(encodeInvoke(LIST, Object.entries(args))));
      assert.ok(performance.now() - startedAt < 3000, `${pattern} took ${performance.now() - startedAt} ms`);
    }
  });

  it("keeps answers with prototype names out of its own prototypes", async () => {
    const pollution = '{"RetCode":171,"Region":"polluted","BackupId":"polluted"}';
    const row = `{"BackupId":"b","__proto__":${pollution},"constructor":{"prototype":${pollution}}}`;
    api.respond(() => ({ body: `{"__proto__":${pollution},"RetCode":0,"TotalCount":1,"DataSet":[${row}]}` }));
    const found = await plugin.invokeResult("getURedisBackups", { groupId: "g" });
    assert.equal((found["backups"] as object[]).length, 1);
    assert.doesNotMatch(JSON.stringify(found), /polluted/);
    api.respond(() => ({ body: '{"RetCode":0,"TotalCount":1,"DataSet":[{}]}' }));
    const next = await plugin.invokeResult("getURedisBackups", { groupId: "g" });
    assert.doesNotMatch(JSON.stringify(next), /polluted/);
  });

  /** Calls a function, checks the form of its answer, and returns the text of its failures. */
  async function ask(request: Uint8Array): Promise<string> {
    try {
      const answer = await plugin.invokeRaw(request);
      const { failures, result } = answer;
      assert.ok(failures.length > 0 || Object.keys(result).length > 0);
      for (const { property, reason } of failures) {
        // An item of a list is named in the text only.
        const isOfItem = property === "" && /^\[InvalidArgument\] \w+\[\d+\][. ]/.test(reason);
        // A failure of any code that is too long for gRPC's status comes as one of no property.
        const isLong =
          property === "" && Buffer.byteLength(reason) > 1_500 && /^\[[A-Z][A-Za-z]+\] ./s.test(reason);
        const isNamed = reason.startsWith(`[InvalidArgument] ${property} `);
        assert.ok(isOfItem || isLong || isNamed, `${property}: ${reason}`);
      }
      return failures.map(({ reason }) => reason).join("\n");
    } catch (error) {
      const { details } = error as Partial<ServiceError>;
      if (details === undefined) throw error;
      assert.match(details, /^\[[A-Z][A-Za-z]+\] ./s);
      return details;
    }
  }
});

function assertPresentable(text: string): void {
  assert.doesNotMatch(text, /^\s+at |node:internal|\.[cm]?[jt]s:\d|TypeError|RangeError|Please report/m);
  assert.ok(text.isWellFormed() && text.length < 20_000);
}
