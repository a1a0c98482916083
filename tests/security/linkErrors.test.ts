/** Servers that write download links where no link belongs: nothing that users see may hold one. */
import assert from "node:assert/strict";
import { addBackups, demo, type Fault, type Simulator, startSimulator } from "../../simulator";
import { LINK_MARK } from "../../simulator/linkQueries";
import { type PluginProcess, startPlugin } from "../support/pluginProcess";
import { createSettings } from "../support/simulatedSettings";
import { type StandInEngine, startEngine } from "../support/standInEngine";

const LINK = `https://backups.ucloud.test/a.rdb?Expires=1&Signature=${LINK_MARK}AbCdEf0123456789`;
const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };

/** Variables that make Node.js and libraries write debug output to standard error, which the engine logs. */
const DEBUG_ENV = {
  DEBUG: "*",
  NODE_DEBUG: "http,https,net,tls,stream",
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  PULUMI_DEBUG: "1",
};

const ID_HEADER = "X-UCLOUD-REQUEST-UUID";

/** How servers write a link. */
const FORMS: readonly (readonly [name: string, text: string])[] = [
  ["as it is", LINK],
  ["without its scheme", LINK.replace("https://", "")],
  ["escaped as in a URL", encodeURIComponent(LINK)],
  ["escaped as in JSON", LINK.replaceAll("/", "\\/")],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ BackupPath: LINK, Signature: `${LINK_MARK}x` }))],
  ["in HTML", `<a href="${LINK.replaceAll("&", "&amp;")}">`],
];

describe("download links in answers of a careless API never show", () => {
  let plugin: PluginProcess;
  let engine: StandInEngine;
  let simulator: Simulator;
  let shown: string[];
  let asks: readonly (readonly [name: string, args: object])[];

  before(async () => {
    simulator = await startSimulator();
    engine = await startEngine();
    plugin = await startPlugin({
      args: [engine.address],
      env: DEBUG_ENV,
      settings: createSettings(simulator, { maxRetries: 0 }),
    });
    const backupId = (await plugin.invokeResult("getLatestURedisBackup", GROUP))["backupId"];
    const shardsId = (await plugin.invokeResult("getLatestUMemBackup", SPACE))["backupId"];
    asks = [
      ["getURedisBackupUrl", { ...GROUP, backupId }],
      ["getUMemBackupUrls", { ...SPACE, backupId: shardsId }],
    ];
  });
  beforeEach(() => (shown = []));
  afterEach(() => simulator.clearFaults());
  after(async () => {
    await plugin.stop();
    engine.close();
    await simulator.close();
    // Its output is complete only after its end.
    assertNothingShows();
    assert.match(plugin.output.stderr, /HTTP \d+: /, "Node.js writes its debug output");
  });

  /** Calls both functions, which must fail, and collects their failures. */
  async function fail(): Promise<void> {
    for (const [name, args] of asks) {
      const failure: unknown = await plugin.invoke(name, args).then(
        () => assert.fail(`${name} succeeded`),
        (error: unknown) => (error as { details?: string }).details ?? error,
      );
      shown.push(String(failure));
    }
  }

  function assertNothingShows(): void {
    const printed = engine.messages.flat().concat(plugin.output.stdout, plugin.output.stderr);
    for (const text of [...shown, ...printed]) assert.ok(!text.includes(LINK_MARK), text);
  }

  it("where the calls succeed", async () => {
    for (const [name, args] of asks) {
      assert.ok(JSON.stringify(await plugin.invokeResult(name, args)).includes(LINK_MARK));
    }
    assertNothingShows();
  });

  for (const [form, text] of FORMS) {
    const faults: readonly (readonly [where: string, fault: Fault])[] = [
      ["the message of a RetCode", { kind: "retCode", retCode: 230, message: text }],
      ["the message of an unknown RetCode", { kind: "retCode", retCode: 8888, message: text }],
      ["the RetCode", { kind: "json", body: { RetCode: text, Message: text } }],
      ["the body of an error", { kind: "status", status: 403, body: text }],
      ["a web page", { kind: "html", body: `<html>${text}</html>` }],
      ["broken JSON", { kind: "raw", body: `{"BackupPath":"${text}` }],
      ["unknown fields", { kind: "json", body: { RetCode: 0, Url: text, Links: [text], BackupPath: {} } }],
      ["a map in place of a link", { kind: "json", body: { RetCode: 0, BackupURL: { [text]: text } } }],
      ["the id of the request", { kind: "raw", status: 500, body: "", headers: { [ID_HEADER]: text } }],
      ["Retry-After", { kind: "status", status: 503, retryAfter: text }],
      ["a redirect", { kind: "redirect", location: LINK }],
    ];
    for (const [where, fault] of faults) {
      it(`${form}, in ${where}`, async () => {
        const isAboutLinks: Fault["when"] = ({ parameters: { Action = "" } }) => Action.endsWith("URL");
        simulator.injectFault({ ...fault, when: isAboutLinks, times: Infinity });
        await fail();
        const isOwn = /^\[\w+\] (Describe\w+URL |.* links to 0 of the 4 shards)/;
        assert.ok(shown.every((each) => isOwn.test(each)));
        // Nothing at all of what such an action answers is shown.
        for (const each of shown) assert.doesNotMatch(each, /ucloud\.test|Expires/);
        assertNothingShows();
        simulator.clearFaults();

        // The listing before it shows the API's words, but no link that works.
        simulator.injectFault({ ...fault, times: Infinity });
        await fail();
        assertNothingShows();
      });
    }
  }

  it("in malformed rows", async () => {
    const { fleet } = simulator;
    const [row] = fleet.uredis.filter((each) => each.row.GroupId === demo.uredisGroupId);
    const [shard] = fleet.umem.filter((each) => each.row.SpaceId === demo.umemSpaceId);
    assert.ok(row !== undefined && shard !== undefined);
    const odd = { State: LINK as never, BackupName: LINK, BackupId: "odd" };
    simulator.fleet = addBackups(fleet, {
      uredis: [{ ...row, row: { ...row.row, ...odd } }],
      umem: [{ ...shard, row: { ...shard.row, ...odd } }],
    });
    const before = asks;
    asks = before.map(([name, args]) => [name, { ...args, backupId: "odd" }]);
    await fail();
    [asks, simulator.fleet] = [before, fleet];
    assert.ok(
      shown.every((each) => /^\[NoUsableBackup\] .*unknown state/.test(each)),
      shown.join("\n"),
    );
    assertNothingShows();
  });

  it("where the call is cancelled before the answer arrives", async () => {
    const [ask] = asks;
    assert.ok(ask);
    const [name, args] = ask;
    const held = simulator.hold({ action: "DescribeURedisBackupURL", effect: "after" });
    const call = plugin.invoke(name, args).catch((error: unknown) => (error as { details: string }).details);
    await held.reached;
    await plugin.cancel();
    shown.push(JSON.stringify(await call));
    held.release();
    assert.match(shown[0] ?? "", /^"\[Cancelled\] DescribeURedisBackupURL was cancelled/);
    assertNothingShows();
  });
});
