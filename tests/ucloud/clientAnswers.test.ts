import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { createRedisBackupApi } from "../../provider/backups/services";
import { MAX_ANSWER_BYTES } from "../../provider/ucloud/response";
import type { RedisBackupError } from "../../provider/ucloud/errors";
import { demo, startSimulator } from "../../simulator";
import {
  connect,
  type Loopback,
  serveBytes,
  serveHttp,
  useServers,
  useSimulator,
  writeAnswer,
} from "../support/loopback";

const ACTION = "DescribeUMemBackup";

/** Calls a server that answers with these bytes. */
async function callBytes(bytes: string, maxRetries = 0): Promise<unknown> {
  const server = await serveBytes(bytes);
  try {
    return await connect(server, { maxRetries }).call(ACTION, {});
  } finally {
    await server.close();
  }
}

describe("client: answers", () => {
  const readable: [name: string, body: string, headers?: string[]][] = [
    ["a byte order mark", '\uFEFF{"RetCode":0,"N":1}'],
    ["a RetCode as text", '{"RetCode":"0","N":1}'],
    ["another content type", '{"RetCode":0,"N":1}', ["Content-Type: text/html"]],
    ["blanks around it", ' \r\n{"RetCode":0,"N":1}\n\n'],
    ["chunks", '13\r\n{"RetCode":0,"N":1}\r\n0\r\n\r\n', ["Transfer-Encoding: chunked"]],
    ["names of an object's prototype", '{"__proto__":{"RetCode":171},"constructor":1,"RetCode":0,"N":1}'],
  ];
  for (const [name, body, headers] of readable) {
    it(`takes ${name}`, async () => {
      const answer = (await callBytes(writeAnswer(body, headers))) as { N: number };
      assert.equal(answer.N, 1);
    });
  }

  it("keeps text of any language", async () => {
    const answer = await callBytes(writeAnswer('{"RetCode":0,"Name":"备份é😀"}'));
    assert.deepEqual(answer, { RetCode: 0, Name: "备份é😀" });
  });

  const cut = /\(\w+\)\. 2 attempts/;
  const unreadable: [name: string, bytes: string, code: string, what: RegExp][] = [
    ["a web page", writeAnswer("<!DOCTYPE html><p>"), "BadResponse", /is a web page, not JSON\. 1 attempt\./],
    ["a sentence", writeAnswer("It works!"), "BadResponse", /is not a JSON object\. 1 attempt\./],
    ["a JSON list", writeAnswer('[{"RetCode":0}]'), "BadResponse", /is not a JSON object\. 1 attempt\./],
    ["null", writeAnswer("null"), "BadResponse", /is not a JSON object\. 1 attempt\./],
    ["no RetCode", writeAnswer('{"DataSet":[]}'), "BadResponse", /holds no RetCode\. 1 attempt\./],
    ["a RetCode of null", writeAnswer('{"RetCode":null}'), "BadResponse", /holds no RetCode\. 1 attempt\./],
    ["a prototype's RetCode", writeAnswer('{"__proto__":{"RetCode":0}}'), "BadResponse", /no RetCode\. 1 a/],
    ["an empty body", writeAnswer(""), "BadResponse", /is empty\. 2 attempts\./],
    ["a body of blanks", writeAnswer(" \n"), "BadResponse", /is empty\. 2 attempts\./],
    [
      "JSON that is cut short",
      writeAnswer('{"RetCode":0,"Da'),
      "BadResponse",
      /looks cut short\. 2 attempts\./,
    ],
    ["a body shorter than announced", writeAnswer("{", ["Content-Length: 9"]), "Unavailable", cut],
    ["a chunk without end", writeAnswer("ff\r\n{", ["Transfer-Encoding: chunked"]), "Unavailable", cut],
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "Unavailable", /did not get through \(HPE_\w+\)\. 2 attempts/],
    ["nothing", "", "Unavailable", cut],
  ];
  for (const [name, bytes, code, what] of unreadable) {
    it(`fails after ${name}, and retries only if that may help`, async () => {
      await assert.rejects(callBytes(bytes, 1), (error: RedisBackupError) => {
        assert.equal(error.code, code);
        assert.match(error.message, what);
        assert.ok(error.message.startsWith(`[${code}] ${ACTION} failed: `));
        return true;
      });
    });
  }
});

describe("client: RetCodes and ids", () => {
  const open = useServers();
  const numbers = ["0.4", "-0.4", "1e-7", "9007199254740993.5"];
  for (const code of [...numbers, '"0.0"', '"00"', '" 0"', '""', '"none"', "true", "[0]", "{}"]) {
    it(`are not successful with a RetCode of ${code}`, async () => {
      await assert.rejects(callBytes(writeAnswer(`{"RetCode":${code},"DataSet":[]}`)), {
        code: "BadResponse",
        message: /the answer holds no RetCode that is a whole number\. 1 attempt/,
      });
    });
  }

  it("keep every digit of an id that is a number, and ignore a number that is not exact", async () => {
    const ids = ["9007199254740993", "12345678901234567890", "42", "1e21", "1.5"];
    const dataSet = ids.map(
      (id) => `{"BackupId":${id},"State":"Success","BackupTime":1700000000,"GroupId":"g"}`,
    );
    const server = await open(
      serveBytes(writeAnswer(`{"RetCode":0,"TotalCount":${ids.length},"DataSet":[${dataSet.join()}]}`)),
    );
    const api = createRedisBackupApi(connect(server));
    const { rows } = await api.listURedisBackups({ region: "r", groupId: "g" }, { offset: 0, limit: 100 });
    assert.deepEqual(
      rows.map(({ backupId, usable }) => [backupId, usable]),
      [
        ["9007199254740993", true],
        ["12345678901234567890", true],
        ["42", true],
        ["", false],
        ["", false],
      ],
    );
  });
});

describe("client: answers that are too large", () => {
  const simulator = useSimulator();
  const call = (): Promise<unknown> =>
    connect(simulator(), { maxRetries: 3 }).call("DescribeURedisBackup", {
      Region: demo.region,
      RegionType: "normal",
      Limit: 1,
    });

  it("are read up to exactly 32 MiB", async () => {
    simulator().injectFault({ kind: "hugeBody", bytes: MAX_ANSWER_BYTES });
    await call();
  });

  it("are refused by their Content-Length, before the body comes", async () => {
    // The rest of the body never comes, so waiting for it would end in a timeout.
    simulator().injectFault({
      kind: "raw",
      body: "{",
      headers: { "Content-Length": String(MAX_ANSWER_BYTES + 1) },
    });
    await assert.rejects(call(), { code: "BadResponse", message: /larger than 32 MiB/ });
  });

  for (const unit of ["{},", "[", '{"a":']) {
    it(`are refused without parsing if they consist of ${unit}${unit}…`, async () => {
      simulator().injectFault({
        kind: "raw",
        body: `{"RetCode":0,"DataSet":[${unit.repeat((MAX_ANSWER_BYTES - 40) / unit.length)}`,
      });
      const before = process.cpuUsage();
      await assert.rejects(call(), {
        code: "BadResponse",
        message: /the answer has more parts than can be right\. 1 attempt/,
      });
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
    });
  }

  it("are refused if a small one unpacks to more than that", async () => {
    const packed = gzipSync(Buffer.alloc(MAX_ANSWER_BYTES + 1, " "));
    const headers = { "Content-Encoding": "gzip" };
    simulator().injectFault({ kind: "raw", body: packed, headers });
    await assert.rejects(call(), { code: "BadResponse", message: /larger than 32 MiB/ });
  });
});

describe("client: redirects", () => {
  const open = useServers();
  let target: Loopback;
  let asked: number;
  beforeEach(async () => {
    asked = 0;
    target = await serveHttp((_request, response) => {
      asked += 1;
      response.end('{"RetCode":0}');
    });
  });
  afterEach(() => target.close());

  for (const status of [300, 301, 302, 303, 307, 308]) {
    it(`are refused with HTTP ${status}, and their target is neither requested nor shown`, async () => {
      const simulator = await open(startSimulator());
      const location = `${target.url}/?Signature=abc`;
      simulator.injectFault({ kind: "redirect", status, location });
      await assert.rejects(
        connect(simulator, { maxRetries: 3 }).call(ACTION, {}),
        (error: RedisBackupError) => {
          assert.equal(error.code, "BadResponse");
          assert.match(error.message, /redirects are not followed\. 1 attempt, request uuid/);
          assert.ok(!error.message.includes("Signature") && !error.message.includes("127.0.0.1"));
          return true;
        },
      );
      assert.equal(asked, 0);
      assert.equal(simulator.requests.length, 1);
    });
  }
});
