import {
  ensureCsharpParser,
  ensureJavaSdk,
  ensurePythonEnvironment,
  findGoLack,
} from "../../tools/toolchains/languageToolchains";
import { leaveOut } from "../support/leftOut";
import { itInMatrix } from "../support/matrix";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { assertRefusesOnly } from "./examples";
import { checkGo } from "./goCheck";
import { checkJava } from "./javaCheck";
import { checkCsharp, checkPython } from "./pythonCheck";

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
      await assertRefusesOnly(["go"], mistakes, (blocks) => checkGo(blocks, folder()));
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
      await assertRefusesOnly(["java"], mistakes, (blocks) =>
        checkJava(blocks, { folder: folder(), classPath }),
      );
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
      await assertRefusesOnly(["python"], mistakes, (blocks) => checkPython(blocks, run));
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
      await assertRefusesOnly(["csharp"], mistakes, (blocks) => checkCsharp(blocks, run));
    },
    { needsEngine: false },
  );
});
