import * as fc from "fast-check";

// Set for all workers by .mocharc.cjs; a single file run without it gets a seed of its own.
const given = process.env.FAST_CHECK_SEED;
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (given === undefined) console.log(`property tests: FAST_CHECK_SEED=${seed}`);

fc.configureGlobal({ seed });
