import { formatTable } from "../../provider/commands/table";
import { type Outcome, runFaults } from "./faultRun";
import { reportedFaults, survivedFaults } from "./faultTable";

const groups = {
  "survived with a complete, correct answer": survivedFaults,
  "reported in time, with code, attempts and what to do": reportedFaults,
};
/** Enough plugins to keep two processors busy without filling the memory. */
const LANES = 6;

describe("injected faults, over gRPC", function () {
  this.timeout(120_000);
  let outcomes: ReadonlyMap<string, Outcome>;

  before(async () => {
    // The slowest first, so that they do not prolong the end.
    const cases = Object.values(groups).flat();
    const sorted = cases.toSorted((a, b) => (b.withinMs ?? 0) - (a.withinMs ?? 0));
    outcomes = await runFaults(sorted, LANES);
    printTable(cases.flatMap(({ name }) => outcomes.get(name) ?? []));
  });

  for (const [title, cases] of Object.entries(groups)) {
    describe(`are ${title}:`, () => {
      for (const { name } of cases) {
        it(name, () => {
          const outcome = outcomes.get(name);
          if (outcome === undefined) throw new Error("was not run");
          if (outcome.problem !== undefined) throw outcome.problem as Error;
        });
      }
    });
  }
});

function printTable(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(({ name, attempts, ms, outcome }) => [name, attempts, `${ms} ms`, outcome]);
  const unexpected = outcomes.filter(({ problem }) => problem !== undefined);
  const verdict = unexpected.length === 0 ? "none unexpected" : `UNEXPECTED: ${unexpected.length}`;
  console.log(
    `\n${formatTable(["fault", "attempts", "time", "outcome"], rows)}\n${rows.length} faults, ${verdict}\n`,
  );
}
