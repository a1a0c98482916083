import { formatAge } from "../backups/age";
import { shortenText } from "../backups/text";
import type { GetRedisBackupReportResult, ReportedDatabase, ReportedRegion } from "../schemaTypes";
import { formatTable } from "./table";

const HEADING = ["Database", "Name", "Region", "Newest usable", "Age", "Verdict"];

/** The table, worst first, then what is wrong, one sentence each, then the counts. */
export function describeReport(report: GetRedisBackupReportResult): string {
  const regions = report.regions.filter(({ fault }) => fault !== undefined);
  const rows = [...regions.map(describeRegion), ...report.databases.map(describeDatabase)];
  const table = rows.length === 0 ? [] : [formatTable(HEADING, rows)];
  return [...table, describeCounts(report)].join("\n\n");
}

function describeRegion({ region, fault }: ReportedRegion): string[] {
  return ["(not all listed)", "", shortenText(region), "", "", fault ?? ""];
}

function describeDatabase(database: ReportedDatabase): string[] {
  const { id, name, region, latest, ageSeconds } = database;
  return [
    shortenText(id),
    shortenText(name ?? ""),
    shortenText(region),
    shortenText(latest?.backupId ?? "none"),
    ageSeconds === undefined ? "" : formatAge(ageSeconds),
    judge(database),
  ];
}

function judge({ fault, fresh }: ReportedDatabase): string {
  if (fault !== undefined) return shortenText(fault);
  return fresh ? "new, no backup yet" : "ok";
}

function describeCounts({ checked, healthy, fresh, faulty }: GetRedisBackupReportResult): string {
  const databases = checked === 1 ? "1 database" : `${checked} databases`;
  const faults = faulty === 1 ? "1 fault" : `${faulty} faults`;
  return `${databases} checked: ${healthy} ok, ${fresh} new, ${faults}.`;
}
