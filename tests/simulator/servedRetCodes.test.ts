import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { ask, type How, post, readAnswer, sign } from "./client";

const uredis = { Action: "DescribeURedisBackup", Region: demo.region, GroupId: demo.uredisGroupId };
const umem = {
  Action: "DescribeUMemBackup",
  Region: demo.region,
  Zone: demo.zone,
  SpaceId: demo.umemSpaceId,
};
const hows: How[] = ["GET", "form", "JSON"];

describe("simulator RetCodes", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  for (const how of hows) {
    it(`accepts a signed ${how} request`, async () => {
      const { status, body, headers } = await ask(simulator, { ...uredis, Note: "a b+c&d=é\u{1F511}" }, how);
      assert.deepEqual([status, body.RetCode, body.Message], [200, 0, undefined]);
      assert.equal(body.Action, "DescribeURedisBackupResponse");
      assert.equal(body.DataSet?.length, 10);
      assert.match(headers.get("X-UCLOUD-REQUEST-UUID") ?? "", /^[0-9a-f-]{36}$/);
    });

    it(`refuses a ${how} request with a wrong signature`, async () => {
      const signed = { ...sign(simulator, uredis), Limit: "9" };
      const { status, body } = await readAnswer(await post(simulator, signed, how));
      assert.deepEqual([status, body.RetCode], [200, 171]);
      assert.equal(body.DataSet, undefined);
    });
  }

  const refused: [string, Record<string, string | undefined>, number, string][] = [
    ["no Action", { ...uredis, Action: undefined }, 160, "Action"],
    ["an unknown Action", { ...uredis, Action: "DescribeUHostInstance" }, 161, "DescribeUHostInstance"],
    ["an Action every object inherits", { ...uredis, Action: "constructor" }, 161, "constructor"],
    ["another user", { ...uredis, PublicKey: "somebody" }, 172, "User"],
    ["a token the account does not have", { ...uredis, SecurityToken: "stolen" }, 174, "Token"],
    ["an unknown project", { ...uredis, ProjectId: "org-nobody" }, 292, "org-nobody"],
    ["URedis without Region", { ...uredis, Region: undefined }, 220, "[Region]"],
    ["URedis with an empty Region", { ...uredis, Region: "" }, 220, "[Region]"],
    ["URedis with a malformed Region", { ...uredis, Region: "Beijing 2" }, 230, "[Region]"],
    ["URedis with neither GroupId nor RegionType", { ...uredis, GroupId: undefined }, 220, "[GroupId]"],
    ["an unknown RegionType", { ...uredis, RegionType: "cross" }, 230, "[RegionType]"],
    ["a SlaveZone of another region", { ...uredis, SlaveZone: demo.otherZone }, 230, "[SlaveZone]"],
    ["UMem without Region", { ...umem, Region: undefined }, 220, "[Region]"],
    ["UMem without Zone", { ...umem, Zone: undefined }, 220, "[Zone]"],
    ["UMem without SpaceId", { ...umem, SpaceId: undefined }, 220, "[SpaceId]"],
    ["UMem with a Zone of another region", { ...umem, Zone: demo.otherZone }, 230, "[Zone]"],
    ["a negative Offset", { ...uredis, Offset: "-1" }, 230, "[Offset]"],
    ["an Offset in scientific notation", { ...uredis, Offset: "1e2" }, 230, "[Offset]"],
    ["an Offset that is not whole", { ...umem, Offset: "1.0" }, 230, "[Offset]"],
    ["a Limit that is no number", { ...umem, Limit: "many" }, 230, "[Limit]"],
    ["a Limit of 0", { ...umem, Limit: "0" }, 230, "[Limit]"],
  ];
  for (const [title, parameters, retCode, hint] of refused) {
    it(`answers ${title} with RetCode ${retCode}, status 200`, async () => {
      const { status, body } = await ask(simulator, parameters);
      assert.deepEqual([status, body.RetCode], [200, retCode]);
      assert.ok(body.Message?.includes(hint), body.Message);
    });
  }

  it("answers a request without a signature with RetCode 170", async () => {
    const { body } = await readAnswer(await post(simulator, { ...uredis, PublicKey: simulator.publicKey }));
    assert.equal(body.RetCode, 170);
  });

  it("answers an upper-case signature with RetCode 171", async () => {
    const signed = sign(simulator, uredis);
    const shouted = { ...signed, Signature: signed.Signature?.toUpperCase() ?? "" };
    assert.equal((await readAnswer(await post(simulator, shouted))).body.RetCode, 171);
  });

  it("answers a signature made with another private key with RetCode 171", async () => {
    const { publicKey } = simulator;
    const signed = sign({ publicKey, privateKey: "a guess", securityToken: undefined }, uredis);
    assert.equal((await readAnswer(await post(simulator, signed))).body.RetCode, 171);
  });

  it("answers a parameter given twice with RetCode 230", async () => {
    const form = new URLSearchParams(sign(simulator, uredis));
    form.append("Limit", "1");
    form.append("Limit", "2");
    const { body } = await readAnswer(await fetch(simulator.url, { method: "POST", body: form }));
    assert.equal(body.RetCode, 230);
  });

  it("signs the numbers, booleans and arrays of a JSON request in their flat form", async () => {
    const flat = { ...uredis, Limit: "3", Deep: "true", "Ids.0": "a", "Ids.1": "2.5" };
    const signed = sign(simulator, flat);
    const sent = {
      ...uredis,
      Limit: 3,
      Deep: true,
      Ids: ["a", 2.5],
      Nothing: null,
      PublicKey: simulator.publicKey,
    };
    const response = await fetch(simulator.url, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body: JSON.stringify({ ...sent, Signature: signed.Signature }),
    });
    const { body } = await readAnswer(response);
    assert.deepEqual([body.RetCode, body.DataSet?.length], [0, 3]);
  });

  for (const text of ["{", "[1]", "null", '"Action"']) {
    it(`answers the JSON body ${text} with RetCode 230`, async () => {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(simulator.url, { method: "POST", headers, body: text });
      assert.equal((await readAnswer(response)).body.RetCode, 230);
    });
  }

  it("does not look for a POST's parameters in its URL", async () => {
    const query = new URLSearchParams(sign(simulator, uredis)).toString();
    const response = await fetch(`${simulator.url}/?${query}`, { method: "POST" });
    assert.equal((await readAnswer(response)).body.RetCode, 160);
  });

  it("answers other paths, other methods and endless bodies with HTTP errors", async () => {
    const statuses = await Promise.all([
      fetch(`${simulator.url}/api`).then((response) => response.status),
      fetch(simulator.url, { method: "PUT" }).then((response) => response.status),
      fetch(simulator.url, { method: "POST", body: "x".repeat(1024 * 1024 + 1) }).then(
        (response) => response.status,
      ),
    ]);
    assert.deepEqual(statuses, [404, 405, 413]);
  });

  it("asks temporary credentials for their token and checks that it is signed", async () => {
    const temporary = await startSimulator({ securityToken: "sts-token" });
    try {
      const codes = [
        (await ask(temporary, uredis)).body.RetCode,
        (await ask(temporary, { ...uredis, SecurityToken: "other" })).body.RetCode,
        (await readAnswer(await post(temporary, sign(simulator, uredis)))).body.RetCode,
        (await readAnswer(await post(temporary, { ...sign(simulator, uredis), SecurityToken: "sts-token" })))
          .body.RetCode,
      ];
      assert.deepEqual(codes, [0, 174, 174, 171]);
    } finally {
      await temporary.close();
    }
  });
});
