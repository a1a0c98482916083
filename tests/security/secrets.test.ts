import assert from "node:assert/strict";
import fs from "node:fs";
import { demo, type Fault, type RecordedRequest, type Simulator, startSimulator } from "../../simulator";
import { type PluginOptions, type PluginProcess, startPlugin } from "../support/pluginProcess";
import { startEngine, type StandInEngine } from "../support/standInEngine";
import { type Loopback, serveHttp } from "../support/loopback";
import { startProxy } from "../support/proxy";
import { findMarker, findSignature, MARKERS } from "./markers";

const GROUP = { groupId: demo.uredisGroupId };
const SPACE = { zone: demo.zone, spaceId: demo.umemSpaceId };
const PLACE = { region: demo.region, maxRetries: 0 };

/** Switches that make Node.js and libraries write what they do to standard error, which the engine logs. */
const TALKATIVE = {
  DEBUG: "*",
  NODE_DEBUG: "http,https,net,tls,stream",
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  PULUMI_DEBUG: "1",
};

/** What servers have been seen to echo, and worse. */
const ECHOES: readonly [name: string, echo: (request: RecordedRequest) => string][] = [
  ["the signature", ({ parameters }) => `wrong ${parameters["Signature"] ?? ""}`],
  [
    "the string it signed",
    ({ parameters }) => Object.entries(parameters).flat().join("") + MARKERS.privateKey,
  ],
  ["the request as a URL", ({ parameters }) => `http://api/?${new URLSearchParams(parameters).toString()}`],
  ["the request as JSON in JSON", ({ parameters }) => JSON.stringify(JSON.stringify(parameters))],
  ["all of it in capitals", ({ parameters }) => JSON.stringify(parameters).toUpperCase()],
  [
    "keys that are cut",
    () =>
      Object.values(MARKERS)
        .map((key) => key.slice(0, 20))
        .join("... "),
  ],
  ["the token in HTML", () => `<b>${MARKERS.securityToken.replace("&", "&amp;")}</b>`],
  ["keys behind much other text", () => "x".repeat(490) + MARKERS.privateKey],
];

/** Where the plugin has its keys from. */
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
        env: { ...TALKATIVE, ...options.env },
      });
    });
    beforeEach(async () => {
      shown = [];
      await plugin.configure({ ...PLACE, ...keys, baseUrl: simulator.url });
    });
    afterEach(() => simulator.clearFaults());
    after(async () => {
      await plugin.stop();
      engine.close();
      await simulator.close();
      // What it wrote is here as a whole only once it has ended.
      assertNothingShows();
      assert.match(plugin.output.stderr, /HTTP \d+: /, "Node.js writes what it does");
    });

    /** Asks for everything there is to ask for, and keeps what came of it. */
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
      const said = engine.messages.flat().concat(plugin.output.stdout, plugin.output.stderr);
      for (const text of [...shown, ...said]) {
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
      [
        "a RetCode's place",
        { kind: "json", body: { RetCode: MARKERS.privateKey, Message: MARKERS.privateKey } },
      ],
      ["Retry-After", { kind: "status", status: 503, retryAfter: MARKERS.securityToken }],
    ];
    for (const [name, fault] of bodies) {
      it(`where the server puts them into ${name}`, async () => {
        simulator.injectFault({ ...fault, times: Infinity });
        await askAll();
        assert.ok(shown.every((text) => text.startsWith("[")));
        assertNothingShows();
      });
    }

    it("where a redirect asks for the request again elsewhere, which is never asked", async () => {
      let asked = 0;
      const elsewhere: Loopback = await serveHttp((_request, response) => {
        asked += 1;
        response.end('{"RetCode":0,"DataSet":[],"TotalCount":0}');
      });
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          const location = `${elsewhere.url}/?${new URLSearchParams(MARKERS).toString()}`;
          simulator.injectFault({ kind: "redirect", status, location, times: Infinity });
          await askAll();
          simulator.clearFaults();
        }
        assert.deepEqual([asked, elsewhere.connections()], [0, 0]);
        assert.ok(shown.every((text) => /^\[BadResponse\] .*redirects are not followed/.test(text)));
        assertNothingShows();
      } finally {
        await elsewhere.close();
      }
    });

    it("where a key was pasted into the wrong setting", async () => {
      for (const name of [
        ...["region", "projectId", "profile", "sharedCredentialsFile", "sharedConfigFile", "baseUrl"],
        ...["maxRetries", "timeoutSeconds", "maxConcurrency", "notASetting"],
      ]) {
        const settings = { ...keys, [name]: MARKERS.privateKey };
        const { failures } = await plugin.checkConfig(settings);
        // The engine prints the value of a property that a failure names.
        assert.ok(failures.every(({ property }) => property === ""));
        shown.push(...failures.map(({ reason }) => reason));
        await plugin.configure(settings).catch((error: unknown) => {
          shown.push((error as { details: string }).details);
        });
      }
      assertNothingShows();
    });

    it("on the command line of its process", function () {
      if (process.platform !== "linux") this.skip();
      const line = fs.readFileSync(`/proc/${plugin.pid}/cmdline`, "utf8");
      assert.match(line, /pulumi-resource-ucloud-redis/);
      assert.equal(findMarker(line), undefined);
    });
  });
}

describe("keys sent through a proxy never show", () => {
  for (const variable of ["HTTP_PROXY", "HTTPS_PROXY"] as const) {
    it(`in what the plugin writes with debugging on, nor does the proxy's password (${variable})`, async () => {
      const simulator = await startSimulator(MARKERS);
      const proxy = await startProxy(simulator.url);
      const plugin = await startPlugin({
        env: {
          ...TALKATIVE,
          // With it Node.js itself would write the agent with all its options.
          NODE_DEBUG: "net,tls",
          [variable]: `http://me:${encodeURIComponent(MARKERS.privateKey)}@${proxy.host}`,
        },
      });
      try {
        const baseUrl = `${variable === "HTTP_PROXY" ? "http" : "https"}://api.invalid`;
        await plugin.configure({ ...PLACE, ...MARKERS, baseUrl });
        const outcome = await plugin.invoke("getURedisBackups", GROUP).catch(String);
        assert.ok(proxy.asked.length > 0);
        // What it wrote is here as a whole only once it has ended.
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
