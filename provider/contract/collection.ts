/** Collects the answers and findings of a check by action. */

import type { JsonObject } from "../ucloud/jsonFields";
import { isDocumentedRetCode } from "../ucloud/retCodes";
import type { Reply } from "./asker";
import { compareAnswers } from "./comparison";
import { readRows } from "./databaseFields";
import { expectations, getExpectation, isReadAction, type ReadAction } from "./expectations";
import type { Finding } from "./findings";
import { judgePages, type Listing } from "./pages";

/** What came back, by action. */
export class Collection {
  readonly #bodies = new Map<ReadAction, JsonObject[]>();
  readonly #findings: Finding[] = [];
  readonly #refused = new Set<ReadAction>();

  /** @param showIds whether findings hold the API's messages, which name databases */
  constructor(private readonly showIds: boolean) {}

  /** Adds an answer, whose fields are to be compared, or a refusal. */
  add(action: ReadAction, reply: Reply): void {
    if (reply.failure !== undefined) this.#refuse(action, reply.failure);
    else this.#bodies.set(action, [...(this.#bodies.get(action) ?? []), reply.body]);
  }

  /** Adds a list that was read page by page. */
  addList(list: Listing): void {
    if (list.first.failure !== undefined) this.add(list.action, list.first);
    if (list.failed !== undefined) this.add(list.action, list.failed);
    for (const body of list.bodies) this.add(list.action, { body });
    this.#findings.push(...judgePages(list));
  }

  /** Adds what came back for an id that does not exist. */
  addUnknownId(action: ReadAction, { body, failure }: Reply): void {
    if (this.#refused.has(action)) return;
    const finding = { kind: "unknownId", action } as const;
    if (body !== undefined) {
      const { length } = readRows(body);
      const text = `an unknown id is answered by ${length === 0 ? "an empty list" : "rows"}`;
      this.#findings.push({ ...finding, severity: length === 0 ? "note" : "difference", text });
    } else if (failure.retCode === undefined) {
      this.#findings.push({ ...finding, severity: "note", text: `an unknown id: ${failure.what}` });
    } else {
      const text = `an unknown id is answered by ${describeRetCode(failure.retCode)}`;
      this.#findings.push({ ...finding, severity: "note", text, ...this.#detail(failure.message) });
    }
  }

  /** Adds findings. */
  note(...findings: readonly Finding[]): void {
    this.#findings.push(...findings);
  }

  /** All findings, those about fields included. */
  findAll(): readonly Finding[] {
    const compared = [...this.#bodies].flatMap(([action, bodies]) =>
      compareAnswers(action, bodies, getExpectation(action).fields),
    );
    return [...this.#findings, ...compared, ...this.#findUnchecked()];
  }

  #refuse(action: ReadAction, { what, retCode, message }: NonNullable<Reply["failure"]>): void {
    this.#refused.add(action);
    const why = retCode === undefined ? what : describeRetCode(retCode);
    const text = `could not be checked: ${why}`;
    const finding: Finding = { severity: "difference", kind: "retCode", action, text };
    this.#findings.push({ ...finding, ...this.#detail(message) });
  }

  #detail(message: string): Pick<Finding, "detail"> {
    return this.showIds ? { detail: message } : {};
  }

  /** Actions that were not asked, and those whose answers had no rows. */
  #findUnchecked(): readonly Finding[] {
    const actions = Object.keys(expectations).filter(isReadAction);
    return actions.flatMap((action): readonly Finding[] => {
      const note = { severity: "note", kind: "notChecked", action } as const;
      const bodies = this.#bodies.get(action);
      if (this.#refused.has(action)) return [];
      if (bodies === undefined) return [{ ...note, text: "not asked: there was nothing to ask about" }];
      const isList = Object.hasOwn(getExpectation(action).fields, "DataSet");
      if (!isList || bodies.some((body) => readRows(body).length > 0)) return [];
      return [{ ...note, field: "DataSet", text: "no rows, so that their fields were not checked" }];
    });
  }
}

function describeRetCode(retCode: number): string {
  return `RetCode ${retCode}, which is ${isDocumentedRetCode(retCode) ? "documented" : "not documented"}`;
}
