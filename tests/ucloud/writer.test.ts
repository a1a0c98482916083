import assert from "node:assert/strict";
import { MIN_ANSWER_SECONDS, resolveAnswerSeconds } from "../../provider/ucloud/writer";
import type { Fault } from "../../simulator";
import { createInstantClock } from "../support/fakeClock";
import {
  findClosedPort,
  KEYS,
  serveBytes,
  serveHttp,
  useServers,
  useSimulator,
  writeAnswer,
} from "../support/loopback";
import { describeOutcome, openWriter } from "./openWriter";

const ACTION = "CreateURedisGroup";
const PARAMETERS = { Region: "r", Name: "restored" };

describe("writer: one outcome for each answer", () => {
  const answers: [name: string, bytes: string, expected: string][] = [
    ["RetCode 0", writeAnswer('{"RetCode":0,"GroupId":"g"}'), "accepted"],
    ["RetCode 0 as text", writeAnswer('{"RetCode":"0"}'), "accepted"],
    ...[110, 130, 150, 20003, 20016, 20102, 20202, 20206].map((retCode): [string, string, string] => [
      `RetCode ${retCode}`,
      writeAnswer(`{"RetCode":${retCode}}`),
      "unknown Unavailable",
    ]),
    ...[20200, 20203, 20002, 20103, 20201, 20205].map((retCode): [string, string, string] => [
      `RetCode ${retCode}`,
      writeAnswer(`{"RetCode":${retCode}}`),
      "refused ApiError, try later",
    ]),
    ["RetCode 153", writeAnswer('{"RetCode":153}'), "refused Throttled, try later"],
    ["RetCode 171", writeAnswer('{"RetCode":171}'), "refused Unauthorized"],
    ["RetCode 292", writeAnswer('{"RetCode":292}'), "refused NotFound"],
    ["RetCode 299", writeAnswer('{"RetCode":299}'), "refused Forbidden"],
    ["RetCode 230", writeAnswer('{"RetCode":230}'), "refused ApiError"],
    ...[
      20000, 20001, 20010, 20011, 20012, 20013, 20015, 20100, 20101, 20104, 20204, 20207, 20208, 8000, -1,
    ].map((retCode): [string, string, string] => [
      `RetCode ${retCode}`,
      writeAnswer(`{"RetCode":${retCode}}`),
      "refused ApiError",
    ]),
    ["an empty body", writeAnswer(""), "unknown BadResponse"],
    ["blanks", writeAnswer(" \n"), "unknown BadResponse"],
    ["a web page", writeAnswer("<html>"), "unknown BadResponse"],
    ["a sentence", writeAnswer("ok"), "unknown BadResponse"],
    ["null", writeAnswer("null"), "unknown BadResponse"],
    ["a list", writeAnswer('[{"RetCode":0}]'), "unknown BadResponse"],
    ["no RetCode", writeAnswer('{"GroupId":"g"}'), "unknown BadResponse"],
    ["RetCode null", writeAnswer('{"RetCode":null}'), "unknown BadResponse"],
    ["RetCode 0.4", writeAnswer('{"RetCode":0.4}'), "unknown BadResponse"],
    ["JSON that is cut", writeAnswer('{"RetCode":0,"Gro'), "unknown BadResponse"],
    ["a body that is cut", writeAnswer('{"RetCode":0', ["Content-Length: 99"]), "unknown Unavailable"],
    [
      "a whole JSON in a body that is cut",
      writeAnswer('{"RetCode":0}', ["Content-Length: 99"]),
      "unknown Unavailable",
    ],
    ["a head that is cut", "HTTP/1.1 200 OK\r\nContent-Le", "unknown Unavailable"],
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "unknown Unavailable"],
    ["a connection that is closed", "", "unknown Unavailable"],
    ["an answer that is too large", writeAnswer("{", ["Content-Length: 33554433"]), "unknown BadResponse"],
  ];
  for (const [name, bytes, expected] of answers) {
    it(`is "${expected}" for ${name}, sent once`, async () => {
      const server = await serveBytes(bytes);
      try {
        const outcome = await openWriter(server.url).send(ACTION, PARAMETERS);
        assert.equal(describeOutcome(outcome), expected);
        assert.equal(server.connections(), 1);
      } finally {
        await server.close();
      }
    });
  }
});

describe("writer: one outcome for each status", () => {
  const simulator = useSimulator();
  const statuses: [status: number, body: string, expected: string][] = [
    [200, '{"RetCode":0}', "accepted"],
    [201, '{"RetCode":0}', "unknown ApiError"],
    [204, "", "unknown ApiError"],
    ...[300, 301, 302, 303, 307, 308].map((status): [number, string, string] => [
      status,
      "",
      "unknown BadResponse",
    ]),
    [400, "", "refused ApiError"],
    [400, '{"RetCode":0}', "unknown ApiError"],
    [401, "", "refused Unauthorized"],
    [403, "<html>", "refused Forbidden"],
    [404, "", "refused NotFound"],
    [407, "", "refused Unavailable"],
    [408, "", "unknown ApiError"],
    [408, '{"RetCode":9999}', "unknown ApiError"],
    [413, '{"RetCode":9999}', "refused ApiError"],
    [429, "", "refused Throttled, try later"],
    [429, '{"RetCode":9999}', "refused Throttled, try later"],
    [429, '{"RetCode":0}', "unknown Throttled"],
    ...[500, 502, 503, 504, 520].map((status): [number, string, string] => [
      status,
      "<html>",
      "unknown Unavailable",
    ]),
    [500, '{"RetCode":0}', "unknown Unavailable"],
    [503, '{"RetCode":9999}', "unknown Unavailable"],
    [503, '{"RetCode":171}', "refused Unauthorized"],
    [400, '{"RetCode":110}', "unknown Unavailable"],
    [200, '{"RetCode":9999}', "refused ApiError"],
  ];
  for (const [status, body, expected] of statuses) {
    it(`is "${expected}" for HTTP ${status} with "${body}", sent once`, async () => {
      simulator().injectFault({ kind: "status", status, body, times: Infinity });
      const outcome = await openWriter(simulator().url).send(ACTION, PARAMETERS);
      assert.equal(describeOutcome(outcome), expected);
      assert.equal(simulator().requests.length, 1);
    });
  }
});

/** A fault without how often it occurs. */
type FaultKind = Fault extends infer Each ? (Each extends Fault ? Omit<Each, "times"> : never) : never;

describe("writer: sending again", () => {
  const simulator = useSimulator();
  const open = useServers();

  const never: [name: string, fault: FaultKind][] = [
    ["RetCode 110", { kind: "retCode", retCode: 110 }],
    ["RetCode 150", { kind: "retCode", retCode: 150 }],
    ["RetCode 20200, which says try later", { kind: "retCode", retCode: 20200 }],
    ["HTTP 502", { kind: "status", status: 502 }],
    ["HTTP 503 with Retry-After", { kind: "status", status: 503, retryAfter: "1" }],
    ["a redirect", { kind: "redirect", location: "http://127.0.0.1:1/" }],
    ["a reset", { kind: "reset" }],
    ["a body that is cut", { kind: "cutBody", afterBytes: 5 }],
    ["a web page", { kind: "html" }],
  ];
  for (const [name, fault] of never) {
    it(`never follows ${name}`, async () => {
      simulator().injectFault({ ...fault, times: Infinity });
      const outcome = await openWriter(simulator().url, { maxRetries: 5 }).send(ACTION, PARAMETERS);
      assert.notEqual(outcome.kind, "accepted");
      assert.equal(simulator().requests.length, 1);
    });
  }

  for (const [name, fault] of [
    ["RetCode 153", { kind: "retCode", retCode: 153 }],
    ["HTTP 429", { kind: "status", status: 429 }],
  ] as const) {
    it(`follows ${name}, each signed afresh, until it is accepted`, async () => {
      const bodies: string[] = [];
      const server = await open(
        serveHttp((request, response) => {
          request.setEncoding("utf8").on("data", (text: string) => bodies.push(text));
          request.on("end", () => {
            if (bodies.length > 2) response.end('{"RetCode":0}');
            else if (fault.kind === "status") response.writeHead(429).end();
            else response.end('{"RetCode":153}');
          });
        }),
      );
      const clock = createInstantClock({ chance: 0.5 });
      const outcome = await openWriter(server.url, { maxRetries: 2, clock }).send(ACTION, PARAMETERS);
      assert.equal(outcome.kind, "accepted");
      assert.equal(bodies.length, 3);
      assert.ok(bodies.every((body) => /(?:^|&)Signature=[0-9a-f]{40}$/.test(body)));
      assert.equal(server.connections(), 3);
      assert.ok(clock.slept.includes(250) && clock.slept.includes(500), clock.slept.join());
    });

    it(`after ${name} ends with maxRetries, also with 0, and is then for later`, async () => {
      for (const maxRetries of [0, 2]) {
        simulator().clearFaults();
        simulator().injectFault({ ...fault, times: Infinity });
        const before = simulator().requests.length;
        const outcome = await openWriter(simulator().url, { maxRetries }).send(ACTION, PARAMETERS);
        assert.equal(describeOutcome(outcome), "refused Throttled, try later");
        assert.equal(simulator().requests.length - before, maxRetries + 1);
      }
    });
  }

  it("waits as long as Retry-After says, and not at all beyond a minute", async () => {
    for (const [retryAfter, requests] of [
      ["7", 2],
      ["3600", 1],
    ] as const) {
      simulator().clearFaults();
      simulator().injectFault({ kind: "status", status: 429, retryAfter });
      simulator().injectFault({ kind: "json", body: { RetCode: 0 } });
      const clock = createInstantClock({ chance: 0 });
      const before = simulator().requests.length;
      await openWriter(simulator().url, { maxRetries: 3, clock }).send(ACTION, PARAMETERS);
      assert.equal(simulator().requests.length - before, requests);
      if (requests === 2) assert.ok(clock.now() >= 7000);
    }
  });

  it("follows a connection that was refused, and the outcome is refused in the end", async () => {
    const clock = createInstantClock();
    const writer = openWriter(`http://127.0.0.1:${await findClosedPort()}`, { maxRetries: 2, clock });
    const outcome = await writer.send(ACTION, PARAMETERS);
    assert.equal(describeOutcome(outcome), "refused Unavailable");
    assert.ok(outcome.kind === "refused" && outcome.retCode === undefined);
    assert.match(
      outcome.error.message,
      /failed: the connection was refused \(ECONNREFUSED\)\. 3 attempts at/,
    );
    assert.equal(clock.slept.length, 2);
  });
});

describe("writer: patience", () => {
  it("is at least 75 s for an answer, and more if timeoutSeconds is", () => {
    const options = {
      baseUrl: "http://a",
      credentials: KEYS,
      maxRetries: 0,
      maxConcurrency: 1,
      version: "1",
    };
    assert.equal(MIN_ANSWER_SECONDS, 75);
    assert.equal(resolveAnswerSeconds({ ...options, timeoutSeconds: 30 }), 75);
    assert.equal(resolveAnswerSeconds({ ...options, timeoutSeconds: 90 }), 90);
  });
});
