import fs from "node:fs";
import path from "node:path";
import { ensureJavaRepository } from "../../tools/toolchains/javaRepository";
import { ensureJavaSdk } from "../../tools/toolchains/javaSdk";
import { leaveOut } from "../support/leftOut";
import { itInMatrix } from "../support/matrix";
import { useSimulatedStacks } from "../support/simulatedStack";
import { checkExample, startExample } from "./exampleRun";

describe("a program in Java, on Pulumi's Java host", function () {
  this.timeout(300_000);
  const start = useSimulatedStacks();

  itInMatrix(
    { part: "language", name: "Java", what: "preview, up, up unchanged, destroy" },
    async function () {
      const found = await ensureJavaSdk();
      if ("missing" in found) leaveOut(this, { need: "Java", why: found.missing });
      const repository = await ensureJavaRepository();
      const prepare = (project: string): void => {
        // Maven reads its own arguments from there, whoever starts it.
        fs.mkdirSync(path.join(project, ".mvn"));
        const args = ["-o", `-Dmaven.repo.local=${repository}`];
        fs.writeFileSync(path.join(project, ".mvn", "maven.config"), args.join("\n"));
      };
      // Java starts and ends a dozen times here: it is faster if it optimizes less.
      const env = { MAVEN_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" };
      await checkExample(await startExample(this, start, { name: "java", prepare, env }));
    },
  );
});
