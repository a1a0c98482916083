import assert from "node:assert/strict";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { PassSigns } from "../../provider/ucloud/passSigns";
import { listRows } from "./fakeList";

/** The signs of a pass of pages that do not overlap, each with its `TotalCount`. */
function notePages(...totalCounts: number[]): PassSigns<JsonObject> {
  const signs = new PassSigns<JsonObject>();
  for (const totalCount of totalCounts) {
    signs.notePage({ rows: listRows([{ BackupId: String(totalCount) }]), totalCount });
    signs.expect([]);
  }
  return signs;
}

describe("PassSigns", () => {
  it("lets TotalCount prove that all rows came, whatever the pages looked like", () => {
    const signs = notePages(2, 2);
    signs.noteRepeatedPage();
    const { isExact, isCutShort } = signs.judge({ isExact: false, isAll: true });
    assert.deepEqual({ isExact, isCutShort }, { isExact: true, isCutShort: false });
  });

  it("takes no TotalCount that changed for a proof", () => {
    const signs = notePages(3, 2);
    signs.noteRepeatedPage();
    const { isSteady, isExact, isCutShort } = signs.judge({ isExact: false, isAll: true });
    assert.deepEqual(
      { isSteady, isExact, isCutShort },
      { isSteady: false, isExact: false, isCutShort: true },
    );
  });

  it("is not steady if a page that is requested again holds a backup that had not come", () => {
    const signs = notePages(1);
    assert.equal(signs.judge({ isExact: true, isAll: true }).isSteady, true);
    signs.noteUnknownBackup();
    assert.equal(signs.judge({ isExact: true, isAll: true }).isSteady, false);
  });
});
