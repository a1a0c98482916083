import assert from "node:assert/strict";
import type { CheckReport } from "../../provider/contract/report";
import { type Difference, demo, type Fault } from "../../simulator/index";
import { withSimulator } from "../support/withSimulator";
import { runCheck, runCheckCommand, writeFinding } from "./checkRuns";

function listDifferences({ findings }: CheckReport): string[] {
  return findings.filter(({ severity }) => severity === "difference").map(writeFinding);
}

describe("checkContract", () => {
  it("finds no difference in an API as documented, and says what it asked", () =>
    withSimulator({}, async (simulator) => {
      const report = await runCheck(simulator);
      assert.deepEqual(listDifferences(report), []);
      assert.equal(report.counts.requests, simulator.requests.length);
      assert.equal(report.isDefaultApi, false);
      assert.equal(
        report.asked.reduce((sum, { requests }) => sum + requests, 0),
        simulator.requests.length,
      );
      assert.deepEqual(report, await runCheck(simulator), "the same answers give the same report");
    }));

  it("expects an address and a backup strategy of the databases that have them by nature", () => {
    const dropped: Record<string, Record<string, unknown>> = {
      [demo.staleGroupId]: { Address: undefined },
      [demo.healthyGroupId]: { Address: [{ Port: 6379, PrivateDomain: "", PublicIp: "" }] },
      [demo.creatingGroupId]: { Address: undefined },
      [demo.replicatedGroupId]: { AutoBackup: undefined },
      [demo.failedGroupId]: { BackupTime: undefined },
    };
    const onAnswer = (answer: Record<string, unknown>): void => {
      const rows = Array.isArray(answer.DataSet) ? (answer.DataSet as Record<string, unknown>[]) : [];
      for (const row of rows) Object.assign(row, dropped[String(row["ResourceId"])]);
    };
    return withSimulator({ onAnswer }, async (simulator) => {
      assert.deepEqual(listDifferences(await runCheck(simulator)), [
        "difference DescribeUMem DataSet[].Address: missing in 1 of 10 groups",
        "difference DescribeUMem DataSet[].Address[].IP: missing in 1 of 9 addresses",
        "difference DescribeUMem DataSet[].AutoBackup: missing in 1 of 11 groups",
        "difference DescribeUMem DataSet[].BackupTime: missing in 1 of 11 groups",
      ]);
    });
  });

  /** The numbers depend on the demo. */
  const hideNumbers = (line: string): string => line.replace(/\b\d{1,4}\b/g, "N");
  const named: Record<Difference, readonly string[]> = {
    missingField: [
      "difference DescribeUMem DataSet[].VPCId: missing in N of N groups",
      "note DescribeURedisBackup DataSet[].RedisVersion: missing in N of N rows",
      "difference DescribeUMemBackup DataSet[].BackupName: missing in N of N rows",
    ],
    unknownField: [
      "note DescribeUMem DataSet[].UndocumentedRowField: unknown field (string) in N of N groups",
      "note DescribeUMemBackupURL UndocumentedField: unknown field (string) in N of N answers",
    ],
    otherType: [
      "note DescribeUMem DataSet[].Address: expected array, found object in N of N groups",
      "note DescribeUMemBackup DataSet[].BlockCount: expected number, found string (a number as text) in N of N rows",
    ],
    pageCap: ["note DescribeUMem: asked for N rows, got N at most, although there are more"],
    count: [
      "note DescribeURedisBackup TotalCount: less than the rows: N, and there are N",
      "note DescribeUMemBackup TotalCount: absent, or no whole number",
    ],
    order: ["note DescribeURedisBackup: two equal requests brought the same rows in another order"],
    retCode: [
      "difference DescribeURedisConfig: could not be checked: RetCode 20999, which is not documented",
      "note DescribeUMem: an unknown id is answered by RetCode 20998, which is not documented",
    ],
    clock: [
      "difference HTTP: the API's clock is N min ahead of this machine's; ages are counted by the latter",
    ],
    state: [
      'difference DescribeURedisBackup DataSet[].State: unknown value "Hibernating" in N of N rows',
      'difference DescribeUMemBackup DataSet[].State: unknown value "Hibernating" in N of N rows',
    ],
    rowPerBackup: [
      "difference DescribeUMemBackup: a row is a whole backup: each of N backups of several shards has one row",
    ],
  };
  for (const [kind, expected] of Object.entries(named)) {
    it(`names how an API differs: ${kind}`, () =>
      withSimulator({ differs: [kind as Difference] }, async (simulator) => {
        const found = (await runCheck(simulator)).findings.map(writeFinding).map(hideNumbers);
        assert.deepEqual(
          expected.filter((line) => !found.includes(line)),
          [],
          found.join("\n"),
        );
      }));
  }

  it("takes the group and the space that are named, also where DescribeUMem does not list them", () =>
    withSimulator({}, async (simulator) => {
      await simulator.deleteDatabase(demo.uredisGroupId);
      const report = await runCheck(simulator, {
        groupId: demo.uredisGroupId,
        spaceId: "umem-gone",
        zone: demo.zone,
        showIds: true,
      });
      const subjects = report.asked.map(({ subject }) => subject);
      assert.ok(subjects.includes(`group ${demo.uredisGroupId}`));
      assert.ok(subjects.includes("space umem-gone"));
      assert.deepEqual(listDifferences(report), []);
    }));

  it("takes databases of the zone that is named", () =>
    withSimulator({}, async (simulator) => {
      await runCheck(simulator, { zone: demo.slaveZone });
      const spaces = simulator.requests.flatMap(({ parameters }) => parameters.SpaceId ?? []);
      assert.deepEqual([...new Set(spaces)], [demo.healthySpaceId, "udredis-0000000000"]);
    }));

  it("goes on where actions are refused, and says that these could not be checked", () =>
    withSimulator({}, async (simulator) => {
      for (const action of ["DescribeURedisBackup", "DescribeUMemBlockInfo", "DescribeUMemPrice"]) {
        simulator.injectFault({ kind: "retCode", retCode: 299, action, times: Infinity });
      }
      simulator.injectFault({ kind: "status", status: 503, action: "DescribeURedisVersion" });
      const report = await runCheck(simulator);
      const refused = "could not be checked: RetCode 299, which is documented";
      assert.deepEqual(listDifferences(report), [
        `difference DescribeUMemBlockInfo: ${refused}`,
        `difference DescribeUMemPrice: ${refused}`,
        `difference DescribeURedisBackup: ${refused}`,
        "difference DescribeURedisVersion: could not be checked: HTTP 503",
      ]);
    }));
});

describe("the exit code of ucloud-redis-check", () => {
  const always = { times: Infinity } as const;
  const cases: { title: string; args?: string[]; fault?: Fault; exitCode: number; said: RegExp }[] = [
    { title: "0 without a difference", exitCode: 0, said: /^0 differences that this package relies on/m },
    {
      title: "1 for a refused action",
      fault: { kind: "retCode", retCode: 293, action: "CheckURedisAllowance", ...always },
      exitCode: 1,
      said: /^ {2}difference {2}could not be checked: RetCode 293, which is documented$/m,
    },
    {
      title: "2 for wrong keys",
      fault: { kind: "retCode", retCode: 171, ...always },
      exitCode: 2,
      said: /Could not check\. DescribeUMem: RetCode 171 \(--show-ids shows the whole error\)/,
    },
    {
      title: "2 for a page in place of the API",
      fault: { kind: "html", ...always },
      exitCode: 2,
      said: /Could not check\. DescribeUMem: the answer is a web page, not JSON/,
    },
    {
      title: "2 for a network that fails after a while",
      fault: { kind: "reset", skip: 5, ...always },
      exitCode: 2,
      said: /the connection was reset/,
    },
    {
      title: "2 for a space whose zone is not known",
      args: ["--space", "umem-gone"],
      exitCode: 2,
      said: /give its --zone/,
    },
    {
      title: "2 where there is no database",
      args: ["--region", "cn-empty"],
      exitCode: 2,
      said: /There was no running group or space to ask about/,
    },
    { title: "2 for an unknown option", args: ["--fix"], exitCode: 2, said: /unknown option '--fix'/ },
  ];
  for (const { title, args, fault, exitCode, said } of cases) {
    it(`is ${title}`, () =>
      withSimulator({}, async (simulator) => {
        if (fault !== undefined) simulator.injectFault(fault);
        const result = await runCheckCommand(simulator, args);
        assert.equal(result.exitCode, exitCode, result.stderr);
        assert.match(result.stdout + result.stderr, said);
      }));
  }
});
