/** The blocks of the documentation that show what was printed. */

/** Who says that they are true. */
interface PrintedBlocks {
  readonly page: string;
  readonly count: number;
  /** The test that compares all of them with real output. */
  readonly comparedBy?: string;
  /** Else why no test does, and what still checks them. */
  readonly reason?: string;
}

/** Every page with blocks of text or differences. A new block needs an entry, or a count that is changed on purpose. */
export const printedBlocks: readonly PrintedBlocks[] = [
  {
    page: "CONTRIBUTING.md",
    count: 1,
    reason: "a list of folders; links.test.ts checks that its names exist",
  },
  { page: "README.md", count: 1, reason: "shortened output of `npm run demo`, which demo.test.ts runs" },
  { page: "docs/commands.md", count: 2, comparedBy: "tests/commands/pageOutputs.test.ts" },
  { page: "docs/errors.md", count: 20, comparedBy: "tests/commands/commandErrors.test.ts" },
  { page: "docs/failCi.md", count: 1, comparedBy: "tests/commands/pageOutputs.test.ts" },
  {
    page: "docs/restoreGuide.md",
    count: 6,
    reason:
      "shortened; restoreGuide.test.ts runs the steps and applies the difference; pictures.test.ts compares the first two",
  },
  { page: "docs/runbook.md", count: 12, reason: "shortened output of a session by hand" },
  {
    page: "docs/tracing.md",
    count: 2,
    reason: "lines of the log, with other ids; traces.test.ts compares their form on the real CLI",
  },
  {
    page: "examples/policyPack/README.md",
    count: 1,
    reason: "shortened; policyPack.test.ts compares rules, resources and messages",
  },
  {
    page: "examples/previewGate/README.md",
    count: 1,
    reason: "shortened; previewGate.test.ts compares its form",
  },
];
