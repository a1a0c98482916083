import assert from "node:assert/strict";
import { describeReport } from "../../provider/commands/reportOutput";
import type { GetRedisBackupReportResult, ReportedDatabase } from "../../provider/schemaTypes";

const database = (more: Partial<ReportedDatabase>): ReportedDatabase => ({
  kind: "uredis",
  id: "uredis-a",
  region: "cn-bj2",
  fresh: false,
  message: "",
  ...more,
});

const report: GetRedisBackupReportResult = {
  regions: [
    { region: "cn-bj2", databases: 4 },
    { region: "cn-sh2", databases: 0, fault: "Unavailable", message: "No answer." },
  ],
  databases: [
    database({ id: "uredis-none", name: "orders", fault: "NoBackups" }),
    database({
      id: "uredis-old",
      name: "会话缓存",
      latest: { backupId: "b-1" },
      ageSeconds: 100_000,
      fault: "StaleBackup",
    }),
    database({ kind: "umem", id: "udredis-new", fresh: true }),
    database({ id: "uredis-ok", name: "web\u001B[2J\nx", latest: { backupId: "b-2" }, ageSeconds: 3600 }),
  ],
  checked: 4,
  healthy: 1,
  fresh: 1,
  faulty: 3,
};

describe("the printed report", () => {
  it("has unlisted regions first, then the databases as the report sorts them, then the counts", () =>
    assert.deepEqual(describeReport(report).split("\n"), [
      "Database          Name       Region  Newest usable  Age      Verdict",
      "----------------  ---------  ------  -------------  -------  ------------------",
      "(not all listed)             cn-sh2                          Unavailable",
      "uredis-none       orders     cn-bj2  none                    NoBackups",
      "uredis-old        会话缓存   cn-bj2  b-1            27h 46m  StaleBackup",
      "udredis-new                  cn-bj2  none                    new, no backup yet",
      "uredis-ok         web\uFFFD[2J\uFFFDx  cn-bj2  b-2            1h       ok",
      "",
      "4 databases checked: 1 ok, 1 new, 3 faults.",
    ]));

  it("is the counts alone if there is no database", () =>
    assert.equal(
      describeReport({ regions: [], databases: [], checked: 0, healthy: 0, fresh: 0, faulty: 0 }),
      "0 databases checked: 0 ok, 0 new, 0 faults.",
    ));
});
