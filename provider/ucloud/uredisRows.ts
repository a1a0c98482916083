import { type CollectedRows, describeContent, type ListedRow, type RowCollector } from "./rowCollector";

const NONE: ReadonlySet<string> = new Set();

/**
 * Collects rows of which each is a thing of its own, such as those of `DescribeURedisBackup`, each a backup. A
 * row is identified by its id, or by its whole content if it has none. Of a thing that comes in several answers, the last one counts. Rows of one answer
 * that have the same id and differ are all kept, because which of them is right is decided elsewhere.
 */
export class URedisRowCollector<Row> implements RowCollector<Row> {
  #hasRepeats = false;
  /** How many rows came, without those that had come in an earlier answer. */
  #received = 0;
  /** By id. Keys of rows without an id begin with a NUL character, which no id of the API does. */
  readonly #rows = new Map<string, Row>();
  /** Further rows of the same answer, by their content, for the few ids that have any. */
  readonly #others = new Map<string, Map<string, Row>>();

  addPage(rows: readonly ListedRow<Row>[], overlap: number): boolean {
    const answered = new Set<string>();
    let isNew = false;
    for (const [index, { id, row }] of rows.entries()) {
      const key = id === "" ? `\0${describeContent(row)}` : id;
      if (answered.has(key)) {
        this.#received += 1;
        // Without an id, two rows of one answer that look alike may be two backups: both are listed.
        if (id === "") this.#rows.set(`\0${this.#received}`, row);
        else this.#addOther(key, row);
        continue;
      }
      answered.add(key);
      // The page before had this row, and may have had others of its id before it.
      if (index < overlap) continue;
      if (this.#rows.has(key)) {
        this.#hasRepeats = true;
      } else {
        this.#received += 1;
        isNew = true;
      }
      this.#rows.set(key, row);
      this.#others.delete(key);
    }
    return isNew;
  }

  addAgain(): boolean {
    return true;
  }

  getOverlap(pageLength: number): number {
    return pageLength > 1 ? 1 : 0;
  }

  isAll(totalCount: number | undefined): boolean {
    return totalCount === this.#received;
  }

  findSplitPages(): readonly [] {
    return [];
  }

  collect(): CollectedRows<Row> {
    const others = [...this.#others.values()].flatMap((rows) => [...rows.values()]);
    const rows = [...this.#rows.values(), ...others];
    return { rows, isExact: !this.#hasRepeats, completeIds: NONE, distinctIds: NONE, ambiguousIds: NONE };
  }

  /** Of rows with one id, those that differ are kept. */
  #addOther(key: string, row: Row): void {
    const content = describeContent(row);
    if (describeContent(this.#rows.get(key)) === content) return;
    const others = this.#others.get(key) ?? new Map<string, Row>();
    this.#others.set(key, others.set(content, row));
  }
}
