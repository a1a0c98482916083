import assert from "node:assert/strict";
import { cachedDataVersionTag, setFlagsFromString } from "node:v8";
import { HeapGrowth } from "../../provider/plugin/heapGrowth";

const [SHORT, LONG] = [{ rows: 2900 }, { rows: 3000 }];

describe("the plugin's heap", () => {
  function collectFlags(version: string, use: (growth: HeapGrowth) => void): string[] {
    const flags: string[] = [];
    use(new HeapGrowth((flag) => void flags.push(flag), version));
    return flags;
  }

  it("grows less than V8's default while a long list is read, and as V8 likes otherwise", () => {
    for (const version of ["20.19.0", "22.0.0", "24.21.0"]) {
      const flags = collectFlags(version, (growth) => {
        growth.notePage(SHORT);
        growth.rest();
        growth.notePage(LONG);
        growth.notePage(LONG);
        growth.rest();
        growth.rest();
      });
      assert.deepEqual(flags, [
        ...["--heap-growing-percent=30", "--semi-space-growth-factor=1"],
        ...["--heap-growing-percent=0", "--semi-space-growth-factor=2"],
      ]);
    }
  });

  it("has V8's flags again afterwards, for which code is kept", () => {
    const before = cachedDataVersionTag();
    const growth = new HeapGrowth(setFlagsFromString, "24.0.0");
    growth.notePage(LONG);
    assert.notEqual(cachedDataVersionTag(), before);
    growth.rest();
    assert.equal(cachedDataVersionTag(), before);
  });

  it("grows as V8 likes where its flag is not known, as V8 would print an error", () => {
    assert.deepEqual(
      collectFlags("25.0.0", (growth) => growth.notePage(LONG)),
      [],
    );
  });
});
