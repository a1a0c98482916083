/**
 * Required by mocha, in every process of a run: one seed for all property tests, and none of the user's own
 * settings.
 */
import * as fc from "fast-check";
import { isBuilt } from "../../tools/build";
import { cacheRoot, repositoryRoot } from "../../tools/repository";

// .mocharc.cjs sets it for all processes. Only a run with `--no-config` takes a seed here.
const given = process.env.FAST_CHECK_SEED;
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (given === undefined) console.log(`property tests: FAST_CHECK_SEED=${seed}`);

fc.configureGlobal({ seed });

// A test that needs an account, a proxy or a setting sets it itself.
for (const name of Object.keys(process.env)) {
  if (/^UCLOUD_|^(https?|all|no)_proxy$/i.test(name)) Reflect.deleteProperty(process.env, name);
}

/** `npm test` builds first, `npx mocha FILE` does not. */
export function mochaGlobalSetup(): void {
  if (isBuilt(repositoryRoot, cacheRoot)) return;
  console.log(
    "The build is not up to date. Run `npm run build` before tests that use the plugin or the package.",
  );
}
