/**
 * The functions of both entry points: one preview of each makes all calls, and then the answers are compared.
 */
import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator";
import { addFaults, failureCases } from "./failureCases";
import { type FunctionCase, type Result, resultCases } from "./functionCases";
import { BOTH, type EntryPoint, type Twin } from "../support/installedPackage";
import { requireEngine } from "../support/requireEngine";
import { createTwinStack, type Outcome, TIMEOUT_MS, type TwinStack } from "./twinStack";

/** The answer of a call. */
type Answer = { readonly result: Result } | { readonly error: string };

const cases = [...resultCases, ...failureCases];

describe("the functions", function () {
  this.timeout(TIMEOUT_MS);
  const keys = { publicKey: "a-public-key", privateKey: "a-private-key", securityToken: "a-token" };
  const answers = { plugin: new Map<string, Answer>(), dynamic: new Map<string, Answer>() };
  const previews: Partial<Record<EntryPoint, Outcome>> = {};
  const stacks: TwinStack[] = [];
  let simulator: Simulator;

  before(requireEngine);
  before(async () => {
    simulator = await startSimulator(keys);
    addFaults(simulator);
    for (const entryPoint of BOTH) {
      const stack = await createTwinStack(entryPoint, simulator, { config: { timeoutSeconds: "0.5" } });
      stacks.push(stack);
      previews[entryPoint] = await stack.run({
        command: "preview",
        async program(twin) {
          // One after the other, so that both send their requests in the same order.
          for (const { title, call } of cases) answers[entryPoint].set(title, await ask(twin, call));
          return {};
        },
      });
    }
  });
  after(async () => {
    for (const stack of stacks) stack.remove();
    await simulator.close();
  });

  function assertAlike(title: string): void {
    assert.ok(answers.plugin.has(title), title);
    assert.deepEqual(normalize(answers.dynamic.get(title)), normalize(answers.plugin.get(title)), title);
  }

  for (const entryPoint of BOTH) {
    describe(`(${entryPoint})`, () => {
      for (const { title, check, fails } of cases) {
        it(title, () => {
          const answer = answers[entryPoint].get(title);
          assert.ok(answer, previews[entryPoint]?.text);
          if (fails === undefined) {
            assert.ok("result" in answer, JSON.stringify(answer));
            check(answer.result);
            return;
          }
          const [code, ...texts] = fails;
          assert.ok("error" in answer, "did not fail");
          assert.equal(/\[(\w+)\]/.exec(answer.error)?.[1], code, answer.error);
          for (const text of texts) assert.match(answer.error, makePattern(text));
        });
      }

      it("no failure shows a key, token or signature, even if the API echoes them", () => {
        const signatures = simulator.requests.map(({ parameters }) => String(parameters["Signature"]));
        const seen = [JSON.stringify([...answers[entryPoint]]), previews[entryPoint]?.text ?? ""];
        for (const secret of [...Object.values(keys), ...signatures])
          for (const text of seen) assert.ok(!text.includes(secret), secret);
      });

      it("a stale backup that is used causes a warning in the preview", () => {
        assert.match(previews[entryPoint]?.text ?? "", /warning: \[StaleBackup\] .*maxAge 1h/);
        assert.equal(previews[entryPoint]?.failed, false);
      });
    });
  }

  it("both entry points return the same results", () => {
    for (const { title } of resultCases) assertAlike(title);
  });

  it("both report the API's failures in the same words", () => {
    for (const { title, fails: [code] = [] } of failureCases)
      if (code !== "InvalidArgument") assertAlike(title);
  });

  it("both send the same requests", () => {
    const requests = simulator.requests.map(({ parameters: { Action, Region, GroupId, SpaceId, Offset } }) =>
      JSON.stringify([Action, Region, GroupId, SpaceId, Offset]),
    );
    const half = requests.length / 2;
    assert.deepEqual(requests.slice(half), requests.slice(0, half));
    assert.ok(half > resultCases.length);
  });
});

async function ask(twin: Twin, call: FunctionCase["call"]): Promise<Answer> {
  try {
    return { result: (await call(twin)) as Result };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** An answer without ages, request ids, and what differs between the two ways to Pulumi's engine. */
function normalize(answer: Answer | undefined): object | undefined {
  if (answer === undefined || "result" in answer) return { ...answer?.result, ageSeconds: undefined };
  const own = answer.error.replace(/^invocation of \S+ returned an error: /, "");
  return { error: own.replace(/request uuid [\w-]+/, "").replaceAll(/(\d+\w )?\d+\w ago/g, "… ago") };
}

function makePattern(text: string | RegExp): RegExp {
  return text instanceof RegExp ? text : new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}
