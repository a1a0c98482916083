import assert from "node:assert/strict";
import { type RunResult, runVariant, sumUp } from "./faultCase";
import { restoreFaults } from "./faultTable";

describe("faults of a restore, and what is left of them", function () {
  const results: RunResult[] = [];

  for (const fault of restoreFaults) {
    for (const variant of fault.variants) {
      const of = variant.title === "" ? "" : ` (${variant.title})`;
      it(`${fault.name}${of}: ${fault.outcome}`, async () => {
        const result = await runVariant(fault, variant);
        results.push(result);
        assert.deepEqual(result, { ...fault.expected, tooMany: 0, lost: 0 });
      });
    }
  }

  it("leave no database too many, and lose none", () => {
    const line = sumUp(results);
    console.log(`\n${line}\n`);
    const count = restoreFaults.flatMap(({ variants }) => variants).length;
    assert.equal(line, `${count} faults, 0 databases too many, 0 lost`);
  });
});
