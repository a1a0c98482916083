/**
 * Pulumi's encoding of property values in `google.protobuf.Struct`: plain JSON, secrets as marked objects, unknown
 * values as reserved strings. Source: Pulumi's `sdk/proto` documentation and `sdk/go/common/resource/plugin/rpc.go`.
 */

import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { RedisBackupError } from "../ucloud/errors";
import { writeInvokeReturn, writeStruct } from "./propertyWriter";
import { isUnknownString, UNKNOWN_STRING } from "../engine/unknowns";

/** A property value after decoding; objects hold only their own keys, whatever those are called. */
export type PropertyValue =
  null | boolean | number | string | Unknown | Secret | readonly PropertyValue[] | PropertyMap;

/** Property values by name. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** A value that is not known before the deployment. What it is of goes back to Pulumi as it came. */
export class Unknown {
  constructor(readonly sentinel: string) {}
}

/** A value that Pulumi encrypts in state and hides in its output. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** An unknown string, or an unknown value of a kind that does not matter. */
export const UNKNOWN = new Unknown(UNKNOWN_STRING);

/** How deep values may be nested. None that is of use here is; the stack has to hold all levels. */
const MAX_DEPTH = 100;

/**
 * Decodes a message's properties. No message counts as no properties.
 *
 * @throws RedisBackupError `InvalidArgument` when they are nested deeper than anything is
 */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  return decodeStruct(struct, 0);
}

/**
 * Encodes properties; undefined ones are left out. Halves of surrogate pairs, which the API's JSON may hold and UTF-8
 * cannot, become `U+FFFD`: the engine refuses a whole message because of one.
 */
export function encodeProperties(properties: object): Struct {
  return Struct.deserializeBinary(writeStruct(properties, mark));
}

/** The bytes of an `InvokeResponse` whose `return` are these properties, encoded as {@link encodeProperties} does. */
export function encodeInvokeReturn(properties: object): Uint8Array {
  return writeInvokeReturn(properties, mark);
}

/** The values themselves, with the marks of secrets taken off at every depth. */
export function revealSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return revealSecrets(value.value);
  if (Array.isArray(value)) return value.map(revealSecrets);
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revealSecrets(each)]));
}

/** Whether a value is not known yet, or holds one that is not, at any depth. */
export function isUnknownWithin(value: PropertyValue): boolean {
  return value instanceof Unknown || getParts(value).some(isUnknownWithin);
}

/** Whether a value is a secret, or holds one, at any depth. */
export function isSecretWithin(value: PropertyValue): boolean {
  return value instanceof Secret || getParts(value).some(isSecretWithin);
}

function getParts(value: PropertyValue): readonly PropertyValue[] {
  if (value instanceof Secret) return [value.value];
  if (Array.isArray(value)) return value as readonly PropertyValue[];
  return isPropertyMap(value) ? Object.values(value) : [];
}

function isPropertyMap(value: PropertyValue): value is PropertyMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof Secret) && !(value instanceof Unknown);
}

function decodeStruct(struct: Struct | undefined, depth: number): PropertyMap {
  const entries: [string, PropertyValue][] = [];
  struct?.getFieldsMap().forEach((value, name) => entries.push([name, decodeValue(value, depth + 1)]));
  return Object.fromEntries(entries);
}

function decodeValue(value: Value, depth: number): PropertyValue {
  if (depth > MAX_DEPTH) {
    const text = `A value is nested more than ${MAX_DEPTH} levels deep, and none has to be.`;
    throw new RedisBackupError("InvalidArgument", text);
  }
  switch (value.getKindCase()) {
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return isUnknownString(text) ? new Unknown(text) : text;
    }
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map((item) => decodeValue(item, depth + 1));
    case Value.KindCase.STRUCT_VALUE: {
      const properties = decodeStruct(value.getStructValue(), depth);
      const isSecret =
        Object.hasOwn(properties, SIGNATURE_KEY) && properties[SIGNATURE_KEY] === SECRET_SIGNATURE;
      return isSecret ? new Secret(properties["value"] ?? null) : properties;
    }
    default:
      return null;
  }
}

/** What the marked values are in a message. */
function mark(value: object): unknown {
  if (value instanceof Unknown) return value.sentinel;
  return value instanceof Secret ? { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value } : value;
}
