import assert from "node:assert/strict";
import { demo, type Simulator, startSimulator } from "../../simulator";
import { withSimulator } from "../support/withSimulator";
import { ask, post, type Query, readAnswer, sign, UMEM_QUERY, UREDIS_QUERY } from "./client";

/** Ways to send parameters. */
const SENDERS: Record<string, (url: string, parameters: Record<string, string>) => Promise<Response>> = {
  GET: (url, parameters) => fetch(`${url}/?${new URLSearchParams(parameters).toString()}`),
  form: (url, parameters) => post({ url }, parameters),
  JSON: (url, parameters) => postJson(url, JSON.stringify(parameters)),
};

function postJson(url: string, body: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json; charset=utf-8" },
  });
}

describe("the simulator's RetCodes", () => {
  let simulator: Simulator;
  before(async () => (simulator = await startSimulator()));
  after(() => simulator.close());

  async function getRetCode(answer: Promise<Response>): Promise<number> {
    return (await readAnswer(await answer)).body.RetCode;
  }

  for (const [how, send] of Object.entries(SENDERS)) {
    it(`accept a signed ${how} request`, async () => {
      const signed = sign(simulator, { ...UREDIS_QUERY, Note: "a b+c&d=é\u{1F511}" });
      const { status, body, headers } = await readAnswer(await send(simulator.url, signed));
      assert.deepEqual([status, body.RetCode, body.Message], [200, 0, undefined]);
      assert.equal(body.Action, "DescribeURedisBackupResponse");
      assert.equal(body.DataSet?.length, 10);
      assert.match(headers.get("X-UCLOUD-REQUEST-UUID") ?? "", /^[0-9a-f-]{36}$/);
    });

    it(`refuse a ${how} request with a wrong signature`, async () => {
      const signed = { ...sign(simulator, UREDIS_QUERY), Limit: "9" };
      const { status, body } = await readAnswer(await send(simulator.url, signed));
      assert.deepEqual([status, body.RetCode], [200, 171]);
      assert.equal(body.DataSet, undefined);
    });
  }

  const refused: [title: string, query: Query, change: Query, retCode: number, hint: string][] = [
    ["no Action", UREDIS_QUERY, { Action: undefined }, 160, "Action"],
    ["an unknown Action", UREDIS_QUERY, { Action: "DescribeUHostInstance" }, 161, "DescribeUHostInstance"],
    ["an Action that every object inherits", UREDIS_QUERY, { Action: "constructor" }, 161, "constructor"],
    ["another user", UREDIS_QUERY, { PublicKey: "somebody" }, 172, "User"],
    ["a token that the account does not have", UREDIS_QUERY, { SecurityToken: "stolen" }, 174, "Token"],
    ["an unknown project", UREDIS_QUERY, { ProjectId: "org-nobody" }, 292, "org-nobody"],
    ["URedis without Region", UREDIS_QUERY, { Region: undefined }, 220, "[Region]"],
    ["URedis with an empty Region", UREDIS_QUERY, { Region: "" }, 220, "[Region]"],
    ["URedis with a malformed Region", UREDIS_QUERY, { Region: "Beijing 2" }, 230, "[Region]"],
    ["URedis with neither GroupId nor RegionType", UREDIS_QUERY, { GroupId: undefined }, 220, "[GroupId]"],
    ["an unknown RegionType", UREDIS_QUERY, { RegionType: "cross" }, 230, "[RegionType]"],
    ["a SlaveZone of another region", UREDIS_QUERY, { SlaveZone: demo.otherZone }, 230, "[SlaveZone]"],
    ["UMem without Region", UMEM_QUERY, { Region: undefined }, 220, "[Region]"],
    ["UMem without Zone", UMEM_QUERY, { Zone: undefined }, 220, "[Zone]"],
    ["UMem without SpaceId", UMEM_QUERY, { SpaceId: undefined }, 220, "[SpaceId]"],
    ["UMem with a Zone of another region", UMEM_QUERY, { Zone: demo.otherZone }, 230, "[Zone]"],
    ["a negative Offset", UREDIS_QUERY, { Offset: "-1" }, 230, "[Offset]"],
    ["an Offset in scientific notation", UREDIS_QUERY, { Offset: "1e2" }, 230, "[Offset]"],
    ["an Offset that is not whole", UMEM_QUERY, { Offset: "1.0" }, 230, "[Offset]"],
    ["a Limit that is not a number", UMEM_QUERY, { Limit: "many" }, 230, "[Limit]"],
    ["a Limit of 0", UMEM_QUERY, { Limit: "0" }, 230, "[Limit]"],
  ];
  for (const [title, query, change, retCode, hint] of refused) {
    it(`answer ${title} with ${retCode} and status 200`, async () => {
      const { status, body } = await ask(simulator, { ...query, ...change });
      assert.deepEqual([status, body.RetCode], [200, retCode]);
      assert.ok(body.Message?.includes(hint), body.Message);
    });
  }

  const unsigned: [title: string, send: (url: string) => Promise<Response>, retCode: number][] = [
    [
      "a request without a signature",
      () => post(simulator, { ...UREDIS_QUERY, PublicKey: simulator.publicKey }),
      170,
    ],
    [
      "an upper-case signature",
      () => {
        const signed = sign(simulator, UREDIS_QUERY);
        return post(simulator, { ...signed, Signature: signed.Signature?.toUpperCase() ?? "" });
      },
      171,
    ],
    [
      "a parameter that is given twice",
      (url) => {
        const form = new URLSearchParams(sign(simulator, UREDIS_QUERY));
        form.append("Limit", "1");
        form.append("Limit", "2");
        return fetch(url, { method: "POST", body: form });
      },
      230,
    ],
    [
      "a POST with its parameters in the URL",
      (url) =>
        fetch(`${url}/?${new URLSearchParams(sign(simulator, UREDIS_QUERY)).toString()}`, { method: "POST" }),
      160,
    ],
    ...["{", "[1]", "null", '"Action"'].map((body): (typeof unsigned)[number] => [
      `the JSON body ${body}`,
      (url) => postJson(url, body),
      230,
    ]),
  ];
  for (const [title, send, retCode] of unsigned) {
    it(`answer ${title} with ${retCode}`, async () => {
      assert.equal(await getRetCode(send(simulator.url)), retCode);
    });
  }

  it("are those of the flat form for the numbers, booleans and arrays of a JSON request", async () => {
    const flat = { ...UREDIS_QUERY, Limit: "3", Deep: "true", "Ids.0": "a", "Ids.1": "2.5" };
    const { Signature, PublicKey } = sign(simulator, flat);
    const sent = { ...UREDIS_QUERY, Limit: 3, Deep: true, Ids: ["a", 2.5], Nothing: null };
    const response = await postJson(simulator.url, JSON.stringify({ ...sent, PublicKey, Signature }));
    const { body } = await readAnswer(response);
    assert.deepEqual([body.RetCode, body.DataSet?.length], [0, 3]);
  });

  it("give way to HTTP errors for other paths, other methods and endless bodies", async () => {
    const responses = await Promise.all([
      fetch(`${simulator.url}/api`),
      fetch(simulator.url, { method: "PUT" }),
      fetch(simulator.url, { method: "POST", body: "x".repeat(1024 * 1024 + 1) }),
    ]);
    assert.deepEqual(
      responses.map(({ status }) => status),
      [404, 405, 413],
    );
  });

  it("demand the token of temporary keys, and that it is signed", () =>
    withSimulator({ securityToken: "sts-token" }, async (temporary) => {
      const signed = sign(simulator, UREDIS_QUERY);
      const codes = [
        (await ask(temporary, UREDIS_QUERY)).body.RetCode,
        (await ask(temporary, { ...UREDIS_QUERY, SecurityToken: "other" })).body.RetCode,
        await getRetCode(post(temporary, signed)),
        await getRetCode(post(temporary, { ...signed, SecurityToken: "sts-token" })),
      ];
      assert.deepEqual(codes, [0, 174, 174, 171]);
    }));
});
