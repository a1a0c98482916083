import assert from "node:assert/strict";
import { writeSchemaTypes } from "../../tools/sdk/schemaTypes";

const schema = {
  types: {
    "pkg:index:State": { type: "string", enum: [{ value: "Done" }, { value: "Failed" }] },
    "pkg:index:Backup": {
      properties: {
        id: { type: "string" },
        blocks: { type: "array", items: { type: "integer" } },
        labels: { type: "object", additionalProperties: { type: "string" } },
        state: { $ref: "#/types/pkg:index:State" },
      },
      required: ["id"],
    },
  },
  resources: {
    "pkg:index:Copy": {
      inputProperties: { of: { type: "string" }, isFast: { type: "boolean" } },
      requiredInputs: ["of"],
      properties: { of: { type: "string" }, backup: { $ref: "#/types/pkg:index:Backup" } },
      required: ["backup"],
    },
    "pkg:index:Backup": { inputProperties: {}, properties: { size: { type: "number" } } },
  },
  functions: {
    "pkg:index:getBackups": {
      inputs: { properties: { isWhole: { type: "boolean" } } },
      outputs: {
        properties: { backups: { type: "array", items: { $ref: "#/types/pkg:index:Backup" } } },
        required: ["backups"],
      },
    },
  },
};

const EXPECTED = `
export interface Backup {
  readonly blocks?: readonly number[];
  readonly id: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: State;
}

export interface BackupArgs {}

export interface BackupOutputs {
  readonly size?: number;
}

export interface CopyArgs {
  readonly isFast?: boolean;
  readonly of: string;
}

export interface CopyOutputs {
  readonly backup: Backup;
  readonly of?: string;
}

export interface GetBackupsArgs {
  readonly isWhole?: boolean;
}

export interface GetBackupsResult {
  readonly backups: readonly Backup[];
}

export type State = "Done" | "Failed";
`;

describe("the types made from the schema", () => {
  it("are read-only, optional unless required, and sorted", async () => {
    const [header, ...rest] = (await writeSchemaTypes(schema, "provider/schemaTypes.ts")).split("\n");
    assert.match(header ?? "", /^\/\/ Generated from schema\.json/);
    assert.equal(rest.join("\n"), EXPECTED);
  });

  it("refuse a kind of type that they have no form for", async () => {
    for (const type of [{ type: "null" }, {}, { type: "array" }, { type: "object" }]) {
      const types = { "pkg:index:A": { properties: { a: type } } };
      await assert.rejects(
        writeSchemaTypes({ types, resources: {}, functions: {} }, "types.ts"),
        /cannot write/,
      );
    }
  });
});
