import type { CheckReport } from "../contract/report";
import { countNoun, type Finding } from "../contract/findings";
import { repository } from "../schema.json";

/** The report of a check, in lines for users and for an issue. */
export function describeCheck(report: CheckReport): string {
  const { version, node, isDefaultApi, asked, counts, findings, hasDatabase } = report;
  const { differences, notes, requests } = counts;
  const asking = asked.map((each) => {
    const uuids = each.requestUuids === undefined ? "" : `: ${each.requestUuids.join(", ")}`;
    const numbers = `${countNoun(each.requests, "request")}, ${countNoun(each.rows, "row")}`;
    return `  ${each.action}, ${each.subject}: ${numbers}${uuids}`;
  });
  const actions = [...new Set(findings.map(({ action }) => action))];
  const found = actions.flatMap((action) => [
    "",
    action,
    ...findings.filter((finding) => finding.action === action).flatMap(describeFinding),
  ]);
  return [
    `pulumi-ucloud-redis ${version}, Node.js ${node}, the API at ${isDefaultApi ? "its default" : "another"} address`,
    "",
    `Asked, with ${countNoun(requests, "request")} that only read:`,
    ...asking,
    ...found,
    "",
    `${countNoun(differences, "difference")} that this package relies on, ${countNoun(notes, "note")}.`,
    hasDatabase
      ? `${isDefaultApi ? "Please" : "If this is UCloud's API, not a simulator, please"} report this: paste it into an issue at ${repository}/issues`
      : "There was no running group or space to ask about: check --region and --project.",
  ].join("\n");
}

function describeFinding({ severity, field, text, detail }: Finding): readonly string[] {
  const line = `  ${severity.padEnd("difference".length)}  ${field === undefined ? "" : `${field}: `}${text}`;
  return detail === undefined ? [line] : [line, `${" ".repeat(14)}${detail}`];
}
