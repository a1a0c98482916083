import { readPage } from "./answerPage";
import type { Client } from "./client";
import type { JsonObject } from "./jsonFields";
import { PAGE_SIZE } from "./pageSource";
import { type Listing, readListing } from "./paging";
import { listRow } from "./rowCollector";
import type { RequestParameters } from "./signature";
import { URedisRowCollector } from "./uredisRows";

/** Lists all rows of an action that pages with `Offset` and `Limit`. */
export function listAll<Row>(
  client: Client,
  query: {
    readonly action: string;
    readonly parameters: RequestParameters;
    /** The field that tells rows apart. */
    readonly idField: string;
    readonly readRow: (row: JsonObject) => Row;
  },
): Promise<Listing<Row>> {
  const { action, parameters, idField, readRow } = query;
  return readListing<Row>({
    fetchPage: async (offset, signal) => {
      const page = { ...parameters, Offset: offset, Limit: PAGE_SIZE };
      const answer = await client.call(action, page, { signal });
      return readPage(answer, { action, list: (json) => listRow(json, readRow(json), idField) });
    },
    createCollector: () => new URedisRowCollector<Row>(),
    onPage: (read) => client.onPage?.({ action, ...read }),
    maxReadAhead: client.maxConcurrency,
  });
}
