import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createDemoFleet, demo, type Fleet, type RecordedRequest } from "../../simulator";
import { readCommandLine, writeHelp } from "../../simulator/commandLine";
import { runLine } from "../../simulator/console";
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

  it("takes a region that is down", () => {
    const command = readCommandLine(["--down", demo.region]);
    assert.ok(command.kind === "start");
    const [{ when, ...fault } = { when: undefined }, ...others] = command.faults;
    assert.deepEqual([fault, others], [{ kind: "status", status: 503, times: Infinity }, []]);
    const isHit = (Region: string): boolean | undefined =>
      when?.({ parameters: { Region } } as unknown as RecordedRequest);
    assert.deepEqual([isHit(demo.region), isHit(demo.otherRegion)], [true, false]);
  });

  it("explains every option in its help", () => {
    assert.deepEqual(readCommandLine(["--help"]), { kind: "help" });
    const flags = [
      ...[
        "port",
        "page-cap",
        "latency",
        "takes",
        "deleted",
        "differ",
        "fail",
        "lose",
        "down",
        "hang",
        "redis",
      ],
      ...["fleet", "seed", "backup-after", "help", "version"],
    ];
    for (const columns of [undefined, 20, 80, 110, 300]) {
      const help = writeHelp(columns);
      for (const flag of flags) assert.match(help, new RegExp(`^  --${flag}\\b`, "m"));
      const widest = Math.max(...help.split("\n").map(({ length }) => length));
      assert.ok(widest <= ((columns ?? 0) > 80 ? 110 : 80), String(widest));
    }
  });

  it("takes a seed, another fleet, and the time of a newer backup", () => {
    const command = readCommandLine(["--seed", "3", "--fleet", "healthy", "--backup-after", "5"]);
    assert.ok(command.kind === "start");
    assert.equal(command.backupAfterSeconds, 5);
    const ids = (fleet: Fleet | undefined): unknown[] => fleet?.uredis.map(({ row }) => row.BackupId) ?? [];
    const options = { now: new Date(), seed: 3, healthy: true };
    assert.deepEqual(ids(command.options.fleet), ids(createDemoFleet(options)));
  });

  for (const line of [
    ...["--prot 1", "8080", "--port", "--port 65536", "--port -1", "--port http", "--page-cap 0"],
    ...["--latency 1.5", "--latency=", "--fail often", "--fail 0", "--fail 503x0", "--hang=yes"],
    ...["--fleet other", "--seed x", "--backup-after -1", "--differ nothing", "--differ", "--down CN"],
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

describe("the simulator's printed list", () => {
  const now = new Date("2026-03-04T05:06:07Z");

  it("says of each group and space how its own rows are", () =>
    withSimulator({ fleet: createDemoFleet({ now, deleted: [demo.umemSpaceId] }) }, (simulator) => {
      const printed = describeSimulator(simulator, now.getTime() / 1000);
      for (const [id, word] of [
        [demo.uredisGroupId, "healthy"],
        [demo.healthyGroupId, "healthy"],
        [demo.staleGroupId, "stale"],
        [demo.unusableGroupId, "unusable"],
        [demo.unusableSpaceId, "unusable"],
        [demo.emptyGroupId, "no backup"],
        [demo.youngGroupId, "young"],
        [demo.youngSpaceId, "young"],
        [demo.deletedGroupId, "gone"],
        [demo.umemSpaceId, "gone"],
        [demo.creatingGroupId, "creating"],
        [demo.deletingGroupId, "deleting"],
        [demo.failedGroupId, "failed"],
        [demo.replicaId, `replica of ${demo.replicatedGroupId}`],
        [demo.otherRegionSpaceId, "healthy"],
      ]) {
        assert.match(printed, new RegExp(`^  ${id}  cn-.* ${word}$`, "m"));
      }
      assert.ok(!printed.includes(demo.memcacheGroupId));
      return Promise.resolve();
    }));

  it("calls everything healthy in the healthy fleet", () =>
    withSimulator({ fleet: createDemoFleet({ now, healthy: true }) }, (simulator) => {
      const printed = describeSimulator(simulator, now.getTime() / 1000);
      const words = [...printed.matchAll(/ rows {2}(\w+)/g)].map(([, word]) => word);
      assert.deepEqual([...new Set(words)].sort(), ["healthy", "replica"]);
      return Promise.resolve();
    }));
});

describe("the simulator's standard input", () => {
  it("takes a backup of the first group, or of the one that is named", () =>
    withSimulator({}, async (simulator) => {
      for (const [line, id] of [
        ["backup", demo.uredisGroupId],
        [` backup  ${demo.umemSpaceId} `, demo.umemSpaceId],
      ] as const) {
        const [, backupId, database] =
          /^backup (\S+) of (\S+) is running$/.exec(runLine(simulator, line)) ?? [];
        assert.equal(database, id);
        const { uredis, umem } = simulator.fleet;
        const rows = [...uredis, ...umem].filter(({ row }) => row.BackupId === backupId);
        assert.ok(rows.length > 0 && rows.every(({ row }) => /^auto$/i.test(row.BackupType)));
      }
      return Promise.resolve();
    }));

  for (const [line, said] of [
    ["backup uredis-nobody", /^no backup of uredis-nobody: There is no database uredis-nobody\.$/],
    [`backup ${demo.failedGroupId}`, /^no backup of \S+: \S+ is CreateFail$/],
    ["back up", /^Type: backup \[ID\], not "back up"$/],
  ] as const) {
    it(`explains what is wrong with ${line}`, () =>
      withSimulator({}, (simulator) => {
        assert.match(runLine(simulator, line), said);
        return Promise.resolve();
      }));
  }
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

  it("backs up on request and after some seconds, and ends when its standard input is closed", async () => {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register", "simulator/cli.ts", "--backup-after", "0"],
      { stdio: ["pipe", "pipe", "inherit"], cwd: repositoryRoot },
    );
    try {
      const taken: (string | undefined)[] = [];
      const exit = once(child, "exit");
      for await (const line of createInterface(child.stdout)) {
        if (/Ctrl-C/.test(line)) child.stdin.write(`\nbackup ${demo.healthySpaceId}\n`);
        const [, id] = /^backup \S+ of (\S+) is running$/.exec(line) ?? [];
        if (id !== undefined) taken.push(id);
        if (taken.length === 2) child.stdin.end();
      }
      assert.deepEqual(taken.sort(), [demo.healthySpaceId, demo.uredisGroupId]);
      assert.deepEqual(await exit, [0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });

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
