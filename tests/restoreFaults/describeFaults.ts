import assert from "node:assert/strict";
import { type RestoreFault, type RunResult, runVariant, sumUp } from "./restoreFaultCase";

/** Declares a test for each run of these rows, and one for what they leave behind in all. */
export function describeFaults(title: string, faults: readonly RestoreFault[]): void {
  describe(`faults of ${title}`, () => {
    const results: RunResult[] = [];

    for (const fault of faults) {
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
      console.log(`\n${title}: ${line}\n`);
      const count = faults.flatMap(({ variants }) => variants).length;
      assert.equal(line, `${count} faults, 0 databases too many, 0 lost`);
    });
  });
}
