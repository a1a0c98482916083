import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { removePlainResult, toSnakeCase } from "../../tools/sdk/plainResults";
import { repositoryRoot } from "../../tools/repository";

const javaSources = "sdk/java/src/main/java/io/github/pulumiucloudredis/ucloudredis";
const NAME = "getURedisBackups";
/** As the functions with secret results, it has arguments that are required. */
const JAVA_NAME = "getUMemBackups";

/** The generators' text of a function whose results are not secret. */
const generated = {
  go: read(`sdk/go/ucloudredis/${NAME}.go`),
  python: read("sdk/python/pulumi_ucloud_redis/get_u_redis_backups.py"),
  dotnet: read("sdk/dotnet/GetURedisBackups.cs"),
  java: read(`${javaSources}/UcloudredisFunctions.java`),
} as const;

function read(name: string): string {
  return fs.readFileSync(path.join(repositoryRoot, name), "utf8");
}

/** The names that a text declares. */
function listNames(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

describe("the variants of functions that return plain results", () => {
  it("are removed for Go, and their comment goes to the variant that returns an output", () => {
    const text = removePlainResult("go", NAME, generated.go);
    const pattern = /^(?:func|type) (\w*Backups\w*)/gm;
    const [plain, ...others] = listNames(pattern, generated.go);
    assert.equal(plain, "GetURedisBackups");
    assert.deepEqual(listNames(pattern, text), others);
    assert.match(text, /^\/\/ Lists (?:.*\n)(?:\/\/.*\n)+func GetURedisBackupsOutput\(/m);
    assert.equal(text.split("// Lists ").length, 2);
  });

  it("are removed for Python, with the class of their result", () => {
    const text = removePlainResult("python", NAME, generated.python);
    const pattern = /^(?:def|class) (\w+)|^ {4}'(?=\w+',$)/gm;
    assert.equal(listNames(pattern, generated.python).length - listNames(pattern, text).length, 4);
    assert.deepEqual(listNames(/^(?:def|class) (\w+)/gm, text), [
      "GetURedisBackupsResult",
      "get_u_redis_backups_output",
    ]);
    assert.match(
      text,
      /^__all__ = \[\n {4}'GetURedisBackupsResult',\n {4}'get_u_redis_backups_output',\n\]$/m,
    );
  });

  it("are removed for .NET, with the class of their arguments", () => {
    const text = removePlainResult("dotnet", NAME, generated.dotnet);
    const pattern = /public (?:static|sealed) (?:class|Task<\w+>|Output<\w+>) (\w+)/g;
    assert.deepEqual(listNames(pattern, text), [
      ...["GetURedisBackups", "Invoke", "Invoke"],
      ...["GetURedisBackupsInvokeArgs", "GetURedisBackupsResult"],
    ]);
    assert.ok(listNames(pattern, generated.dotnet).includes("GetURedisBackupsArgs"));
  });

  it("are removed for Java, and those of other functions stay", () => {
    const text = removePlainResult("java", JAVA_NAME, generated.java);
    const pattern = /^ {4}public static \S+ (\w+)\(/gm;
    assert.deepEqual(
      listNames(pattern, text),
      listNames(pattern, generated.java).filter((name) => name !== "getUMemBackupsPlain"),
    );
    assert.ok(listNames(pattern, text).includes("getURedisBackupsPlain"));
    assert.doesNotMatch(text, /GetUMemBackupsPlainArgs/);
  });

  for (const language of ["go", "python", "dotnet", "java"] as const) {
    it(`fail the generation if the generator for ${language} makes something else`, () => {
      const name = language === "java" ? JAVA_NAME : NAME;
      const text = removePlainResult(language, name, generated[language]);
      assert.throws(() => removePlainResult(language, name, text), /Adapt tools\/sdk\/plainResults\.ts/);
    });
  }

  it("are named in docs/functions.md, for those who let Pulumi generate an SDK", () => {
    const [, section = ""] = read("docs/functions.md").split("**Not secret: ");
    const [paragraph = ""] = section.split("\n\n");
    assert.match(paragraph, /`pulumi package add`/);
    assert.deepEqual(
      [...paragraph.matchAll(/`(get[\w.]+)` in (\w+#?)/gi)].map(([, name, language]) => [language, name]),
      [
        ["TypeScript", "getURedisBackupUrl"],
        ["Python", "get_u_redis_backup_url"],
        ["C#", "GetURedisBackupUrl.InvokeAsync"],
        ["Java", "getURedisBackupUrlPlain"],
      ],
    );
  });

  it("have names in Python as Pulumi writes them", () => {
    assert.equal(toSnakeCase("getUMemBackupUrls"), "get_u_mem_backup_urls");
    assert.equal(toSnakeCase("getRedisBackupReport"), "get_redis_backup_report");
    assert.equal(toSnakeCase("groupId"), "group_id");
  });
});
