import assert from "node:assert/strict";
import path from "node:path";
import schema from "../../provider/schema.json";
import { explainRetCode } from "../../provider/ucloud/retCodes";
import { decideRetry } from "../../provider/ucloud/retry";
import { resolveSettings } from "../../provider/ucloud/settings";
import { SETTING_NAMES, SettingReader } from "../../provider/ucloud/settingSources";
import { startSimulator } from "../../simulator";
import { describeSimulator } from "../../simulator/printedFleet";
import { repositoryRoot } from "../../tools/repository";
import { listNames, readPage, readTable } from "../support/markdown";
import { readUnion } from "./typeCheck";

const functions = readPage("docs/functions.md");
const pins = readPage("docs/pins.md");
const resources = readPage("docs/resources.md");

type ResourceToken = keyof typeof schema.resources;
const resourceTokens = Object.keys(schema.resources) as ResourceToken[];
const pinTokens = resourceTokens.filter((token) => token.endsWith("Pin"));
const writingTokens = resourceTokens.filter((token) => !token.endsWith("Pin"));

/** Nothing but the defaults. */
const nowhere = { env: {}, home: "/nowhere", readFile: () => undefined };

for (const page of ["README.md", "docs/installation-configuration.md"].map(readPage)) {
  describe(`the settings in ${page.name}`, () => {
    const rows = readTable(page, "Setting");
    const [heading = ""] = /^\| Setting.*$/m.exec(page.text) ?? [];
    const defaultColumn = heading
      .split("|")
      .slice(1)
      .findIndex((cell) => cell.trim() === "Default");

    it("are those of the schema and the code", () => {
      const names = rows.map(([name = ""]) => name.replaceAll("`", ""));
      assert.deepEqual(names, Object.keys(schema.config.variables));
      assert.deepEqual(names, [...SETTING_NAMES]);
    });

    it("have the environment variables that are read", () => {
      const documented = rows.map((row) => (row[1] ?? "").replaceAll("`", ""));
      assert.deepEqual(documented, SETTING_NAMES.map(findVariable));
    });

    it("have the defaults that are used", () => {
      const { baseUrl, maxRetries, timeoutSeconds, maxConcurrency } = resolveSettings({}, nowhere);
      for (const [name, value] of Object.entries({ baseUrl, maxRetries, timeoutSeconds, maxConcurrency })) {
        const row = rows.find(([cell]) => cell === `\`${name}\``);
        assert.equal(row?.[defaultColumn], `\`${value}\``, name);
      }
    });
  });
}

describe("the reference", () => {
  it("names every error code, and no other", () => {
    const documented = readTable(readPage("docs/errors.md"), "Code").map(([code = ""]) => listNames(code)[0]);
    const file = path.join(repositoryRoot, "provider", "ucloud", "errors.ts");
    assert.deepEqual(documented, readUnion(file, "ErrorCode"));
  });

  it("gives every RetCode the error code and the retries that it has", () => {
    const rows = readTable(readPage("docs/api.md"), "RetCode").filter(([codes]) => codes !== "Any other");
    for (const [codes = "", , outcome = ""] of rows) {
      for (const retCode of codes.split(", ")) {
        const { code = "ApiError", isRetryable = false } = explainRetCode(Number(retCode)) ?? {};
        assert.equal(outcome, `\`${code}\`${isRetryable ? ", retried" : ""}`, retCode);
      }
    }
  });

  it("names every function, and no other", () => {
    const documented = readTable(functions, "Function").map(([name = ""]) => listNames(name)[0]);
    assert.deepEqual(documented, listShortNames(Object.keys(schema.functions)));
  });

  it("names every pin, and how it is imported", () => {
    const named = [...new Set([...pins.text.matchAll(/`(\w+BackupPin)`/g)].map(([, name = ""]) => name))];
    assert.deepEqual(named.sort(), listShortNames(pinTokens).sort());
    for (const token of pinTokens) {
      const id = readImportId(token);
      assert.match(id, /^REGION\/.*\/BACKUPID$/, token);
      assert.ok(pins.text.includes(`pulumi import ${token} NAME ${id}`), token);
    }
  });

  it("names every resource that writes, and how it is imported", () => {
    const rows = readTable(resources, "Resource").map(([name = "", , id = ""]) => [listNames(name)[0], id]);
    const names = listShortNames(writingTokens);
    assert.deepEqual(
      rows,
      writingTokens.map((token, i) => [names[i], `\`${readImportId(token)}\``]),
    );
  });

  it("says of arguments of the restored databases only what a later change does", () => {
    const rows = readTable(resources, "Argument").map(([names = ""]) => names);
    assert.equal(rows.pop(), "any other");
    const documented = rows.flatMap(listNames);
    const known = listArguments(writingTokens.filter((token) => token.includes("Restored")));
    assert.deepEqual(
      documented.filter((name) => !known.includes(name)),
      [],
    );
  });

  it("gives the longest time a request takes with the defaults", () => {
    const { maxRetries, timeoutSeconds } = resolveSettings({}, nowhere);
    const failure = { code: "Unavailable", isRetryable: true, what: "", advice: "" } as const;
    let waitMs = 0;
    for (let attempt = 1; attempt <= maxRetries; attempt++) {
      waitMs += decideRetry({ failure, attempt, maxRetries, chance: 1 }) ?? 0;
    }
    const requests = (maxRetries + 1) * timeoutSeconds;
    const sum = `${maxRetries + 1} × ${timeoutSeconds} s + ${waitMs / 1000} s = ${requests + waitMs / 1000} s`;
    assert.ok(readPage("docs/faults.md").text.replaceAll(/\s+/g, " ").includes(sum), sum);
  });

  it("says how to unset every variable that the simulator prints", async () => {
    const simulator = await startSimulator();
    try {
      const exported = [...describeSimulator(simulator).matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
      assert.ok(exported.length > 0);
      assert.ok(
        readPage("docs/testing.md").text.includes(`unset ${exported.join(" ")}\n`),
        exported.join(" "),
      );
    } finally {
      await simulator.close();
    }
  });
});

/** The environment variable that is read for a setting; empty if there is none. */
function findVariable(name: (typeof SETTING_NAMES)[number]): string {
  const asked: string[] = [];
  const env = new Proxy({}, { get: (_, variable) => void asked.push(String(variable)) });
  new SettingReader({}, env).findText(name);
  return asked.join(" ");
}

/** The names that tokens end with. */
function listShortNames(tokens: readonly string[]): string[] {
  return tokens.map((token) => token.split(":").at(-1) ?? "");
}

function listArguments(tokens: readonly ResourceToken[]): string[] {
  return tokens.flatMap((token) => Object.keys(schema.resources[token].inputProperties));
}

/** The form of the id in the resource's description. */
function readImportId(token: ResourceToken): string {
  const { description } = schema.resources[token];
  return /^pulumi import \S+ \S+ (\S+)$/m.exec(description)?.[1] ?? "";
}
