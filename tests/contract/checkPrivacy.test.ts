import assert from "node:assert/strict";
import { allDifferences, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";
import { withSimulator } from "../support/withSimulator";
import { runCheckCommand } from "./checkRuns";

/** Fields whose values are words of the API, not of the account. */
const WORDS =
  /^(?:Action|State|BlockState|BackupType|BlockType|ResourceType|Type|Role|ChargeType|Protocol|IsModify|ReadMode|AutoBackup|HighAvailability|OwnSlave|DefaultConfigId)$|Version$/;
const LINKS = /^(?:BackupPath|BackupURL|InnerBackupPath)$/;

/** Everything that an answer says of the account: names and ids, and numbers too large for a count. */
function collectValues(value: unknown, field: string, into: { all: Set<string>; links: Set<string> }): void {
  if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      collectValues(each, Array.isArray(value) ? field : name, into);
    }
  } else if (typeof value === "string" && !/^\d{0,2}$/.test(value) && !WORDS.test(field)) {
    into.all.add(value);
    if (LINKS.test(field)) into.links.add(value);
  } else if (typeof value === "number" && value > 20_999) {
    into.all.add(String(value));
  }
}

/** Gives each row, and each one nested in it, a tag that is no word which the output may hold anyway. */
function markTags(rows: unknown): void {
  for (const row of Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []) {
    if ("Tag" in row) row["Tag"] = "marked-tag";
    markTags(row["DataSet"]);
  }
}

/** A simulator that notes what its answers hold. Each row has a name of its own where it had a common one. */
function observe(options: SimulatorOptions = {}): {
  options: SimulatorOptions;
  values: { all: Set<string>; links: Set<string> };
} {
  const values = { all: new Set<string>(), links: new Set<string>() };
  const onAnswer = (answer: Record<string, unknown>): void => {
    markTags(answer.DataSet);
    if (typeof answer.RetCode === "number" && answer.RetCode !== 0)
      answer.Message = "marked message of the API";
    collectValues(answer, "", values);
  };
  return { options: { ...options, onAnswer }, values };
}

/** The values that the simulator's answers or keys hold, and `output` too. */
function findLeaks(output: string, values: Iterable<string>, simulator: Simulator): string[] {
  const { publicKey, privateKey, url, requests } = simulator;
  const uuids = requests.map(({ requestUuid }) => requestUuid);
  return [...values, publicKey, privateKey, url, new URL(url).host, ...uuids].filter((value) =>
    output.includes(value),
  );
}

describe("what ucloud-redis-check prints", () => {
  for (const differs of [[], allDifferences]) {
    for (const args of [[], ["--json"]]) {
      const title = `${args.join("") || "text"}${differs.length === 0 ? "" : ", of an API that differs"}`;
      it(`holds nothing of the account: ${title}`, async () => {
        const { options, values } = observe({ differs });
        await withSimulator(options, async (simulator) => {
          const { stdout, stderr } = await runCheckCommand(simulator, args);
          assert.ok(values.all.size > 100);
          assert.deepEqual(findLeaks(stdout + stderr, values.all, simulator), []);
        });
      });
    }
  }

  it("holds nothing of the account where every action is refused, or the keys are wrong", async () => {
    for (const retCode of [299, 171]) {
      const { options, values } = observe();
      await withSimulator(options, async (simulator) => {
        const message = ({ parameters }: { parameters: object }): string => JSON.stringify(parameters);
        simulator.injectFault({ kind: "retCode", retCode, message, times: Infinity });
        const args = ["--group", "uredis-mine", "--space", "udredis-mine", "--zone", "cn-bj2-77"];
        const { stdout, stderr } = await runCheckCommand(simulator, args);
        const given = ["uredis-mine", "udredis-mine", "cn-bj2-77", "Signature"];
        assert.deepEqual(findLeaks(stdout + stderr, [...values.all, ...given], simulator), []);
      });
    }
  });

  it("holds no address where nothing answers", async () => {
    const simulator = await startSimulator();
    await simulator.close();
    const { stdout, stderr, exitCode } = await runCheckCommand(simulator);
    assert.equal(exitCode, 2);
    assert.match(stderr, /DescribeUMem: the connection was refused \(ECONNREFUSED\)/);
    assert.deepEqual(findLeaks(stdout + stderr, [], simulator), []);
  });

  it("holds ids, messages and request uuids with --show-ids, but never a link", async () => {
    const { options, values } = observe({ differs: ["retCode"] });
    await withSimulator(options, async (simulator) => {
      const { stdout } = await runCheckCommand(simulator, ["--show-ids"]);
      assert.match(stdout, /group uredis-/);
      assert.match(stdout, /marked message of the API/);
      assert.ok(simulator.requests.every(({ requestUuid }) => stdout.includes(requestUuid)));
      assert.ok(values.links.size > 1);
      const pieces = [...values.links].flatMap((link) => [link, new URL(link).pathname, new URL(link).host]);
      assert.deepEqual(
        pieces.filter((piece) => stdout.includes(piece)),
        [],
      );
    });
  });

  it("holds no link with --show-ids where the API puts one into a refusal", () =>
    withSimulator({}, async (simulator) => {
      for (const action of ["DescribeURedisBackupURL", "DescribeUMemBackupURL"]) {
        const message = "See https://files.example/marked-link?key=1";
        simulator.injectFault({ kind: "retCode", retCode: 20003, message, action, times: Infinity });
      }
      const { stdout, exitCode } = await runCheckCommand(simulator, ["--show-ids", "--json"]);
      assert.equal(exitCode, 1);
      assert.doesNotMatch(stdout, /marked-link|files\.example/);
    }));
});
