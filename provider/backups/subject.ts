/** The shape of messages about a query: the database and the verdict, details, what was asked for, the next step. */
import { maskUnprintable, shortenText } from "./text";

/** What a query asks for, in the words of messages. Both texts are printable. */
export interface Subject {
  /** The id of the database, which messages start with. The kind of databases, if the query names no id. */
  readonly name: string;
  /** What is asked for and where, such as "URedis group uredis-abc123 in cn-bj2, project org-abc123". */
  readonly description: string;
}

/** Makes the texts of a subject printable. */
export function createSubject({ name, description }: Subject): Subject {
  return { name: shortenText(name), description: maskUnprintable(description) };
}

/** A failure: the verdict, the details, what was asked for, and the next step. Each starts a line. */
export function composeFailure(failure: {
  subject: Subject;
  verdict: string;
  details: readonly string[];
  nextStep: string;
}): string {
  const { subject, verdict, details, nextStep } = failure;
  const asked = `Asked for: ${subject.description}.`;
  return [`${subject.name}: ${verdict}`, ...details, asked, nextStep].join("\n");
}

/** A warning on one line, with what was asked for at the end. */
export function composeWarning(subject: Subject, text: string): string {
  return `${subject.name}: ${text} (${subject.description})`;
}
