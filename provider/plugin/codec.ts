/**
 * Pulumi's encoding of property values in `google.protobuf.Struct`: plain JSON, secrets as objects with a
 * signature, unknown values as reserved strings (see engine/unknowns.ts), which pass through here unchanged.
 * Source: Pulumi's `sdk/proto` documentation and `sdk/go/common/resource/plugin/rpc.go`.
 */

import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { RedisBackupError } from "../ucloud/errors";
import { type LongMessage, prepareInvokeReturn, writeStruct } from "./propertyWriter";

/** A property value after decoding. Objects have only own properties, whatever those are called. */
export type PropertyValue =
  null | boolean | number | string | Secret | readonly PropertyValue[] | PropertyMap;

/** Property values by name. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** A value that Pulumi encrypts in state and hides in its output. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** How deep values may be nested. Decoding is recursive, and no argument or setting needs more. */
const MAX_DEPTH = 100;

/**
 * Decodes a message's properties. A missing message has no properties.
 *
 * @throws RedisBackupError `InvalidArgument` when they are nested more than {@link MAX_DEPTH} levels deep
 */
export function decodeProperties(struct: Struct | undefined): PropertyMap {
  return decodeStruct(struct, 0);
}

/**
 * Encodes properties; undefined ones are left out. Lone surrogates, which the API's JSON may contain and
 * UTF-8 cannot, become `U+FFFD`: one of them would make the engine refuse the whole message.
 */
export function encodeProperties(properties: object): Struct {
  return Struct.deserializeBinary(writeStruct(properties, wrapSecret));
}

/**
 * The bytes of an `InvokeResponse` whose `return` are these properties, encoded as {@link encodeProperties}
 * does. Many bytes are written later, when gRPC copies them.
 */
export function encodeInvokeReturn(properties: object): Uint8Array | LongMessage {
  return prepareInvokeReturn(properties, wrapSecret);
}

/** The value without secret marks, at any depth. */
export function revealSecrets(value: PropertyValue): PropertyValue {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Secret) return revealSecrets(value.value);
  return Array.isArray(value) ? value.map(revealSecrets) : revealProperties(value as PropertyMap);
}

/** The properties without secret marks, at any depth. */
export function revealProperties(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, revealSecrets(value)]));
}

/** Whether a value is a secret or contains one, at any depth. */
export function isSecretWithin(value: PropertyValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Secret || Object.values<PropertyValue>(value as PropertyMap).some(isSecretWithin);
}

function decodeStruct(struct: Struct | undefined, depth: number): PropertyMap {
  const entries: [string, PropertyValue][] = [];
  struct?.getFieldsMap().forEach((value, name) => entries.push([name, decodeValue(value, depth + 1)]));
  return Object.fromEntries(entries);
}

function decodeValue(value: Value, depth: number): PropertyValue {
  if (depth > MAX_DEPTH) {
    throw new RedisBackupError("InvalidArgument", `A value is nested more than ${MAX_DEPTH} levels deep.`);
  }
  switch (value.getKindCase()) {
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
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

/** The form of a value in a message, where it is not the value itself. */
function wrapSecret(value: object): unknown {
  return value instanceof Secret ? { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value } : value;
}
