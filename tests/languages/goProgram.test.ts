import { goEnvironment } from "../../tools/toolchains/goBuild";
import { findGoLack } from "../../tools/toolchains/goSdk";
import { cacheRoot } from "../../tools/repository";
import { leaveOut } from "../support/leftOut";
import { itInMatrix } from "../support/matrix";
import { useSimulatedStacks } from "../support/simulatedStack";
import { checkExample, startExample } from "./exampleRun";

describe("a program in Go, on Pulumi's Go host", function () {
  this.timeout(300_000);
  const start = useSimulatedStacks();

  itInMatrix({ part: "language", name: "Go", what: "preview, up, up unchanged, destroy" }, async function () {
    const why = await findGoLack();
    if (why !== undefined) leaveOut(this, { need: "Go", why });
    // As the Go SDK is built by its own test, so that Go compiles Pulumi's SDK once for both.
    const settings = { ...goEnvironment(process.env, cacheRoot), GOFLAGS: "-mod=readonly" };
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries<string | undefined>(settings))
      if (value !== undefined) env[name] = value;
    await checkExample(await startExample(this, start, { name: "go", env }));
  });
});
