import assert from "node:assert/strict";
import { countFiles, createBackupLinks } from "../../provider/ucloud/backupLinks";
import type { JsonObject } from "../../provider/ucloud/jsonFields";
import { FakeClient } from "../support/fakeClient";

const uredis = {
  region: "cn-bj2",
  projectId: "org-a",
  zone: "cn-bj2-04",
  groupId: "uredis-a",
  slaveZone: "cn-bj2-05",
  backupId: "b",
  isCrossRegion: false,
};
const umem = {
  region: "cn-bj2",
  projectId: undefined,
  zone: "cn-bj2-04",
  spaceId: "udredis-a",
  backupId: "b",
};
const LINK = "https://backups.example/a.rdb?Expires=1&Signature=s3cret";

function create(answer: JsonObject): { client: FakeClient; links: ReturnType<typeof createBackupLinks> } {
  const client = new FakeClient(() => ({ RetCode: 0, ...answer }));
  return { client, links: createBackupLinks(client) };
}

describe("the actions that return links", () => {
  it("send their parameters by the API's names", async () => {
    const { client, links } = create({ BackupPath: LINK, BackupURL: [LINK] });
    await links.findURedisLink(uredis);
    await links.findURedisLink({ ...uredis, isCrossRegion: true });
    await links.listUMemLinks(umem);
    const parameters = {
      Region: "cn-bj2",
      ProjectId: "org-a",
      Zone: "cn-bj2-04",
      GroupId: "uredis-a",
      SlaveZone: "cn-bj2-05",
      BackupId: "b",
    };
    const action = "DescribeURedisBackupURL";
    assert.deepEqual(client.calls, [
      { action, parameters: { ...parameters, IsCrossRegion: undefined } },
      { action, parameters: { ...parameters, IsCrossRegion: true } },
      {
        action: "DescribeUMemBackupURL",
        parameters: {
          Region: "cn-bj2",
          ProjectId: undefined,
          Zone: "cn-bj2-04",
          SpaceId: "udredis-a",
          BackupId: "b",
        },
      },
    ]);
  });

  for (const [title, answer] of [
    ["BackupPath", { BackupPath: LINK, BackupURL: "https://old.example", InnerBackupPath: "http://inner" }],
    ["BackupURL, where there is no BackupPath", { BackupURL: LINK, InnerBackupPath: "http://inner" }],
    ["BackupURL, where BackupPath is empty", { BackupPath: "", BackupURL: LINK }],
    ["BackupURL, where BackupPath is null", { BackupPath: null, BackupURL: LINK }],
  ] as const) {
    it(`take the link of a group's backup from ${title}`, async () => {
      assert.equal(await create(answer).links.findURedisLink(uredis), LINK);
    });
  }

  for (const [title, answer, expected] of [
    ["a list", { BackupURL: [LINK, "http://b.example/2"] }, [LINK, "http://b.example/2"]],
    ["one text", { BackupURL: LINK }, [LINK]],
    ["nothing", {}, []],
    ["an empty text", { BackupURL: "" }, []],
    ["null", { BackupURL: null }, []],
  ] as const) {
    it(`take the links of a space's backup from ${title}`, async () => {
      assert.deepEqual(await create(answer).links.listUMemLinks(umem), expected);
    });
  }

  const bad: readonly (readonly [title: string, value: unknown])[] = [
    ["another scheme", "ftp://s3cret.example/a"],
    ["a script", "javascript:s3cret"],
    ["no address", "s3cret"],
    ["no host", "https://?s3cret"],
    ["a line break", "https://b.example/s3cret\nhttps://b.example"],
    ["an escape code", "https://b.example/s3cret\u001b[1m"],
    ["half a character", "https://b.example/s3cret\ud800"],
    ["a right-to-left mark", "https://b.example/s3cret\u202e"],
    ["far too long", `https://b.example/s3cret${"x".repeat(20_000)}`],
  ];
  for (const [title, value] of bad) {
    it(`refuse a link with ${title}, without showing it`, async () => {
      for (const call of [
        create({ BackupPath: value }).links.findURedisLink(uredis),
        create({ BackupURL: value }).links.findURedisLink(uredis),
        create({ BackupURL: value }).links.listUMemLinks(umem),
        create({ BackupURL: [LINK, value] }).links.listUMemLinks(umem),
      ]) {
        const error: unknown = await call.catch((reason: unknown) => reason);
        assert.ok(error instanceof Error);
        assert.match(error.message, /^\[BadResponse\] Describe\w+URL \(BackupId b\) failed: .*\(not shown\)/);
        assert.doesNotMatch(error.message, /s3cret|example/);
      }
    });
  }

  for (const value of [null, { url: LINK }, [LINK], 7, ""]) {
    it(`refuse ${JSON.stringify(value)} among the links of shards`, async () => {
      await assert.rejects(create({ BackupURL: [LINK, value] }).links.listUMemLinks(umem), {
        code: "BadResponse",
        message: /^(?!.*s3cret)/s,
      });
    });
  }

  it("refuse an answer that has only the link for UCloud's own networks", async () => {
    await assert.rejects(create({ InnerBackupPath: LINK }).links.findURedisLink(uredis), {
      message: /^\[BadResponse\] DescribeURedisBackupURL \(BackupId b\) failed: the answer has no link\./,
    });
  });
});

describe("countFiles", () => {
  it("counts links to one file once, whenever and for whomever they were signed", () => {
    const file = "https://b.example/a?part=1";
    assert.equal(countFiles([`${file}&Expires=1&Signature=a`, `${file}&Expires=2&Signature=b`]), 1);
    assert.equal(countFiles([`${file}&UCloudPublicKey=a`, `${file}&X-Amz-Date=2`, `${file}#2`]), 1);
  });

  it("tells files apart by path, host and other parameters", () => {
    const links = ["https://b.example/a", "https://b.example/b", "https://c.example/a"];
    assert.equal(countFiles([...links, "https://b.example/a?part=2", "https://b.example/a?date=3"]), 5);
    assert.equal(countFiles([]), 0);
  });
});
