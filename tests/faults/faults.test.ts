import { formatTable } from "../../tools/table";
import { type Outcome, runFaults } from "./faultRun";
import { reportedFaults, survivedFaults } from "./faultTable";

const groups = {
  "survived with a complete, correct answer": survivedFaults,
  "reported within their time, with code, attempts and what to do": reportedFaults,
};
/** As many plugins as keep both a small machine's processors busy and its memory free. */
const LANES = 6;

describe("faults, over gRPC against a server that misbehaves", function () {
  this.timeout(120_000);
  let outcomes: ReadonlyMap<string, Outcome>;

  before(async () => {
    // The slowest first, so that nothing is left waiting for them at the end.
    const cases = Object.values(groups).flat();
    const sorted = [...cases].sort((a, b) => (b.withinMs ?? 0) - (a.withinMs ?? 0));
    outcomes = await runFaults(sorted, LANES);
    const rows = cases.flatMap(({ name }) => outcomes.get(name) ?? []);
    printTable(rows);
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
