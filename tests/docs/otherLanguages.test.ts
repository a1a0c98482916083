import assert from "node:assert/strict";
import {
  ensureCsharpParser,
  ensureJavaSdk,
  ensurePythonEnvironment,
  findGoLack,
} from "../../tools/languageToolchains";
import { leaveOut } from "../support/leftOut";
import type { Block } from "../support/markdown";
import { itInMatrix } from "../support/matrix";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { breakExample, descriptions, listExamples } from "./examples";
import { checkGo } from "./goCheck";
import { checkJava } from "./javaCheck";
import { checkCsharp, checkPython } from "./pythonCheck";

/** Wrong names, by the right ones that they replace: of an argument, a nested one, a result and a type. */
type Mistakes = Readonly<Record<string, string>>;

/** Preparing a language takes minutes if nothing is in the cache. */
const preparedMs = 10 * 60_000;

describe("the code in the documentation, in other languages", function () {
  this.timeout(preparedMs);
  const folder = useTemporaryFolder("examples-");

  itInMatrix(
    { part: "language", name: "Go", what: "the documentation's programs are type-checked" },
    async function () {
      const lack = await findGoLack();
      if (lack !== undefined) return leaveOut(this, { need: "Go", why: lack });
      const mistakes = {
        "GroupId:": "GroupID:",
        "&ucloudredis.URedisRestoreSourceArgs": "&ucloudredis.URedisSourceArgs",
        "found.Skipped()": "found.Skip()",
        "ucloudredis.OnStaleWarn": "ucloudredis.OnStaleWarning",
      };
      await refusesOnly("go", mistakes, (blocks) => checkGo(blocks, folder()));
    },
    { needsEngine: false },
  );

  itInMatrix(
    { part: "language", name: "Java", what: "the documentation's programs are compiled" },
    async function () {
      const sdk = await ensureJavaSdk();
      if ("missing" in sdk) return leaveOut(this, { need: "Java", why: sdk.missing });
      const mistakes = {
        ".groupId(": ".groupID(",
        "URedisRestoreSourceArgs.builder()": "URedisSourceArgs.builder()",
        "result.skipped()": "result.skip()",
        "OnStale.Warn": "OnStale.Warning",
      };
      const { classPath } = sdk;
      await refusesOnly("java", mistakes, (blocks) => checkJava(blocks, { folder: folder(), classPath }));
    },
    { needsEngine: false },
  );

  itInMatrix(
    { part: "language", name: "Python", what: "the documentation's programs run against mocks" },
    async function () {
      const environment = await ensurePythonEnvironment();
      if ("missing" in environment) return leaveOut(this, { need: "Python", why: environment.missing });
      const mistakes = {
        "group_id=": "groupid=",
        '"group_id":': '"group":',
        "found.skipped": "found.skip",
        "OnStale.WARN": "OnStale.Warn",
      };
      const run = { python: environment.python, folder: folder() };
      await refusesOnly("python", mistakes, (blocks) => checkPython(blocks, run));
    },
    { needsEngine: false },
  );

  itInMatrix(
    {
      part: "language",
      name: ".NET",
      what: "the documentation's programs are parsed, and their names looked up",
    },
    async function () {
      const parser = await ensureCsharpParser();
      if ("missing" in parser) return leaveOut(this, { need: "a parser of C#", why: parser.missing });
      const mistakes = {
        "GroupId =": "GroupID =",
        "new UCloudRedis.Inputs.URedisRestoreSourceArgs": "new UCloudRedis.Inputs.URedisSourceArgs",
        "result.Skipped": "result.Skip",
        "OnStale.Warn": "OnStale.Warning",
        "});": "};",
      };
      const run = { python: parser.python, folder: folder() };
      await refusesOnly("csharp", mistakes, (blocks) => checkCsharp(blocks, run));
    },
    { needsEngine: false },
  );
});

/** Checks all examples in a language and, in the same run of the compiler, that it refuses wrong ones. */
async function refusesOnly(
  language: string,
  mistakes: Mistakes,
  check: (blocks: readonly Block[]) => Promise<string[]>,
): Promise<void> {
  const blocks = listExamples(language);
  assert.ok(blocks.length > descriptions.length);
  const broken = Object.entries(mistakes).map((mistake) => breakExample(blocks, mistake));
  const errors = await check([...blocks, ...broken]);
  assert.deepEqual(
    errors.filter((error) => !broken.some(({ location }) => error.startsWith(location))),
    [],
  );
  for (const { location } of broken) {
    assert.ok(
      errors.some((error) => error.startsWith(location)),
      `not refused: ${location}`,
    );
  }
}
