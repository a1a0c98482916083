import assert from "node:assert/strict";
import {
  composeSentence,
  describeFaults,
  explainFailure,
  type Fault,
  nameDatabase,
} from "../../provider/backups/reportMessages";
import { RedisBackupError } from "../../provider/ucloud/errors";

/** So many faults of databases with long sentences. */
function createFaults(count: number): Fault[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `uredis-${String(index).padStart(8, "0")}`;
    const message = `Newest usable backup is ${index}d old, maxAge 26h; automatic backups are off.`;
    return {
      ...{ code: "StaleBackup", title: `orders-${index} (${id})`, id, region: "cn-bj2", message },
      nextStep: "Make a new backup.",
    };
  });
}

describe("the failure of a report", () => {
  it("names every fault in its first line, and explains each in a paragraph", () => {
    const lines = describeFaults(createFaults(2), { checked: 3, regions: 1 }).split("\n");
    assert.deepEqual(lines, [
      "2 of 3 databases have no backup to rely on: orders-0 (uredis-00000000) [StaleBackup], orders-1 (uredis-00000001) [StaleBackup]",
      "- orders-0 (uredis-00000000) in cn-bj2: [StaleBackup] Newest usable backup is 0d old, maxAge 26h; automatic backups are off. Make a new backup.",
      "- orders-1 (uredis-00000001) in cn-bj2: [StaleBackup] Newest usable backup is 1d old, maxAge 26h; automatic backups are off. Make a new backup.",
    ]);
  });

  it("names all of 100 in full, and says that only the worst are explained", () => {
    const lines = describeFaults(createFaults(100), { checked: 100, regions: 1 }).split("\n");
    assert.equal(lines[0]?.match(/\[StaleBackup\]/g)?.length, 100);
    assert.equal(lines.length, 22);
    assert.equal(lines.at(-1), "The worst 20 of 100 are explained here; onStale `warn` returns all.");
  });

  it("holds the ids of all of 400, and stays within 12,000 characters", () => {
    const faults = createFaults(400);
    const text = describeFaults(faults, { checked: 400, regions: 1 });
    for (const { id = "" } of faults) assert.ok(text.includes(id), id);
    assert.ok(text.length <= 12_000, `${text.length}`);
    assert.match(text, /explained here/);
  });

  it("says how many of very many are not named, with a lost region in the first line", () => {
    const region = { code: "Unavailable", title: "cn-sh2", message: "The API does not answer." };
    const text = describeFaults([region, ...createFaults(5000)], { checked: 6000, regions: 2 });
    assert.ok(text.length <= 12_000, `${text.length}`);
    const [first = "", second = ""] = text.split("\n");
    assert.match(
      first,
      /^5000 of 6000 databases have .* and \d{4} more, which have no room here; 1 of 2 regions .*cn-sh2 \[Unavailable\]$/,
    );
    const named = first.match(/\buredis-\d{8}\b/g)?.length ?? 0;
    assert.equal(named + Number(/and (\d+) more/.exec(first)?.[1]), 5000);
    assert.equal(second, "- cn-sh2: [Unavailable] The API does not answer.");
  });

  it("quotes a name that could be taken for another entry", () => {
    assert.equal(nameDatabase({ id: "g1", name: "orders_2.b-ü" }), "orders_2.b-ü (g1)");
    assert.equal(
      nameDatabase({ id: "g1", name: "a (g2) [NoBackups], `b\n" }),
      "`a (g2) [NoBackups], 'b\uFFFD` (g1)",
    );
    assert.equal(nameDatabase({ id: "g1", name: "g1" }), "g1");
    assert.equal(nameDatabase({ id: "g1\u001b" }), "g1\uFFFD");
  });
});

describe("the sentence on a database", () => {
  it("is the verdict of a failure, and its next step apart", () => {
    const error = new RedisBackupError("NoBackups", "g1: no backup found.\nAsked for: g1.\nMake a backup.");
    assert.deepEqual(explainFailure(error, undefined), {
      claims: ["no backup found."],
      nextStep: "Make a backup.",
    });
  });

  it("is the whole text of a failure on one line", () => {
    const error = new RedisBackupError("Forbidden", "It failed: RetCode 299. Ask for rights.");
    const { claims, nextStep } = explainFailure(error, undefined);
    assert.deepEqual([claims, nextStep], [["It failed: RetCode 299. Ask for rights."], undefined]);
  });

  it("starts with a capital, and ends once", () => {
    assert.equal(
      composeSentence(["no backup found.", "automatic backups are off"]),
      "No backup found; automatic backups are off.",
    );
    assert.equal(composeSentence(["is it?"]), "Is it?");
  });
});
