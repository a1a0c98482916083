import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { readCommandLine, writeHelp } from "../../simulator/commandLine";
import { describeSimulator } from "../../simulator/printedFleet";
import { repositoryRoot } from "../../tools/repository";
import { withSimulator } from "../support/withSimulator";
import { ask } from "./client";

describe("the simulator's command line", () => {
  it("starts with the defaults without arguments", () => {
    assert.deepEqual(readCommandLine([]), { kind: "start", options: {}, faults: [] });
  });

  it("takes every option", () => {
    const line = "--port 8080 --page-cap=7 --latency 20 --fail 503x2 --fail=153 --hang --redis";
    assert.deepEqual(readCommandLine(line.split(" ")), {
      kind: "start",
      options: { port: 8080, pageCap: 7, latencyMs: 20, redis: true },
      faults: [
        { kind: "status", status: 503, times: 2 },
        { kind: "retCode", retCode: 153, times: Infinity },
        { kind: "hang", times: Infinity },
      ],
    });
  });

  it("explains every option in its help", () => {
    assert.deepEqual(readCommandLine(["--help"]), { kind: "help" });
    const flags = ["port", "page-cap", "latency", "differ", "fail", "hang", "redis", "help", "version"];
    for (const flag of flags) {
      assert.match(writeHelp(), new RegExp(`^  --${flag}\\b`, "m"));
    }
  });

  for (const line of [
    ...["--prot 1", "8080", "--port", "--port 65536", "--port -1", "--port http", "--page-cap 0"],
    ...["--latency 1.5", "--latency=", "--fail often", "--fail 0", "--fail 503x0", "--hang=yes"],
  ]) {
    it(`refuses ${line} in one line`, () => {
      const command = readCommandLine(line.split(" "));
      assert.ok(command.kind === "refuse");
      assert.match(command.reason, /^[^\n]{10,}$/);
    });
  }

  it("prints all settings as lines to paste, and all groups and spaces", () =>
    withSimulator({}, (simulator) => {
      const printed = describeSimulator(simulator);
      for (const line of [
        `export UCLOUD_API_BASE_URL='${simulator.url}'`,
        `export UCLOUD_PUBLIC_KEY='${simulator.publicKey}'`,
        `export UCLOUD_PRIVATE_KEY='${simulator.privateKey}'`,
        "export UCLOUD_REGION='cn-bj2'",
      ]) {
        assert.ok(printed.split("\n").includes(line), line);
      }
      for (const { row } of simulator.fleet.uredis) assert.ok(printed.includes(row.GroupId));
      for (const { row } of simulator.fleet.umem) assert.ok(printed.includes(row.SpaceId));
      return Promise.resolve();
    }));
});

describe("ucloud-redis-simulator", function () {
  this.timeout(60_000);

  function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, ["-r", "ts-node/register", "simulator/cli.ts", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: repositoryRoot,
    });
  }

  /** Runs the program to its end, and returns its exit code and standard error. */
  async function run(...args: string[]): Promise<{ code: number; errors: string }> {
    const child = start(...args);
    const [errors, [code]] = await Promise.all([
      text(child.stderr),
      once(child, "close") as Promise<[number]>,
    ]);
    return { code, errors };
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`serves with the printed settings and the given options until ${signal}`, async () => {
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
    const { code, errors } = await run("--prot", "1");
    assert.equal(code, 2);
    assert.match(errors, /^ucloud-redis-simulator: [^\n]*--prot[^\n]*\n$/);
  });

  it("ends with exit code 1 and one line if the port is taken", () =>
    withSimulator({}, async ({ url }) => {
      const { code, errors } = await run("--port", new URL(url).port);
      assert.equal(code, 1);
      assert.match(errors, /^ucloud-redis-simulator: [^\n]*EADDRINUSE[^\n]*\n$/);
    }));
});
