/**
 * Pulumi's encoding of property values in `google.protobuf.Struct`: plain JSON, secrets as marked objects, unknown
 * values as reserved strings. Source: Pulumi's `sdk/proto` documentation and `sdk/go/common/resource/plugin/rpc.go`.
 */

import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";

/** A property value after decoding; objects hold only their own keys, whatever those are called. */
export type PropertyValue =
  null | boolean | number | string | typeof UNKNOWN | Secret | readonly PropertyValue[] | PropertyMap;

/** Property values by name. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** A value that is not known before the deployment. */
export const UNKNOWN = Symbol("unknown");

/** A value that Pulumi encrypts in state and hides in its output. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What Pulumi sends for an unknown string, boolean, number, array, asset, archive or object. */
const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Decodes a message's properties. No message counts as no properties. */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  const entries: [string, PropertyValue][] = [];
  struct?.getFieldsMap().forEach((value, name) => entries.push([name, decodeValue(value)]));
  return Object.fromEntries(entries);
}

/** Encodes properties; undefined ones are left out. */
export function encodeProperties(properties: object): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [name, value] of Object.entries(properties) as [string, unknown][]) {
    if (value !== undefined) fields.set(name, encodeValue(value));
  }
  return struct;
}

/** The values themselves, with the marks of secrets taken off at every depth. */
export function revealSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return revealSecrets(value.value);
  if (Array.isArray(value)) return value.map(revealSecrets);
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revealSecrets(each)]));
}

function isPropertyMap(value: PropertyValue): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

function decodeValue(value: Value): PropertyValue {
  switch (value.getKindCase()) {
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return UNKNOWN_SENTINELS.has(text) ? UNKNOWN : text;
    }
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(decodeValue);
    case Value.KindCase.STRUCT_VALUE: {
      const properties = decodeProperties(value.getStructValue());
      const isSecret =
        Object.hasOwn(properties, SIGNATURE_KEY) && properties[SIGNATURE_KEY] === SECRET_SIGNATURE;
      return isSecret ? new Secret(properties["value"] ?? null) : properties;
    }
    default:
      return null;
  }
}

function encodeValue(value: unknown): Value {
  const encoded = new Value();
  if (value === null || value === undefined) encoded.setNullValue(NullValue.NULL_VALUE);
  else if (value === UNKNOWN) encoded.setStringValue(UNKNOWN_STRING);
  else if (typeof value === "string") encoded.setStringValue(value);
  else if (typeof value === "number") encoded.setNumberValue(value);
  else if (typeof value === "boolean") encoded.setBoolValue(value);
  else if (value instanceof Secret) {
    encoded.setStructValue(encodeProperties({ [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value }));
  } else if (Array.isArray(value)) {
    const list = new ListValue();
    list.setValuesList(value.map(encodeValue));
    encoded.setListValue(list);
  } else if (typeof value === "object") encoded.setStructValue(encodeProperties(value));
  else throw new TypeError(`A property cannot be a ${typeof value}.`);
  return encoded;
}
