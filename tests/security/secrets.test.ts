import assert from "node:assert/strict";
import fs from "node:fs";
import { SETTING_NAMES } from "../../provider/ucloud/settingSources";
import { demo, type Fault, type RecordedRequest, type Simulator, startSimulator } from "../../simulator";
import { type PluginOptions, type PluginProcess, startPlugin } from "../support/pluginProcess";
import { startEngine, type StandInEngine } from "../support/standInEngine";
import { type Loopback, serveHttp } from "../support/loopback";
import { startProxy } from "../support/proxy";
import { findMarker, findSignature, MARKERS } from "./markers";

const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };
const SETTINGS = { region: demo.region, maxRetries: 0 };

/** Variables that make Node.js and libraries write debug output to standard error, which the engine logs. */
const DEBUG_ENV = {
  DEBUG: "*",
  NODE_DEBUG: "http,https,net,tls,stream",
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  PULUMI_DEBUG: "1",
};

/** Messages that echo parts of the request, as servers have been seen to do, and worse ones. */
const ECHOES: readonly [name: string, echo: (request: RecordedRequest) => string][] = [
  ["the signature", ({ parameters }) => `wrong ${parameters["Signature"] ?? ""}`],
  [
    "the string it signed",
    ({ parameters }) => Object.entries(parameters).flat().join("") + MARKERS.privateKey,
  ],
  ["the request as a URL", ({ parameters }) => `http://api/?${new URLSearchParams(parameters).toString()}`],
  ["the request as JSON in JSON", ({ parameters }) => JSON.stringify(JSON.stringify(parameters))],
  ["the request in upper case", ({ parameters }) => JSON.stringify(parameters).toUpperCase()],
  [
    "keys that are cut short",
    () =>
      Object.values(MARKERS)
        .map((key) => key.slice(0, 20))
        .join("... "),
  ],
  ["the token in HTML", () => `<b>${MARKERS.securityToken.replace("&", "&amp;")}</b>`],
  ["keys after a long text", () => "x".repeat(490) + MARKERS.privateKey],
];

/** The sources of the plugin's keys. */
const ORIGINS: readonly [name: string, options: PluginOptions, settings: object][] = [
  ["settings", {}, MARKERS],
  [
    "environment variables",
    {
      env: {
        UCLOUD_PUBLIC_KEY: MARKERS.publicKey,
        UCLOUD_PRIVATE_KEY: MARKERS.privateKey,
        UCLOUD_SECURITY_TOKEN: MARKERS.securityToken,
      },
    },
    {},
  ],
];

for (const [origin, options, keys] of ORIGINS) {
  describe(`keys from ${origin} never show`, () => {
    let plugin: PluginProcess;
    let engine: StandInEngine;
    let simulator: Simulator;
    let shown: string[];

    before(async () => {
      simulator = await startSimulator(MARKERS);
      engine = await startEngine();
      plugin = await startPlugin({
        args: [engine.address],
        ...options,
        env: { ...DEBUG_ENV, ...options.env },
      });
    });
    beforeEach(async () => {
      shown = [];
      await plugin.configure({ ...SETTINGS, ...keys, baseUrl: simulator.url });
    });
    afterEach(() => simulator.clearFaults());
    after(async () => {
      await plugin.stop();
      engine.close();
      await simulator.close();
      // Its output is complete only after its end.
      assertNothingShows();
      assert.match(plugin.output.stderr, /HTTP \d+: /, "Node.js writes its debug output");
    });

    /** Calls every function, and collects the answers. */
    async function askAll(): Promise<void> {
      const calls = [
        ["getURedisBackups", GROUP],
        ["getLatestURedisBackup", GROUP],
        ["getUMemBackups", SPACE],
        ["getLatestUMemBackup", SPACE],
      ] as const;
      const answers = calls.map(([name, args]) =>
        plugin.invoke(name, args).then(
          (answer) => JSON.stringify(answer),
          (error: unknown) => (error as { details: string }).details,
        ),
      );
      shown.push(...(await Promise.all(answers)));
      assert.ok(shown.every((text) => text !== ""));
    }

    function assertNothingShows(): void {
      const printed = engine.messages.flat().concat(plugin.output.stdout, plugin.output.stderr);
      for (const text of [...shown, ...printed]) {
        assert.equal(findMarker(text), undefined);
        assert.equal(findSignature(text), undefined);
      }
    }

    it("in answers", async () => {
      await askAll();
      assert.ok(simulator.requests.every(({ retCode }) => retCode === 0));
      assertNothingShows();
    });

    for (const [name, echo] of ECHOES) {
      it(`where the API's message echoes ${name}`, async () => {
        for (const retCode of [171, 150, 8888]) {
          simulator.injectFault({ kind: "retCode", retCode, message: echo, times: Infinity });
          await askAll();
          simulator.clearFaults();
        }
        assert.ok(shown.every((text) => /RetCode (171|150|8888)/.test(text)));
        assertNothingShows();
      });
    }

    const bodies: [name: string, fault: Fault][] = [
      [
        "a header",
        { kind: "raw", status: 503, body: "", headers: { "X-UCLOUD-REQUEST-UUID": MARKERS.privateKey } },
      ],
      ["a web page", { kind: "html", body: `<html>${JSON.stringify(MARKERS)}</html>` }],
      ["broken JSON", { kind: "raw", body: `{"${MARKERS.privateKey}` }],
      ["an error's body", { kind: "status", status: 403, body: JSON.stringify(MARKERS) }],
      ["the RetCode", { kind: "json", body: { RetCode: MARKERS.privateKey, Message: MARKERS.privateKey } }],
      ["Retry-After", { kind: "status", status: 503, retryAfter: MARKERS.securityToken }],
    ];
    for (const [name, fault] of bodies) {
      it(`where the server writes them into ${name}`, async () => {
        simulator.injectFault({ ...fault, times: Infinity });
        await askAll();
        assert.ok(shown.every((text) => text.startsWith("[")));
        assertNothingShows();
      });
    }

    it("where a redirect leads to another server, which gets no request", async () => {
      let requests = 0;
      const elsewhere: Loopback = await serveHttp((_request, response) => {
        requests += 1;
        response.end('{"RetCode":0,"DataSet":[],"TotalCount":0}');
      });
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          const location = `${elsewhere.url}/?${new URLSearchParams(MARKERS).toString()}`;
          simulator.injectFault({ kind: "redirect", status, location, times: Infinity });
          await askAll();
          simulator.clearFaults();
        }
        assert.deepEqual([requests, elsewhere.connections()], [0, 0]);
        assert.ok(shown.every((text) => /^\[BadResponse\] .*redirects are not followed/.test(text)));
        assertNothingShows();
      } finally {
        await elsewhere.close();
      }
    });

    it("where a key was pasted into the wrong setting", async () => {
      for (const name of [...SETTING_NAMES.filter((each) => !(each in MARKERS)), "notASetting"]) {
        const settings = { ...keys, [name]: MARKERS.privateKey };
        const { failures } = await plugin.checkConfig(settings);
        // The engine prints the value of the property that a failure names.
        assert.ok(failures.every(({ property }) => property === ""));
        shown.push(...failures.map(({ reason }) => reason));
        await plugin.configure(settings).catch((error: unknown) => {
          shown.push((error as { details: string }).details);
        });
      }
      assertNothingShows();
    });

    it("on the plugin's command line", function () {
      if (process.platform !== "linux") this.skip();
      const line = fs.readFileSync(`/proc/${plugin.pid}/cmdline`, "utf8");
      assert.match(line, /pulumi-resource-ucloud-redis/);
      assert.equal(findMarker(line), undefined);
    });
  });
}

describe("keys sent through a proxy never show", () => {
  for (const variable of ["HTTP_PROXY", "HTTPS_PROXY"] as const) {
    it(`in the plugin's debug output, nor does the proxy's password (${variable})`, async () => {
      const simulator = await startSimulator(MARKERS);
      const proxy = await startProxy(simulator.url);
      const plugin = await startPlugin({
        env: {
          ...DEBUG_ENV,
          // Without "http", which makes Node.js itself write the agent with all its options.
          NODE_DEBUG: "net,tls",
          [variable]: `http://me:${encodeURIComponent(MARKERS.privateKey)}@${proxy.host}`,
        },
      });
      try {
        const baseUrl = `${variable === "HTTP_PROXY" ? "http" : "https"}://api.invalid`;
        await plugin.configure({ ...SETTINGS, ...MARKERS, baseUrl });
        const outcome = await plugin.invoke("getURedisBackups", GROUP).catch(String);
        assert.ok(proxy.asked.length > 0);
        // Its output is complete only after its end.
        await plugin.stop();
        const { stdout, stderr } = plugin.output;
        for (const text of [JSON.stringify(outcome), stdout, stderr]) {
          assert.equal(findMarker(text), undefined);
          assert.equal(findSignature(text), undefined);
        }
      } finally {
        await plugin.stop();
        await proxy.close();
        await simulator.close();
      }
    });
  }
});
