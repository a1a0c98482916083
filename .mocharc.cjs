// Every worker of one run uses the same property-test seed, printed once so that a failure can be repeated.
process.env.FAST_CHECK_SEED ??= String(Math.floor(Math.random() * 2 ** 31));
if (!process.env.MOCHA_WORKER_ID)
  console.log(`property tests: FAST_CHECK_SEED=${process.env.FAST_CHECK_SEED}`);

// No `spec`: it would be added to the files that `npx mocha FILE` names. The script `test` names all.
module.exports = {
  require: [
    "ts-node/register",
    "tests/support/setup.ts",
    "tests/support/keptFiles.ts",
    "tests/support/leftOut.ts",
    "tests/support/requireEngine.ts",
    "tests/support/matrix.ts",
  ],
  parallel: true,
  jobs: 2,
  timeout: 20_000,
  forbidOnly: Boolean(process.env.CI),
};
