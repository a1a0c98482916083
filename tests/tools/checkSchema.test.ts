import assert from "node:assert/strict";
import { compareVersions } from "../../tools/checkSchema";

describe("the version check", () => {
  const schema = (version?: string) => JSON.stringify({ name: "ucloud-redis", version });
  const manifest = (version: string, plugin?: string) =>
    JSON.stringify({ version, pulumi: { version: plugin } });

  it("is content when all three agree", () => {
    assert.deepEqual(compareVersions(schema("1.2.3"), manifest("1.2.3", "1.2.3")), []);
  });

  it("names the schema, or the pulumi block, when it disagrees or says nothing", () => {
    const findings = (schemaJson: string, packageJson: string) =>
      compareVersions(schemaJson, packageJson).join("; ");
    assert.match(
      findings(schema("1.2.2"), manifest("1.2.3", "1.2.3")),
      /^provider\/schema\.json version is 1\.2\.2, /,
    );
    assert.match(
      findings(schema(), manifest("1.2.3", "1.2.3")),
      /^provider\/schema\.json version is missing/,
    );
    assert.match(
      findings(schema("1.2.3"), manifest("1.2.3", "1.2.4")),
      /^package\.json pulumi\.version is 1\.2\.4/,
    );
    assert.match(findings(schema("1.2.3"), manifest("1.2.3")), /^package\.json pulumi\.version is missing/);
    assert.equal(compareVersions(schema("1.2.3"), manifest("1.3.0", "1.2.3")).length, 2);
  });
});
