import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startSimulator } from "../../simulator";
import { describeSimulator, helpText, readCommandLine } from "../../simulator/commandLine";
import { ask } from "./client";

describe("the simulator's command line", () => {
  it("starts with the defaults when given nothing", () => {
    assert.deepEqual(readCommandLine([]), { kind: "start", options: {}, faults: [] });
  });

  it("takes every option", () => {
    const args = [
      "--port",
      "8080",
      "--page-cap=7",
      "--latency",
      "20",
      "--fail",
      "503x2",
      "--fail=153",
      "--hang",
    ];
    assert.deepEqual(readCommandLine(args), {
      kind: "start",
      options: { port: 8080, pageCap: 7, latencyMs: 20 },
      faults: [
        { kind: "status", status: 503, times: 2 },
        { kind: "retCode", retCode: 153, times: Infinity },
        { kind: "hang", times: Infinity },
      ],
    });
  });

  it("explains every option in its help", () => {
    assert.deepEqual(readCommandLine(["--help"]), { kind: "help" });
    for (const flag of ["port", "page-cap", "latency", "fail", "hang", "help", "version"]) {
      assert.match(helpText, new RegExp(`^  --${flag}\\b`, "m"));
    }
  });

  const refused = [
    ["--prot", "1"],
    ["8080"],
    ["--port"],
    ["--port", "65536"],
    ["--port", "-1"],
    ["--port", "http"],
    ["--page-cap", "0"],
    ["--latency", "1.5"],
    ["--latency="],
    ["--fail", "often"],
    ["--fail", "0"],
    ["--fail", "503x0"],
    ["--hang=yes"],
  ];
  for (const args of refused) {
    it(`refuses ${args.join(" ")} in one line`, () => {
      const command = readCommandLine(args);
      assert.ok(command.kind === "refuse");
      assert.match(command.reason, /^[^\n]{10,}$/);
    });
  }

  it("prints lines to paste for every setting, and all it holds", async () => {
    const simulator = await startSimulator();
    try {
      const text = describeSimulator(simulator);
      for (const line of [
        `export UCLOUD_API_BASE_URL='${simulator.url}'`,
        `export UCLOUD_PUBLIC_KEY='${simulator.publicKey}'`,
        `export UCLOUD_PRIVATE_KEY='${simulator.privateKey}'`,
        "export UCLOUD_REGION='cn-bj2'",
      ]) {
        assert.ok(text.split("\n").includes(line), line);
      }
      for (const { row } of simulator.fleet.uredis) assert.ok(text.includes(row.GroupId));
      for (const { row } of simulator.fleet.umem) assert.ok(text.includes(row.SpaceId));
    } finally {
      await simulator.close();
    }
  });
});

describe("ucloud-redis-simulator", function () {
  this.timeout(60_000);

  const start = (...args: string[]) =>
    spawn(process.execPath, ["-r", "ts-node/register", join(__dirname, "../../simulator/cli.ts"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: join(__dirname, "../.."),
    });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`serves what it printed, as it was told, until ${signal}`, async () => {
      const child = start("--fail", "150x1", "--page-cap", "4");
      try {
        const settings: Record<string, string> = {};
        for await (const line of createInterface(child.stdout)) {
          const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
          if (name !== undefined && value !== undefined) settings[name] = value;
          if (/Ctrl-C/.test(line)) break;
        }
        const printed = {
          url: settings.UCLOUD_API_BASE_URL ?? "",
          publicKey: settings.UCLOUD_PUBLIC_KEY ?? "",
          privateKey: settings.UCLOUD_PRIVATE_KEY ?? "",
          securityToken: undefined,
        };
        const query = {
          Action: "DescribeURedisBackup",
          Region: settings.UCLOUD_REGION,
          RegionType: "normal",
        };
        assert.equal((await ask(printed, query)).body.RetCode, 150);
        assert.equal((await ask(printed, query)).body.DataSet?.length, 4);
        child.kill(signal);
        assert.deepEqual(await once(child, "exit"), [0, null]);
      } finally {
        child.kill("SIGKILL");
      }
    });
  }

  it("refuses an unknown flag with one line and exit code 2", async () => {
    const child = start("--prot", "1");
    const output: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 2);
    assert.match(Buffer.concat(output).toString("utf8"), /^ucloud-redis-simulator: [^\n]*--prot[^\n]*\n$/);
  });

  it("ends with exit code 1 and one line when the port is taken", async () => {
    const simulator = await startSimulator();
    try {
      const child = start("--port", new URL(simulator.url).port);
      const output: Buffer[] = [];
      child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
      const [code] = (await once(child, "close")) as [number];
      assert.equal(code, 1);
      assert.match(
        Buffer.concat(output).toString("utf8"),
        /^ucloud-redis-simulator: [^\n]*EADDRINUSE[^\n]*\n$/,
      );
    } finally {
      await simulator.close();
    }
  });
});
