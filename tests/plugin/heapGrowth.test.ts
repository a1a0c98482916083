import assert from "node:assert/strict";
import { limitHeapGrowth } from "../../provider/plugin/heapGrowth";

describe("the plugin's heap", () => {
  function collectFlags(version: string): string[] {
    const flags: string[] = [];
    limitHeapGrowth((flag) => flags.push(flag), version);
    return flags;
  }

  it("grows less than V8's default until garbage is collected", () => {
    for (const version of ["20.19.0", "22.0.0", "24.21.0"]) {
      assert.deepEqual(collectFlags(version), ["--heap-growing-percent=40"]);
    }
  });

  it("grows as V8 likes where its flag is not known, as V8 would print an error", () => {
    assert.deepEqual(collectFlags("25.0.0"), []);
  });
});
