import assert from "node:assert/strict";
import { createDatabaseWriter } from "../../provider/ucloud/databaseWriter";
import type { DatabaseAddress } from "../../provider/ucloud/databases";
import { KEYS, serveHttp, useServers } from "../support/loopback";
import { openWriter } from "./openWriter";

const ADDRESS: DatabaseAddress = {
  kind: "uredis",
  region: "r",
  projectId: undefined,
  zone: "r-01",
  id: "uredis-1",
};

describe("writer: secrets that are echoed", () => {
  const open = useServers();
  // Short ones too: their base64 has fewer characters than a part that is recognised by itself.
  for (const password of ["abc-12", "Abcdef_123", "pass word&+/=ü", "x".repeat(36)]) {
    const base64 = Buffer.from(password).toString("base64");
    const spellings = [password, encodeURIComponent(password), base64, encodeURIComponent(base64)];
    for (const [name, answer] of [
      ["refusal", (message: string) => ({ RetCode: 230, Message: message })],
      ["unknown outcome", (message: string) => ({ RetCode: 110, Message: message })],
    ] as const) {
      it(`are not in the error of a ${name} (${password.length} characters)`, async () => {
        const server = await open(
          serveHttp((request, response) => {
            let body = "";
            request.setEncoding("utf8").on("data", (text: string) => (body += text));
            request.on("end", () => {
              response.setHeader("X-UCLOUD-REQUEST-UUID", base64);
              response.end(JSON.stringify(answer(`${spellings.join(" | ")} | ${body}`)));
            });
          }),
        );
        const writer = createDatabaseWriter(openWriter(server.url));
        const outcome = await writer.setPassword(ADDRESS, password);
        assert.ok(outcome.kind !== "accepted");
        const { message } = outcome.error;
        assert.match(message, /\[redacted\]/);
        assert.match(message, /GroupId uredis-1/);
        for (const secret of [...spellings, KEYS.privateKey, KEYS.publicKey]) {
          assert.ok(!message.includes(secret), secret);
        }
      });
    }
  }
});
