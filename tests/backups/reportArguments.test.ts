import assert from "node:assert/strict";
import { createReportRequest } from "../../provider/backups/reportArguments";
import { InvalidInputError } from "../../provider/ucloud/errors";

const defaults = { region: "cn-bj2", projectId: "org-1" };

describe("the arguments of getRedisBackupReport", () => {
  it("default to the settings' region and project, 26 hours, and a failure", () => {
    const { keep, ...request } = createReportRequest({ regions: null }, defaults);
    assert.deepEqual(request, {
      ...{ regions: ["cn-bj2"], projectId: "org-1", maxAge: { seconds: 26 * 3600, text: "26h" } },
      ...{ onStale: "error", allowEmpty: false, filters: [], excludeIds: [] },
    });
    assert.equal(keep({ id: "g1", isReplica: false }), true);
  });

  it("may exclude nothing", () => {
    assert.deepEqual(createReportRequest({ excludeIds: [] }, defaults).filters, []);
  });

  for (const [title, args, failures] of [
    ["no region at all", {}, [/^regions: is required: name them here, or set `ucloud-redis:region`/]],
    ["an empty list of regions", { regions: [] }, [/^regions: must not be empty; leave it out/]],
    [
      "an empty region",
      { regions: ["a", " "] },
      [/^regions: holds an item, number 2, that must not be empty/],
    ],
    ["a region alone", { regions: "a" }, [/^regions: must be a list/]],
    ["an empty list of kinds", { regions: ["a"], kinds: [] }, [/^kinds: must not be empty/]],
    [
      "an unknown kind",
      { kinds: ["redis"] },
      [/^kinds: holds an item, number 1, that must be one of uredis, umem/],
    ],
    ["an empty list of tags", { regions: ["a"], tags: [] }, [/^tags: must not be empty/]],
    ["a malformed maxAge", { regions: ["a"], maxAge: "26" }, [/^maxAge: must be a duration such as 26h/]],
    [
      "a malformed name",
      { regions: ["a"], nameRegex: "(" },
      [/^nameRegex: is not a regular expression in RE2/],
    ],
    ["an unknown argument", { region: "a" }, [/^region: is not an argument; the arguments are regions, /]],
    [
      "several faults at once",
      { maxAge: "0h", tags: [] },
      [/^regions: /, /^tags: /, /^maxAge: must be longer/],
    ],
  ] as const) {
    it(`refuse ${title}`, () => {
      const none = { region: undefined, projectId: undefined };
      assert.throws(
        () => createReportRequest(args, none),
        (error: unknown) => {
          assert.ok(error instanceof InvalidInputError);
          const texts = error.failures.map(({ property, reason }) => `${property}: ${reason}`);
          assert.equal(texts.length, failures.length, texts.join("\n"));
          failures.forEach((pattern, index) => assert.match(texts[index] ?? "", pattern));
          return true;
        },
      );
    });
  }

  it("match names in some part, and tags as a whole", () => {
    const { keep } = createReportRequest({ nameRegex: "der", tags: ["shop", "ops"] }, defaults);
    const database = { id: "g1", isReplica: false, name: "orders", tag: "ops" };
    assert.equal(keep(database), true);
    for (const other of [{ name: "queue" }, { tag: "shop2" }, { tag: "Shop" }]) {
      assert.equal(keep({ ...database, ...other }), false, JSON.stringify(other));
    }
    assert.equal(keep({ id: "g1", isReplica: false, name: "orders" }), false, "no tag");
  });
});
