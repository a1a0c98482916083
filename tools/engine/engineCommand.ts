/** `npm run engine`: makes a Pulumi CLI available, with `--languages` one with the hosts of all languages. */
import { ensureEngine } from "./engine";
import { ensureLanguageEngine } from "./languageEngine";

const ensure = process.argv.includes("--languages") ? ensureLanguageEngine : ensureEngine;
ensure().then(
  ({ command, version, source }) => console.log(`Pulumi CLI ${version} (${source}): ${command}`),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
