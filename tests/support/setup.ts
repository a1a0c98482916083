import * as fc from "fast-check";

// Set for all workers by .mocharc.cjs; a single file run without it gets a seed of its own.
const given = process.env.FAST_CHECK_SEED;
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (given === undefined) console.log(`property tests: FAST_CHECK_SEED=${seed}`);

fc.configureGlobal({ seed });

// Nobody's account, proxy or settings may count in a test that does not set them itself.
for (const name of Object.keys(process.env)) {
  if (/^UCLOUD_|^(https?|all|no)_proxy$/i.test(name)) Reflect.deleteProperty(process.env, name);
}
